import { Suspense } from "react";
import Confirmation from "@/components/Confirmation";

export default function Confirm() {
  return (
    <Suspense fallback={<p>One moment</p>}>
      <Confirmation />
    </Suspense>
  );
}
