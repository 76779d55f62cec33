// Asking for pages of the payment service: what was asked last, what came of it, and going there.
import { useEffect, useRef, useState } from 'react';
import { Attempts } from '../payment/attempt';
import type { CheckoutOrder, CheckoutOutcome, CheckoutService } from '../services/checkout';

/** A page to pay on, or one to manage what is paid for. */
export type Wanted = 'checkout' | 'portal';

export type Progress =
  | { readonly is: 'idle' }
  | { readonly is: 'sending'; readonly wanted: Wanted }
  | { readonly is: 'leaving' }
  | { readonly is: 'failed'; readonly wanted: Wanted; readonly outcome: Exclude<CheckoutOutcome, { is: 'created' }> };

export interface Checkout {
  readonly progress: Progress;
  checkOut(order: CheckoutOrder): Promise<void>;
  openPortal(): Promise<void>;
  /** Takes back what was heard, for it was about another choice. */
  forget(): void;
}

export function useCheckout(api: CheckoutService, go: (url: string) => void): Checkout {
  const attempts = useRef(new Attempts());
  const busy = useRef(false);
  const [progress, setProgress] = useState<Progress>({ is: 'idle' });
  // Whoever comes back by the browser's own button finds a page that can be used again.
  useEffect(() => {
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) setProgress({ is: 'idle' });
    };
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);
  const ask = async (wanted: Wanted, request: () => Promise<CheckoutOutcome>) => {
    // A second press while the first is under way asks for nothing.
    if (busy.current) return;
    busy.current = true;
    setProgress({ is: 'sending', wanted });
    const outcome = await request();
    busy.current = false;
    if (outcome.is === 'created') {
      setProgress({ is: 'leaving' });
      go(outcome.url);
    } else {
      setProgress({ is: 'failed', wanted, outcome });
    }
  };
  return {
    progress,
    checkOut: (order) =>
      ask('checkout', async () => {
        const outcome = await api.checkOut(order, attempts.current.keyOf(order));
        attempts.current.heard(outcome);
        return outcome;
      }),
    openPortal: () => ask('portal', () => api.openPortal()),
    forget() {
      if (!busy.current) setProgress({ is: 'idle' });
    },
  };
}
