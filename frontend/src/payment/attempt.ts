// One idempotency key for each attempt: the same across retries of one order, another as soon as the order changes.
import type { Refusal } from '../services/payment-answer';

/** What became of an attempt, whatever it was to make. */
type Outcome =
  | { readonly is: 'created' | 'unanswered' }
  | { readonly is: 'refused'; readonly refusal: Pick<Refusal, 'code' | 'status'> };

/** Codes after which the server would only repeat itself under the same key. */
const FINAL = ['payment_refused', 'idempotency_key_reused'];
/** Codes of failures before anything was asked of the payment service. */
const BEFORE = ['database_unavailable', 'payments_not_configured', 'checkout_not_configured'];

export class Attempts {
  #order = '';
  #key = '';
  #open = false;

  /** The key to ask with. */
  keyOf(order: object): string {
    const text = JSON.stringify(order);
    if (this.#key === '' || text !== this.#order) {
      this.#order = text;
      this.#key = newKey();
      this.#open = false;
    }
    return this.#key;
  }

  /**
   * Ends the attempt where its outcome is one that stays. Returns whether there may be a payment that nobody has heard of,
   * from this request or from an earlier one with the same key.
   */
  heard(outcome: Outcome): boolean {
    const stays = outcome.is === 'created' || (outcome.is === 'refused' && FINAL.includes(outcome.refusal.code));
    if (stays) this.#key = '';
    this.#open = !stays && (this.#open || leavesOpen(outcome));
    return this.#open;
  }
}

function leavesOpen(outcome: Outcome): boolean {
  if (outcome.is !== 'refused') return outcome.is === 'unanswered';
  const { code, status } = outcome.refusal;
  return code === 'idempotency_key_in_use' || (status >= 500 && !BEFORE.includes(code));
}

/** 128 random bits. `randomUUID` is there only for pages that came over HTTPS or from this machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
