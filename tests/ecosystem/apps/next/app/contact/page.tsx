import ContactForm from "@/components/ContactForm";

export default function Contact() {
  return (
    <main>
      <h1>How do we reach you?</h1>
      <ContactForm />
    </main>
  );
}
