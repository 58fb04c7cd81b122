import InsuranceForm from "@/components/InsuranceForm";

export default function Insurance() {
  return (
    <main>
      <h1>How are you insured?</h1>
      <InsuranceForm />
    </main>
  );
}
