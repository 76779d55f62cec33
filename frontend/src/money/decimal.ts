// Exact decimal numbers as texts, between major and minor units. No amount is ever a fraction in a `number`.
import { CURRENCY_DIGITS, type Currency } from 'catalog';

/** A plain decimal number: `299`, `29.50`. */
export type Decimal = `${number}`;

/** Minor units as major ones: 2950 US cents are `29.50`. */
export function major(minor: number | bigint, currency: Currency): Decimal {
  return shifted(minor.toString(), CURRENCY_DIGITS[currency]);
}

/** The same of a text that may be finer than a minor unit: `0.2` US cents are `0.002`. */
export function majorOf(minor: string, currency: Currency): Decimal {
  return shifted(minor, CURRENCY_DIGITS[currency]);
}

/** Minor units of an amount in major ones; undefined where it is finer than the currency. */
export function minor(amount: Decimal, currency: Currency): bigint | undefined {
  const [whole = '0', fraction = ''] = amount.split('.');
  const digits = CURRENCY_DIGITS[currency];
  const kept = fraction.replace(/0+$/, '');
  return kept.length > digits ? undefined : BigInt(whole + kept.padEnd(digits, '0'));
}

function shifted(text: string, digits: number): Decimal {
  const [whole = '0', fraction = ''] = text.split('.');
  const all = whole.padStart(digits + 1, '0');
  const point = all.length - digits;
  const behind = all.slice(point) + fraction;
  return (behind === '' ? all : `${all.slice(0, point)}.${behind}`) as Decimal;
}
