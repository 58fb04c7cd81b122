"use client";

import { useRouter } from "next/navigation";
import { type ChangeEvent, type FormEvent, useState } from "react";

const empty = { symptoms: "", slot: "", notes: "" };

export default function BookingForm({ slots }: { slots: string[] }) {
  const router = useRouter();
  const [values, setValues] = useState(empty);
  const [busy, setBusy] = useState(false);

  function handleChange(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) {
    const { name, value } = event.target;
    setValues((previous) => ({ ...previous, [name]: value }));
  }

  async function handleSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    const params = new URLSearchParams();
    params.set("step", "confirm");
    params.set("about", values.symptoms);
    router.push(`/confirm?${params.toString()}`); // planted 1: sensitive-query-navigation about
  }

  async function reserve() {
    setBusy(true);
    const response = await fetch("/api/reservations", {
      method: "POST",
      body: JSON.stringify(values),
    });
    const { id } = await response.json();
    const params = new URLSearchParams();
    params.set("reservation", id);
    params.set("at", values.slot);
    router.push(`/confirm?${params.toString()}`); // clean 1: reservation, at
  }

  return (
    <form onSubmit={handleSubmit}>
      <label>
        What is the matter?
        <textarea name="symptoms" value={values.symptoms} onChange={handleChange} required />
      </label>
      <label>
        Time
        <select name="slot" value={values.slot} onChange={handleChange}>
          {slots.map((slot) => (
            <option key={slot}>{slot}</option>
          ))}
        </select>
      </label>
      <label>
        Anything else?
        <input name="notes" value={values.notes} onChange={handleChange} />
      </label>
      <button disabled={busy}>Book</button>
      <button type="button" onClick={reserve} disabled={busy}>
        Only reserve
      </button>
    </form>
  );
}
