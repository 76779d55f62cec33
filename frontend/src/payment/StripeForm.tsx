// Stripe's own form, the Payment Element. Its script comes from Stripe, and only when somebody is about to pay.
import type { Stripe, StripeElements } from '@stripe/stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { money } from '../money/format';
import { type Confirmed, confirmedOf, refusedWith, returnUrl, UNKNOWN } from '../services/confirmed';
import type { CreatedPayment } from '../services/payment-answer';
import { FormError } from './FormError';

type Props = {
  readonly payment: CreatedPayment;
  readonly publishableKey: string;
  readonly done: (confirmed: Confirmed) => void;
};

type Ready = { readonly stripe: Stripe; readonly elements: StripeElements };

const UNREACHED = 'The form for your card cannot be loaded. Allow this page to reach js.stripe.com, and load it again.';
/** What lies in the card, or in what was typed; of anything else nobody knows how far it came. */
const OF_THE_CUSTOMER: readonly string[] = ['card_error', 'validation_error'];

export function StripeForm({ payment, publishableKey, done }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState<Ready>();
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<string>();
  const { clientSecret } = payment;
  useEffect(() => {
    let elements: StripeElements | undefined;
    let gone = false;
    const show = async () => {
      const stripe = await loadStripe(publishableKey);
      if (gone || stripe === null || place.current === null) return;
      elements = stripe.elements({ clientSecret, appearance: { theme: theme() } });
      elements.create('payment').mount(place.current);
      setReady({ stripe, elements });
    };
    show().catch(() => setRefused(UNREACHED));
    return () => {
      gone = true;
      elements?.getElement('payment')?.destroy();
    };
  }, [publishableKey, clientSecret]);
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (sending || ready === undefined) return;
    setSending(true);
    setRefused(undefined);
    const confirmParams = { return_url: returnUrl() };
    // Only banks that ask on a page of their own take the customer away from here.
    const answer = await ready.stripe
      .confirmPayment({ elements: ready.elements, confirmParams, redirect: 'if_required' })
      .catch(() => undefined);
    setSending(false);
    const error = answer?.error;
    const confirmed = confirmedOf(answer?.paymentIntent?.status ?? error?.payment_intent?.status);
    if (confirmed !== undefined) done(confirmed);
    else if (error?.message !== undefined && OF_THE_CUSTOMER.includes(error.type)) {
      setRefused(refusedWith(error.message));
    } else setRefused(UNKNOWN);
  };
  return (
    <form className="form" onSubmit={confirm} aria-busy={ready === undefined && refused === undefined}>
      <h3>Confirm it</h3>
      <div ref={place} />
      <FormError message={refused} />
      <button type="submit" className="button large" disabled={ready === undefined || sending}>
        Confirm {money(payment.amountMinor, payment.currency)}
      </button>
    </form>
  );
}

function theme(): 'night' | 'stripe' {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe';
}
