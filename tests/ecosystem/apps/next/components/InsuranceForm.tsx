"use client";

import type { FormEvent } from "react";
import { trackEvent } from "@/lib/events";

export default function InsuranceForm() {
  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = Object.fromEntries(new FormData(event.currentTarget));
    trackEvent("insurance_chosen", { kind: String(data.health_insurance) });
    trackEvent("language_chosen", { language: String(data.language) }); // clean 2: language
    await fetch("/api/insurance", { method: "POST", body: JSON.stringify(data) });
  }

  return (
    <form onSubmit={onSubmit}>
      <fieldset>
        <legend>Fund</legend>
        <label>
          <input type="radio" name="health_insurance" value="public" defaultChecked /> Public
        </label>
        <label>
          <input type="radio" name="health_insurance" value="private" /> Private
        </label>
      </fieldset>
      <label>
        Language
        <select name="language" defaultValue="en">
          <option value="en">English</option>
          <option value="de">Deutsch</option>
        </select>
      </label>
      <button>Save</button>
    </form>
  );
}
