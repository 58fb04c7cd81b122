import { createContext, useContext, useReducer, type Dispatch, type ReactNode } from 'react'

export type Booking = { insuranceSector: string; slot: string }

type Action =
  | { type: 'insurance-chosen'; value: string }
  | { type: 'slot-chosen'; value: string }
  | { type: 'reset' }

const empty: Booking = { insuranceSector: '', slot: '' }

function reducer(state: Booking, action: Action): Booking {
  switch (action.type) {
    case 'insurance-chosen':
      return { ...state, insuranceSector: action.value }
    case 'slot-chosen':
      return { ...state, slot: action.value }
    case 'reset':
      return empty
  }
}

const BookingContext = createContext<{ booking: Booking; dispatch: Dispatch<Action> } | null>(null)

export function BookingProvider({ children }: { children: ReactNode }) {
  const [booking, dispatch] = useReducer(reducer, empty)
  return <BookingContext.Provider value={{ booking, dispatch }}>{children}</BookingContext.Provider>
}

export function useBooking() {
  const context = useContext(BookingContext)
  if (!context) throw new Error('useBooking outside of BookingProvider')
  return context
}
