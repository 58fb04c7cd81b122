export function saveDraft(key: string, draft: unknown) {
  try {
    window.localStorage.setItem(`draft:${key}`, JSON.stringify(draft)); // planted 3: personal-data-in-web-storage email
  } catch {
    // Storage may be full or switched off.
  }
}
