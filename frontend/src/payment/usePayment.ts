// Asking for a payment: what was asked last, what came of it, and the key that belongs to it.
import { useRef, useState } from 'react';
import type { PaymentOrder, PaymentOutcome, PaymentService } from '../services/payment-v2';
import { Attempts } from './attempt';

export type Progress =
  | { readonly is: 'idle' }
  | { readonly is: 'sending' }
  | {
      readonly is: 'heard';
      readonly outcome: PaymentOutcome;
      readonly order: PaymentOrder;
      /** Whether there may be a payment that nobody has heard of. */
      readonly open: boolean;
    };

export interface Payment {
  readonly progress: Progress;
  pay(order: PaymentOrder): Promise<void>;
  /** Takes back what was heard, or will be heard of what is under way, for it was about another order. */
  forget(): void;
}

export function usePayment(api: PaymentService): Payment {
  const attempts = useRef(new Attempts());
  const sending = useRef(false);
  const forgotten = useRef(false);
  const [progress, setProgress] = useState<Progress>({ is: 'idle' });
  return {
    progress,
    async pay(order) {
      // A second press while the first is under way asks for nothing.
      if (sending.current) return;
      sending.current = true;
      forgotten.current = false;
      setProgress({ is: 'sending' });
      const outcome = await api.createPayment(order, attempts.current.keyOf(order));
      const open = attempts.current.heard(outcome);
      sending.current = false;
      // What was made is told in any case; a refusal of an order that has been changed meanwhile would stand at another one.
      const stale = forgotten.current && outcome.is !== 'created';
      setProgress(stale ? { is: 'idle' } : { is: 'heard', outcome, order, open });
    },
    forget() {
      forgotten.current = true;
      if (!sending.current) setProgress({ is: 'idle' });
    },
  };
}
