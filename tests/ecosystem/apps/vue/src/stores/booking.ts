import { defineStore } from 'pinia'

export const useBookingStore = defineStore('booking', {
  state: () => ({
    cover: '',
    language: 'en',
  }),
  getters: {
    complete: (state) => state.cover !== '',
  },
  actions: {
    choose(cover: string) {
      this.cover = cover
      window.gtag('event', 'cover_chosen', { cover: this.cover }) // planted 2: sensitive-data-in-tracking-call insuranceSector
    },
    speak(language: string) {
      this.language = language
      window.gtag('event', 'language_chosen', { language: this.language }) // clean 2: language
    },
  },
})
