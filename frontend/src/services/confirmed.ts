// What became of a payment that the customer confirmed, here or on the page of their bank.

export type Confirmed = 'succeeded' | 'processing' | 'failed';

/** A payment whose customer came back from another page. */
export interface Returned {
  readonly paymentIntentId: string;
  readonly confirmed: Confirmed;
}

/** What a customer is told where nobody knows what became of it. */
export const UNKNOWN =
  'The payment service gave no answer, so it is not known whether the payment was made. Try again: it is made once at most.';

/** What a customer is told of a card that was refused. */
export function refusedWith(message: string): string {
  return `${message} Nothing was charged.`;
}

/** Where a bank sends the customer back to. */
export function returnUrl(): string {
  return new URL('/payment', location.href).href;
}

/** What the address says of a payment that was confirmed elsewhere; undefined where it says nothing of the kind. */
export function returned(search: string): Returned | undefined {
  const query = new URLSearchParams(search);
  const paymentIntentId = query.get('payment_intent') ?? '';
  const status = query.get('redirect_status') ?? '';
  if (!/^pi_\w{1,200}$/.test(paymentIntentId) || status === '') return undefined;
  return { paymentIntentId, confirmed: confirmedOf(status) ?? 'failed' };
}

/** What a PaymentIntent's status means to its customer; undefined where something is left to do. */
export function confirmedOf(status: unknown): Confirmed | undefined {
  switch (status) {
    case 'succeeded':
    // The money is held, and taken later.
    case 'requires_capture':
      return 'succeeded';
    case 'processing':
    case 'pending':
      return 'processing';
    case 'canceled':
    case 'failed':
      return 'failed';
    default:
      return undefined;
  }
}
