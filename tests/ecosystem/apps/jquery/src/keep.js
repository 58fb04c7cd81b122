export function keep(key, value) {
  sessionStorage.setItem(key, JSON.stringify({ value, at: Date.now() })) // planted 3: personal-data-in-web-storage phone
}
