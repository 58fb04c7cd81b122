"use client";

import { useRef, useState } from "react";
import { saveDraft } from "@/lib/draft";

export default function ContactForm() {
  const email = useRef<HTMLInputElement>(null);
  const [fontSize, setFontSize] = useState("medium");

  const keep = () => {
    saveDraft("contact", { to: email.current?.value });
    saveDraft("view", { fontSize }); // clean 3: fontSize
  };

  return (
    <form action="/api/contact" method="post">
      <label>
        E-mail
        <input ref={email} type="email" name="email" onBlur={keep} />
      </label>
      <label>
        Size of text
        <select value={fontSize} onChange={(event) => setFontSize(event.target.value)}>
          <option>medium</option>
          <option>large</option>
        </select>
      </label>
      <button>Send</button>
    </form>
  );
}
