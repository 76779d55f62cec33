// The checkout client: asks for the pages of the payment service on which customers pay, and manage what they pay for.
import { addressIn, type CheckoutRefusal, checkoutRefusal } from './checkout-answer';

/** What somebody wants to buy. Equal orders are equal texts as JSON. */
export interface CheckoutOrder {
  readonly lines: readonly { readonly price: string; readonly quantity: number }[];
  readonly promotionCode?: string;
}

/** What became of it. `created` has the address of the page. */
export type CheckoutOutcome =
  | { readonly is: 'created'; readonly url: string }
  | { readonly is: 'refused'; readonly refusal: CheckoutRefusal }
  | { readonly is: 'unanswered' };

/** Longer than the server takes to give up by itself. */
const LONGEST_WAIT_MS = 30_000;

/** Asks the API, which stands at `base`: empty for the page's own origin. */
export class CheckoutService {
  readonly #base: string;
  readonly #fetch: typeof fetch;

  constructor(base = '', fetcher: typeof fetch = (...request) => fetch(...request)) {
    this.#base = base;
    this.#fetch = fetcher;
  }

  /** Asks for a page to pay on. The same key with the same order makes one page, however often it is asked for. */
  checkOut(order: CheckoutOrder, idempotencyKey: string): Promise<CheckoutOutcome> {
    return this.#ask('/api/checkout', 'checkout', order, { 'idempotency-key': idempotencyKey });
  }

  /** Asks for the page on which whoever is signed in manages subscriptions, cards and invoices. */
  openPortal(): Promise<CheckoutOutcome> {
    return this.#ask('/api/billing-portal', 'portal', {}, {});
  }

  async #ask(path: string, name: string, body: object, headers: Record<string, string>): Promise<CheckoutOutcome> {
    let response: Response;
    let answer: unknown;
    try {
      response = await this.#fetch(this.#base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      });
      answer = await response.json();
    } catch {
      return { is: 'unanswered' };
    }
    const url = response.ok ? addressIn(answer, name) : undefined;
    if (url !== undefined) return { is: 'created', url };
    const refused = response.ok ? undefined : checkoutRefusal(response, answer);
    return refused === undefined ? { is: 'unanswered' } : { is: 'refused', refusal: refused };
  }
}
