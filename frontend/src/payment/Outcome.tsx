// What a customer reads once a payment is confirmed: that it is made, on its way, or not made.
import { useEffect, useRef } from 'react';
import type { Confirmed } from '../services/confirmed';

const HEADINGS: Readonly<Record<Confirmed, string>> = {
  succeeded: 'Thank you, your payment is made',
  processing: 'Your payment is on its way',
  failed: 'Your payment was not made',
};

const SAID: Readonly<Record<Confirmed, string>> = {
  succeeded: 'It names this payment wherever you ask about it.',
  processing: 'Your bank has not confirmed it yet, and nothing more is to be done here.',
  failed: 'Nothing was charged. You can try again with another card.',
};

type Props = { readonly paymentIntentId: string; readonly confirmed: Confirmed };

export function Outcome({ paymentIntentId, confirmed }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The form is gone: whoever reads by ear or by keyboard goes on here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {HEADINGS[confirmed]}
      </h2>
      <p>
        Its number is <code>{paymentIntentId}</code>. {SAID[confirmed]}
      </p>
    </>
  );
}
