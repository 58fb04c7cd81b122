import { useEffect, useState } from 'react'

export function useStoredState<T>(key: string, initial: T) {
  const [value, setValue] = useState<T>(() => {
    const stored = localStorage.getItem(key)
    return stored === null ? initial : (JSON.parse(stored) as T)
  })

  useEffect(() => {
    localStorage.setItem(key, JSON.stringify(value)) // planted 3: personal-data-in-web-storage phone
  }, [key, value])

  return [value, setValue] as const
}
