// Confirming a payment at the local Stripe, through the endpoint that Stripe's own script calls.
import { type Confirmed, confirmedOf, refusedWith, UNKNOWN } from './confirmed';
import type { CreatedPayment } from './payment-answer';

export interface LocalStripe {
  readonly url: string;
  readonly key: string;
}

export type Confirmation =
  | { readonly is: 'confirmed'; readonly confirmed: Confirmed }
  /** The bank asks the customer on a page of its own. */
  | { readonly is: 'elsewhere'; readonly url: string }
  | { readonly is: 'refused'; readonly message: string };

interface Answer {
  readonly status?: unknown;
  readonly next_action?: { readonly redirect_to_url?: { readonly url?: unknown } } | null;
  readonly error?: { readonly message?: unknown; readonly payment_intent?: { readonly status?: unknown } };
}

export async function confirmWithTestCard(
  stripe: LocalStripe,
  payment: CreatedPayment,
  method: string,
  returnUrl: string,
): Promise<Confirmation> {
  const form = { client_secret: payment.clientSecret, payment_method: method, return_url: returnUrl };
  const answer = await ask(`${stripe.url}/v1/payment_intents/${payment.paymentIntentId}/confirm`, stripe.key, form);
  const error = answer?.error;
  // Where an answer got lost, the payment may have been made by then.
  const confirmed = confirmedOf(error === undefined ? answer?.status : error.payment_intent?.status);
  if (confirmed !== undefined) return { is: 'confirmed', confirmed };
  if (typeof error?.message === 'string') return { is: 'refused', message: refusedWith(error.message) };
  const url = answer?.next_action?.redirect_to_url?.url;
  return typeof url === 'string' ? { is: 'elsewhere', url } : { is: 'refused', message: UNKNOWN };
}

async function ask(url: string, key: string, form: Record<string, string>): Promise<Answer | undefined> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
    return (await response.json()) as Answer;
  } catch {
    return undefined;
  }
}
