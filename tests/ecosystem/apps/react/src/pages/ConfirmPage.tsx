import { useSearchParams } from 'react-router'

export default function ConfirmPage() {
  const [params] = useSearchParams()
  return <p>Thank you. {params.get('slot') ?? 'We will write to you with a time.'}</p>
}
