// Amounts for people, as the price list writes them: `$1,495`, `$29.50`, `$0.002`.
import type { Currency } from 'catalog';
import { type Decimal, major } from './decimal';

/** The language that the page speaks. */
export const LOCALE = 'en-US';

/** Minor units of a currency. */
export function money(minor: number | bigint, currency: Currency): string {
  return amount(major(minor, currency), currency);
}

/** Major units of a currency, with every digit that they have. */
export function amount(value: Decimal, currency: Currency): string {
  const digits = value.split('.')[1]?.length ?? 0;
  const options = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const;
  const usual = new Intl.NumberFormat(LOCALE, options);
  const most = usual.resolvedOptions().maximumFractionDigits ?? 0;
  const format = digits > most ? new Intl.NumberFormat(LOCALE, { ...options, maximumFractionDigits: digits }) : usual;
  // A text is formatted digit by digit, where a number would be rounded to a double.
  return format.format(value);
}

/** A count: `25,000`. */
export function count(value: number): string {
  return new Intl.NumberFormat(LOCALE).format(value);
}
