import BookingForm from "@/components/BookingForm";

export default function Home() {
  return (
    <main>
      <h1>Book an appointment</h1>
      <BookingForm slots={["slot-1", "slot-2", "slot-3"]} />
    </main>
  );
}
