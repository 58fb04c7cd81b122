import { type Ref, watch } from 'vue'

export function useDraft<T>(key: string, draft: Ref<T>) {
  const stored = localStorage.getItem(key)
  if (stored !== null) draft.value = JSON.parse(stored)

  watch(
    draft,
    (value) => {
      localStorage.setItem(key, JSON.stringify(value)) // planted 3: personal-data-in-web-storage phone
    },
    { deep: true },
  )
}
