// What stands where the customer confirms a payment: the place of Stripe's form, which is not connected yet.
import type { ComponentType } from 'react';
import type { CreatedPayment } from '../services/payment-answer';

/** Lets the customer confirm a created payment with its client secret, by card or otherwise. */
export type Confirmation = ComponentType<{ readonly payment: CreatedPayment }>;

export const ConfirmationToCome: Confirmation = ({ payment }) => (
  <>
    <h3>What comes next</h3>
    <p>
      You confirm the payment with your card. This page cannot take card details yet, so nothing is charged and the
      payment stays open under the number <code>{payment.paymentIntentId}</code>. Keep it: it names this payment
      wherever you ask about it.
    </p>
  </>
);
