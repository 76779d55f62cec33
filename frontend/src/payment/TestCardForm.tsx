// The form for the local Stripe, which has test cards only: it plays the part of Stripe's own.
import { type FormEvent, useState } from 'react';
import { money } from '../money/format';
import { type Confirmed, returnUrl } from '../services/confirmed';
import { confirmWithTestCard, type LocalStripe } from '../services/local-stripe';
import type { CreatedPayment } from '../services/payment-answer';
import { FormError } from './FormError';

/** The payment methods that stand for cards: <https://docs.stripe.com/testing>. */
const CARDS = [
  { method: 'pm_card_visa', reads: 'Visa 4242: is paid' },
  { method: 'pm_card_authenticationRequired', reads: 'Visa 3184: the bank asks' },
  { method: 'pm_card_visa_chargeDeclined', reads: 'Visa 0002: is declined' },
] as const;

type Props = {
  readonly payment: CreatedPayment;
  readonly stripe: LocalStripe;
  readonly done: (confirmed: Confirmed) => void;
};

export function TestCardForm({ payment, stripe, done }: Props) {
  const [method, setMethod] = useState<string>(CARDS[0].method);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<string>();
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    setSending(true);
    setRefused(undefined);
    const answer = await confirmWithTestCard(stripe, payment, method, returnUrl());
    if (answer.is === 'elsewhere') location.assign(answer.url);
    else if (answer.is === 'confirmed') done(answer.confirmed);
    else setRefused(answer.message);
    if (answer.is !== 'elsewhere') setSending(false);
  };
  return (
    <form className="form" onSubmit={confirm}>
      <h3>Confirm it with a card</h3>
      <p className="muted">This shop works with a local Stripe: the cards are for trying out, and no money moves.</p>
      <div className="field">
        <label htmlFor="test-card">Test card</label>
        <select id="test-card" value={method} onChange={(event) => setMethod(event.target.value)}>
          {CARDS.map((card) => (
            <option key={card.method} value={card.method}>
              {card.reads}
            </option>
          ))}
        </select>
      </div>
      <FormError message={refused} />
      <button type="submit" className="button large" disabled={sending}>
        Confirm {money(payment.amountMinor, payment.currency)}
      </button>
    </form>
  );
}
