interface Window {
  gtag: (...args: unknown[]) => void
}
