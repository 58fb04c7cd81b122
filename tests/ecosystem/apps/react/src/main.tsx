import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import './index.css'
import { BookingProvider } from './booking/context'
import Layout from './Layout'
import BookPage from './pages/BookPage'
import CallbackPage from './pages/CallbackPage'
import ConfirmPage from './pages/ConfirmPage'
import InsurancePage from './pages/InsurancePage'

const router = createBrowserRouter([
  {
    path: '/',
    element: <Layout />,
    children: [
      { index: true, element: <BookPage /> },
      { path: 'insurance', element: <InsurancePage /> },
      { path: 'callback', element: <CallbackPage /> },
      { path: 'confirm', element: <ConfirmPage /> },
    ],
  },
])

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <BookingProvider>
      <RouterProvider router={router} />
    </BookingProvider>
  </StrictMode>,
)
