interface Window {
  fbq: (...args: unknown[]) => void
}
