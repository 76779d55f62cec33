// The form: a service, an amount, and what the customer is to be known by.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { amount as amountText, money } from '../money/format';
import { AmountField } from './AmountField';
import { amountOf, type Entries, firstPart, orderOf, type Payable } from './choice';
import { type Field, fieldOf } from './fields';
import { Notice } from './Notice';
import { ReferenceField } from './ReferenceField';
import { ServiceField } from './ServiceField';
import type { Payment, Progress } from './usePayment';

type Props = {
  readonly choices: readonly Payable[];
  readonly chosen: Payable;
  readonly entries: Entries;
  readonly change: (changed: Partial<Entries>) => void;
  readonly payment: Payment;
  /** A service that the address asks for and that cannot be paid for. */
  readonly unknown: string | undefined;
};

export function PaymentForm({ choices, chosen, entries, change, payment, unknown }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [unread, setUnread] = useState(false);
  const { progress } = payment;
  const { currency } = chosen.offer;
  const amount = amountOf(chosen, entries);
  const errors = errorsOf(progress, unread && amount === undefined);
  if (unknown !== undefined && progress.is === 'idle') errors.service ??= `Service '${unknown}' not found or inactive`;
  const sends = progress.is === 'sending';

  // What is wrong is gone to, once it is told.
  useEffect(() => {
    if (progress.is === 'heard' || unread) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [progress, unread]);

  const pay = (event?: FormEvent) => {
    event?.preventDefault();
    setUnread(amount === undefined);
    if (amount !== undefined) void payment.pay(orderOf(chosen, amount, entries.reference));
  };
  const choose = (changed: Partial<Entries>) => {
    setUnread(false);
    const next = choices.find(({ service }) => service.id === changed.service);
    change(next === undefined ? changed : { ...changed, part: firstPart(next), typed: '' });
  };

  return (
    <form ref={form} className="card form" onSubmit={pay} noValidate aria-busy={sends}>
      <ServiceField choices={choices} value={entries.service} error={errors.service} change={choose} />
      <AmountField chosen={chosen} entries={entries} error={errors.amount} change={choose} />
      <ReferenceField value={entries.reference} error={errors.reference} change={choose} />
      <Notice progress={progress} retry={pay} />
      <button type="submit" className="button large" aria-disabled={sends}>
        {sends ? 'Asking for the payment …' : `Pay ${amount === undefined ? '' : amountText(amount, currency)}`.trim()}
      </button>
    </form>
  );
}

/** What is said at each field, in the server's words. */
function errorsOf(progress: Progress, unread: boolean): Partial<Record<Field, string>> {
  if (unread) return { amount: 'Enter an amount such as 299 or 299.50' };
  if (progress.is !== 'heard' || progress.outcome.is !== 'refused') return {};
  const { refusal } = progress.outcome;
  const field = fieldOf(refusal);
  if (field === undefined) return {};
  const { bound, message } = refusal;
  const shown = bound === undefined ? '' : `: ${money(bound.minor, bound.currency)}`;
  // Some messages name the amount themselves.
  return { [field]: refusal.code === 'minimum_deposit_required' ? message + shown : message };
}
