// What the customer is to be known by.
import type { Entries } from './choice';
import { FieldError } from './FieldError';

type Props = {
  readonly value: string;
  readonly error: string | undefined;
  readonly change: (changed: Partial<Entries>) => void;
};

export function ReferenceField({ value, error, change }: Props) {
  return (
    <div className="field">
      <label htmlFor="reference">
        E-mail address or order number <span className="muted">(optional)</span>
      </label>
      <input
        id="reference"
        type="text"
        inputMode="email"
        autoComplete="email"
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? 'reference-hint' : 'reference-error reference-hint'}
        onChange={(event) => change({ reference: event.target.value })}
      />
      <FieldError id="reference-error" text={error} />
      <p id="reference-hint" className="hint">
        The payment is kept under it, so that we know whose it is.
      </p>
    </div>
  );
}
