// Where the customer confirms a payment: Stripe's own form, a plain one for the local Stripe, or neither.
import type { ComponentType } from 'react';
import type { Confirmed } from '../services/confirmed';
import type { CreatedPayment } from '../services/payment-answer';
import { NoConfirmation } from './NoConfirmation';
import { StripeForm } from './StripeForm';
import { TestCardForm } from './TestCardForm';

export interface ConfirmationProps {
  readonly payment: CreatedPayment;
  /** What became of it, as far as that is known without leaving the page. */
  readonly done: (confirmed: Confirmed) => void;
}

/** Lets the customer confirm a created payment with its client secret, by card or otherwise. */
export const Confirmation: ComponentType<ConfirmationProps> = ({ payment, done }) => {
  const { publishableKey, localStripe } = payment;
  if (publishableKey === undefined) return <NoConfirmation payment={payment} done={done} />;
  if (localStripe === undefined) return <StripeForm payment={payment} publishableKey={publishableKey} done={done} />;
  return <TestCardForm payment={payment} stripe={{ url: localStripe, key: publishableKey }} done={done} />;
};
