// What became of a payment that was not made, where it is about no field alone, and the way to try again.
import type { PaymentOutcome } from '../services/payment-v2';
import { Again } from './Again';
import { fieldOf } from './fields';
import type { Progress } from './usePayment';

interface Told {
  readonly title: string;
  readonly text: string;
  readonly manner: 'bad' | 'calm';
  /** Whether the same order may succeed later. */
  readonly again: boolean;
}

export function Notice({ progress, retry }: { progress: Progress; retry: () => void }) {
  const outcome = progress.is === 'heard' ? progress.outcome : undefined;
  const told = progress.is === 'heard' ? tell(progress.outcome, progress.open) : undefined;
  const secs = outcome?.is === 'refused' ? (outcome.refusal.retryAfterSecs ?? 0) : 0;
  return (
    <div role="alert">
      {told !== undefined && (
        <div className={`told ${told.manner}`}>
          <p>
            <strong>{told.title}</strong>
          </p>
          <p>{told.text}</p>
          {told.again && <Again afterSecs={secs} retry={retry} />}
        </div>
      )}
    </div>
  );
}

const UNTOUCHED = 'No payment was made.';
const AT_MOST_ONE = 'However often you try, at most one payment is made.';

/** `open` says that nobody knows whether a payment was made, so that nothing is claimed. */
function tell(outcome: PaymentOutcome, open: boolean): Told | undefined {
  if (outcome.is === 'created') return undefined;
  if (outcome.is === 'unanswered') {
    const text = `Check your connection and try again. ${AT_MOST_ONE}`;
    return { title: 'The server did not answer', text, manner: 'bad', again: true };
  }
  const { refusal } = outcome;
  const { code, message, status } = refusal;
  const text = open ? AT_MOST_ONE : UNTOUCHED;
  if (code === 'payments_not_configured') return { title: message, text, manner: 'calm', again: false };
  const again = status === 429 || status >= 500 || ['idempotency_key_in_use', 'price_out_of_sync'].includes(code);
  // What stands at its field is not said twice.
  if (fieldOf(refusal) !== undefined) {
    return again ? { title: text, text: 'The same payment may work in a moment.', manner: 'calm', again } : undefined;
  }
  return { title: message, text, manner: 'bad', again: again || code === 'idempotency_key_reused' };
}
