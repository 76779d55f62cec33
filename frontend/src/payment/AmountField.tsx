// How much is paid: the deposit, the whole price, or an amount that is typed.
import { money } from '../money/format';
import type { Entries, Part, Payable } from './choice';
import { FieldError } from './FieldError';

type Props = {
  readonly chosen: Payable;
  readonly entries: Entries;
  readonly error: string | undefined;
  readonly change: (changed: Partial<Entries>) => void;
};

export function AmountField({ chosen, entries, error, change }: Props) {
  const { offer, depositMinor } = chosen;
  const { minor, currency } = offer;
  const isTyped = entries.part === 'other';
  const described = error === undefined ? undefined : 'amount-error';
  const choices: readonly { part: Part; text: string; sum: string }[] = [
    ...(depositMinor === undefined
      ? []
      : [{ part: 'deposit', text: 'Deposit', sum: money(depositMinor, currency) } as const]),
    { part: 'full', text: 'Whole price', sum: money(minor, currency) },
    ...(depositMinor === undefined ? [] : [{ part: 'other', text: 'Another amount', sum: '' } as const]),
  ];
  return (
    <fieldset className="field parts">
      <legend>Amount</legend>
      {choices.map(({ part, text, sum }) => (
        <label key={part} className="part">
          <input
            type="radio"
            name="part"
            checked={entries.part === part}
            aria-invalid={error !== undefined && !isTyped && entries.part === part}
            aria-describedby={entries.part === part ? described : undefined}
            onChange={() => change({ part })}
          />
          <span>{text}</span>
          <span className="part-sum">{sum}</span>
        </label>
      ))}
      {isTyped && (
        <div className="typed">
          <label htmlFor="amount">Amount in {currency.toUpperCase()}</label>
          <input
            id="amount"
            type="text"
            inputMode="decimal"
            autoComplete="off"
            value={entries.typed}
            aria-invalid={error !== undefined}
            aria-describedby={described === undefined ? 'amount-hint' : `${described} amount-hint`}
            onChange={(event) => change({ typed: event.target.value })}
          />
          <p id="amount-hint" className="hint">
            From {money(depositMinor ?? minor, currency)} to {money(minor, currency)}
          </p>
        </div>
      )}
      <FieldError id="amount-error" text={error} />
    </fieldset>
  );
}
