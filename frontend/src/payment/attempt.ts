// One idempotency key for each attempt: the same across retries of one order, another as soon as the order changes.
import type { PaymentOrder, PaymentOutcome } from '../services/payment-v2';

/** Codes after which the server would only repeat itself under the same key. */
const FINAL = ['payment_refused', 'idempotency_key_reused'];

export class Attempts {
  #order = '';
  #key = '';

  /** The key to ask with. */
  keyOf(order: PaymentOrder): string {
    const text = JSON.stringify(order);
    if (this.#key === '' || text !== this.#order) {
      this.#order = text;
      this.#key = newKey();
    }
    return this.#key;
  }

  /** Ends the attempt where its outcome is one that stays. */
  heard(outcome: PaymentOutcome): void {
    const stays = outcome.is === 'created' || (outcome.is === 'refused' && FINAL.includes(outcome.refusal.code));
    if (stays) this.#key = '';
  }
}

/** 128 random bits. `randomUUID` is there only for pages that came over HTTPS or from this machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
