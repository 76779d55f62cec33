// A price by use, tier by tier, in words.
import { type Currency, type TieredPrice, tiersOn } from 'catalog';
import { majorOf } from '../money/decimal';
import { amount, count } from '../money/format';

/** One tier: `Up to 10,000` and `free`. */
export interface TierText {
  readonly range: string;
  readonly price: string;
}

/** The tiers in the price's default currency on a day. */
export function tierTexts(price: TieredPrice, day: string): TierText[] {
  const tiers = tiersOn(price, day)[price.currency] ?? [];
  const unit = price.unit ?? 'unit';
  return tiers.map(({ upTo, unitAmount, flatAmount }, index) => {
    const before = tiers[index - 1]?.upTo ?? 0;
    const each = part(unitAmount, price.currency, ` per ${unit}`);
    const flat = part(flatAmount, price.currency, '');
    return { range: range(before, upTo), price: [flat, each].filter((text) => text !== '').join(' + ') || 'free' };
  });
}

function range(before: number, upTo: number | null): string {
  if (upTo === null) return before === 0 ? 'Any number' : `Above ${count(before)}`;
  return before === 0 ? `Up to ${count(upTo)}` : `${count(before + 1)} to ${count(upTo)}`;
}

function part(minor: string | null, currency: Currency, of: string): string {
  return minor === null || /^[0.]*$/.test(minor) ? '' : amount(majorOf(minor, currency), currency) + of;
}
