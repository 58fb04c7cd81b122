"use client";

import { useSearchParams } from "next/navigation";

export default function Confirmation() {
  const params = useSearchParams();
  return <p>See you {params.get("at") ?? "soon"}.</p>;
}
