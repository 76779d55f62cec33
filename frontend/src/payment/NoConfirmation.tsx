// What stands where the customer would confirm a payment, on a page that takes no cards: its server has no publishable key.
import type { ConfirmationProps } from './Confirmation';

export const NoConfirmation = ({ payment }: ConfirmationProps) => (
  <>
    <h3>What comes next</h3>
    <p>
      You confirm the payment with your card. This page takes no card details, so nothing is charged and the payment
      stays open under the number <code>{payment.paymentIntentId}</code>. Keep it: it names this payment wherever you
      ask about it.
    </p>
  </>
);
