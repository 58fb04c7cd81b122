import { Injectable } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class Drafts {
  save(key: string, value: unknown): void {
    localStorage.setItem(`draft.${key}`, JSON.stringify(value)); // planted 3: personal-data-in-web-storage phone
  }
}
