import { useBooking } from '../booking/context'

export default function InsurancePage() {
  const { booking, dispatch } = useBooking()

  const remember = () => {
    window.fbq('trackCustom', 'StepDone', { step: 2, choice: booking.insuranceSector }) // planted 2: sensitive-data-in-tracking-call insuranceSector
    window.fbq('trackCustom', 'StepSeen', { step: 2, choice: booking.slot }) // clean 2: slot
    dispatch({ type: 'reset' })
  }

  return (
    <section>
      <label>
        How are you insured?
        <select
          name="insuranceSector"
          value={booking.insuranceSector}
          onChange={(event) => dispatch({ type: 'insurance-chosen', value: event.target.value })}
        >
          <option value="">Please choose</option>
          <option value="public">Public</option>
          <option value="private">Private</option>
        </select>
      </label>
      <label>
        Time
        <input
          name="slot"
          value={booking.slot}
          onChange={(event) => dispatch({ type: 'slot-chosen', value: event.target.value })}
        />
      </label>
      <button type="button" onClick={remember}>
        Next
      </button>
    </section>
  )
}
