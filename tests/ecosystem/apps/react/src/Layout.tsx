import { NavLink, Outlet } from 'react-router'

export default function Layout() {
  return (
    <>
      <header>
        <nav>
          <NavLink to="/">Book</NavLink>
          <NavLink to="/insurance">Insurance</NavLink>
          <NavLink to="/callback">Call me back</NavLink>
        </nav>
      </header>
      <main>
        <Outlet />
      </main>
    </>
  )
}
