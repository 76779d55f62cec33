// The payment client: asks `POST /create-payment` for a payment, and tells what became of it.
import type { Currency, KindId } from 'catalog';
import type { Decimal } from '../money/decimal';
import { type CreatedPayment, createdPayment, type Refusal, refusal } from './payment-answer';

/** What somebody wants to pay. Equal orders are equal texts as JSON. */
export interface PaymentOrder {
  readonly kind: KindId;
  readonly service: string;
  /** The key of one of its prices. */
  readonly price: string;
  /** In major units, digit by digit: `299.50`. */
  readonly amount: Decimal;
  readonly currency: Currency;
  /** What the customer is to be known by. */
  readonly customerReference?: string;
}

/** What became of it. `unanswered` leaves open whether there is a payment, so that only the same key may ask again. */
export type PaymentOutcome =
  | { readonly is: 'created'; readonly payment: CreatedPayment }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'unanswered' };

/** Longer than the server takes to give up by itself. */
const LONGEST_WAIT_MS = 30_000;

/** Asks the payment API, which stands at `base`: empty for the page's own origin. */
export class PaymentService {
  readonly #base: string;
  readonly #fetch: typeof fetch;

  constructor(base = '', fetcher: typeof fetch = (...request) => fetch(...request)) {
    this.#base = base;
    this.#fetch = fetcher;
  }

  /** Asks for a payment. The same key with the same order makes one payment, however often it is asked for. */
  async createPayment(order: PaymentOrder, idempotencyKey: string): Promise<PaymentOutcome> {
    let response: Response;
    let body: unknown;
    try {
      response = await this.#fetch(`${this.#base}/create-payment`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      body = await response.json();
    } catch {
      // No connection, no answer in time, or a proxy's page: nobody knows what the server did.
      return { is: 'unanswered' };
    }
    const payment = response.ok ? createdPayment(body) : undefined;
    if (payment !== undefined) return { is: 'created', payment };
    const refused = response.ok ? undefined : refusal(response, body);
    return refused === undefined ? { is: 'unanswered' } : { is: 'refused', refusal: refused };
  }
}
