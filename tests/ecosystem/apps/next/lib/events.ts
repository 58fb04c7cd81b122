type Params = Record<string, string | number>;

declare global {
  interface Window {
    gtag: (...args: unknown[]) => void;
  }
}

export function trackEvent(action: string, params: Params = {}) {
  if (typeof window === "undefined" || !window.gtag) return;
  window.gtag("event", action, params); // planted 2: sensitive-data-in-tracking-call health_insurance
}
