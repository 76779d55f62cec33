// The prices of a product on a day, in words.
import { amountsOn, type Currency, type Interval, type Product, type UnitPrice } from 'catalog';
import { LOCALE, money } from '../money/format';

/** A price that somebody can have, in the default currency. */
export interface Offered {
  readonly price: UnitPrice;
  readonly minor: number;
  readonly currency: Currency;
}

/** The prices with one amount that are sold, the first of which is the product's usual one. */
export function offered(product: Product, day: string): Offered[] {
  return Object.values(product.prices).flatMap((price) => {
    if (price === undefined || price.scheme !== 'per_unit' || price.replacedBy !== null) return [];
    const minor = amountsOn(price, day)[price.amount.currency];
    return minor === undefined ? [] : [{ price, minor, currency: price.amount.currency }];
  });
}

/** How often it is paid: `per month`, `per user, per year`, `per 100 × call, one-time`. */
export function cycle(price: UnitPrice): string {
  const every = price.interval === null ? 'one-time' : `per ${period(price.interval)}`;
  const counted = per(price);
  return counted === null ? every : `per ${counted}, ${every}`;
}

/** What the amount is for, null where it is for the price as a whole. */
function per({ unit, usage, transformQuantity }: UnitPrice): string | null {
  const one = unit ?? (usage === 'metered' ? 'unit' : null);
  if (transformQuantity === null) return one;
  return one === null ? `${transformQuantity.divideBy}` : `${transformQuantity.divideBy} × ${one}`;
}

function period({ unit, count }: Interval): string {
  return count === 1 ? unit : `${count} ${unit}s`;
}

/** `€27 · £23`, the same price in other currencies, or empty. */
export function elsewhere({ price, currency }: Offered, day: string): string {
  const others = Object.entries(amountsOn(price, day)) as [Currency, number][];
  return others
    .filter(([other]) => other !== currency)
    .map(([other, minor]) => money(minor, other))
    .join(' · ');
}

/** `$35 from January 1, 2027`, or undefined where no change is announced. */
export function announced({ price, currency }: Offered, day: string): string | undefined {
  const change = price.changes.find(({ on }) => on > day);
  const minor = change?.amounts[currency];
  return change === undefined || minor === undefined ? undefined : `${money(minor, currency)} from ${date(change.on)}`;
}

function date(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** What a year in one payment saves against twelve months, in minor units; undefined where it saves nothing. */
export function yearlySaving(prices: readonly Offered[]): { minor: number; currency: Currency } | undefined {
  const of = (unit: 'month' | 'year') =>
    prices.find(({ price }) => price.interval?.unit === unit && price.interval.count === 1);
  const [month, year] = [of('month'), of('year')];
  if (month === undefined || year === undefined || month.currency !== year.currency) return undefined;
  const minor = month.minor * 12 - year.minor;
  return minor > 0 ? { minor, currency: month.currency } : undefined;
}

/** The deposit in minor units of the price's currency, where less than the price may be paid first. */
export function depositOf({ deposit }: Product, { minor, currency }: Offered, day: string): number | undefined {
  const least = deposit === null ? undefined : amountsOn(deposit, day)[currency];
  return least !== undefined && least < minor ? least : undefined;
}
