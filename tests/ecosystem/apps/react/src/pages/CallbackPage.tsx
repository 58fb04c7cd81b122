import { type FormEvent, useState } from 'react'
import { useStoredState } from '../useStoredState'

export default function CallbackPage() {
  const [phone, setPhone] = useStoredState('callback-draft', '')
  const [theme, setTheme] = useStoredState('theme', 'light') // clean 3: theme
  const [sent, setSent] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    await fetch('/api/callbacks', { method: 'POST', body: JSON.stringify({ phone }) })
    setSent(true)
  }

  if (sent) return <p>We will call you.</p>

  return (
    <form onSubmit={submit} data-theme={theme}>
      <label>
        Number
        <input type="tel" name="phone" value={phone} onChange={(e) => setPhone(e.target.value)} />
      </label>
      <label>
        Colours
        <select name="theme" value={theme} onChange={(e) => setTheme(e.target.value)}>
          <option>light</option>
          <option>dark</option>
        </select>
      </label>
      <button>Send</button>
    </form>
  )
}
