import { Injectable } from '@angular/core';

declare const gtag: (...args: unknown[]) => void;

@Injectable({ providedIn: 'root' })
export class Analytics {
  event(name: string, params: Record<string, unknown> = {}): void {
    gtag('event', name, params); // planted 2: sensitive-data-in-tracking-call insuranceSector
  }
}
