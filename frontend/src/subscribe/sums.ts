// What a choice costs, exactly: every sum is one of whole minor units.
import type { Currency } from 'catalog';
import type { CheckoutOrder } from '../services/checkout';
import type { Choice, Line } from './choice';

export interface Sums {
  readonly currency: Currency;
  /** Each month or year. */
  readonly recurring: bigint;
  /** Once. */
  readonly once: bigint;
  /** Days before the first payment of the subscription. */
  readonly trialDays: number;
  /** Whether some of it could be tried, and not all of it. */
  readonly losesTrial: boolean;
  /** Now. */
  readonly due: bigint;
}

/** What a line costs. */
export function sumOf({ offer, quantity }: Line): bigint {
  return BigInt(offer.minor) * BigInt(quantity);
}

/** Undefined where nothing is chosen, or what is chosen has several currencies, which nobody can pay at once. */
export function sums(lines: readonly Line[]): Sums | undefined {
  const currency = lines[0]?.offer.currency;
  if (currency === undefined || lines.some(({ offer }) => offer.currency !== currency)) return undefined;
  const total = (of: readonly Line[]) => of.reduce((sum, line) => sum + sumOf(line), 0n);
  const recurring = lines.filter(({ offer }) => offer.price.interval !== null);
  const once = total(lines.filter(({ offer }) => offer.price.interval === null));
  // A trial is one of the whole subscription, so that the server gives the shortest.
  const trials = recurring.map(({ offer }) => offer.price.trialDays);
  const trialDays = trials.length === 0 ? 0 : Math.min(...trials);
  const losesTrial = trialDays === 0 && trials.some((days) => days > 0);
  const due = once + (trialDays > 0 ? 0n : total(recurring));
  return { currency, recurring: total(recurring), once, trialDays, losesTrial, due };
}

/** What is asked for; what it costs is not for the page to say. */
export function orderOf(lines: readonly Line[], { code }: Choice): CheckoutOrder {
  const promotionCode = code.trim();
  return {
    lines: lines.map(({ offer, quantity }) => ({ price: offer.price.lookupKey, quantity })),
    ...(promotionCode === '' ? {} : { promotionCode }),
  };
}
