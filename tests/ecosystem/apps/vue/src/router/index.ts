import { createRouter, createWebHistory } from 'vue-router'
import BookView from '../views/BookView.vue'

const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: '/', name: 'book', component: BookView },
    { path: '/insurance', name: 'insurance', component: () => import('../views/InsuranceView.vue') },
    { path: '/callback', name: 'callback', component: () => import('../views/CallbackView.vue') },
    { path: '/confirm', name: 'confirm', component: () => import('../views/ConfirmView.vue') },
  ],
})

export default router
