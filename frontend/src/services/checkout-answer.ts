// What the checkout answers, looked at before it is believed.
import { type Refusal, refusal } from './payment-answer';

/** An error of the API, with the price that it is about, where it names one. */
export interface CheckoutRefusal extends Refusal {
  readonly price?: string;
}

/** The address of a page of the payment service, below a name in the answer; undefined where there is none. */
export function addressIn(body: unknown, name: string): string | undefined {
  const url = member(member(body, name), 'url');
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : undefined;
}

/** The error in an answer, or undefined where it has another shape. */
export function checkoutRefusal(response: Response, body: unknown): CheckoutRefusal | undefined {
  const found = refusal(response, body);
  const price = member(member(member(body, 'error'), 'details'), 'price');
  return found === undefined || typeof price !== 'string' ? found : { ...found, price };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
