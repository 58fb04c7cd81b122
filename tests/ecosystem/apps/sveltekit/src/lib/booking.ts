import { derived, writable } from 'svelte/store';

export const booking = writable({ cover: '', language: 'en' });
export const complete = derived(booking, ($booking) => $booking.cover !== '');
