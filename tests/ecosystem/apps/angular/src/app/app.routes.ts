import { Routes } from '@angular/router';
import { Book } from './book/book';

export const routes: Routes = [
  { path: '', component: Book },
  { path: 'insurance', loadComponent: () => import('./insurance/insurance').then((m) => m.Insurance) },
  { path: 'callback', loadComponent: () => import('./callback/callback').then((m) => m.Callback) },
  { path: 'confirm', loadComponent: () => import('./confirm/confirm').then((m) => m.Confirm) },
];
