// At which place of the page a refusal of the checkout is said.
import type { CheckoutRefusal } from '../services/checkout-answer';
import { type Line, nameOf } from './choice';
import type { Progress } from './useCheckout';

/** Refusals that are about the promotion code. */
const OF_CODE = ['promotion_code_not_valid'];

/** A refusal of the last checkout; undefined where there is none. */
export function refusedBy(progress: Progress): CheckoutRefusal | undefined {
  if (progress.is !== 'failed' || progress.wanted !== 'checkout') return undefined;
  return progress.outcome.is === 'refused' ? progress.outcome.refusal : undefined;
}

/** What the server says of one of the lines, by `kind/id`. */
export function saidOfLines(progress: Progress, lines: readonly Line[]): Readonly<Record<string, string>> {
  const refused = refusedBy(progress);
  const line = lines.find(({ offer }) => offer.price.lookupKey === refused?.price);
  return refused === undefined || line === undefined ? {} : { [nameOf(line.product)]: refused.message };
}

/** What the server says of the promotion code. */
export function saidOfCode(progress: Progress): string | undefined {
  const refused = refusedBy(progress);
  if (refused === undefined) return undefined;
  const isOfCode = OF_CODE.includes(refused.code) || refused.message.startsWith('promotionCode:');
  return isOfCode ? refused.message : undefined;
}
