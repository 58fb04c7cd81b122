import { Controller, useForm, type SubmitHandler } from 'react-hook-form'
import { createSearchParams, useNavigate } from 'react-router'

type BookingForm = {
  visitReason: string
  slot: string
  reminder: string
}

const slots = ['slot-1', 'slot-2', 'slot-3']

export default function BookPage() {
  const navigate = useNavigate()
  const {
    control,
    register,
    handleSubmit,
    formState: { errors, isSubmitting },
  } = useForm<BookingForm>({ defaultValues: { visitReason: '', slot: slots[0], reminder: 'none' } })

  const onSubmit: SubmitHandler<BookingForm> = (data) => {
    const params = new URLSearchParams({ reason: data.visitReason })
    navigate(`/confirm?${params}`) // planted 1: sensitive-query-navigation reason
  }

  const onReserve: SubmitHandler<BookingForm> = async ({ visitReason, slot }) => {
    await fetch('/api/reservations', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ visitReason, slot }),
    })
    navigate({ pathname: '/confirm', search: createSearchParams({ slot }).toString() }) // clean 1: slot
  }

  return (
    <form onSubmit={handleSubmit(onSubmit)}>
      <label htmlFor="visitReason">What brings you to us?</label>
      <textarea id="visitReason" {...register('visitReason', { required: 'Please tell us' })} />
      {errors.visitReason && <p role="alert">{errors.visitReason.message}</p>}

      <label>
        Time
        <select {...register('slot')}>
          {slots.map((slot) => (
            <option key={slot} value={slot}>
              {slot}
            </option>
          ))}
        </select>
      </label>

      <Controller
        name="reminder"
        control={control}
        render={({ field }) => (
          <label>
            Remind me
            <select {...field}>
              <option value="none">Never</option>
              <option value="day">The day before</option>
            </select>
          </label>
        )}
      />

      <button type="submit" disabled={isSubmitting}>
        Book
      </button>
      <button type="button" onClick={handleSubmit(onReserve)}>
        Only reserve the time
      </button>
    </form>
  )
}
