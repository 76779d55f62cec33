// Whether prices are shown by the month or by the year.
import { useId } from 'react';

export type Cycle = 'month' | 'year';

const CYCLES: readonly { readonly cycle: Cycle; readonly text: string }[] = [
  { cycle: 'month', text: 'Monthly' },
  { cycle: 'year', text: 'Yearly' },
];

export function BillingSwitch({ cycle, onChange }: { cycle: Cycle; onChange: (cycle: Cycle) => void }) {
  const name = useId();
  return (
    <fieldset className="switch">
      <legend className="unseen">Billing</legend>
      {CYCLES.map((choice) => (
        <label key={choice.cycle}>
          <input type="radio" name={name} checked={choice.cycle === cycle} onChange={() => onChange(choice.cycle)} />
          <span>{choice.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
