// Reads an amount that a person typed, however they write numbers, and never guesses.
import { CURRENCY_DIGITS, type Currency } from 'catalog';
import type { Decimal } from './decimal';

const MOST_DIGITS = 15;

/**
 * `1495`, `1,495.00`, `1.495,00`, `1 495,00`, `1'495`, `$1,495`: the decimal number that is meant, or undefined.
 *
 * The last of two different signs is the decimal one. A single comma before three digits separates thousands, as in
 * English. A single point there is thousands to some and a slip of the keyboard to others: that is not read, unless the
 * currency has three decimal places. Whether the amount can be paid is for the server to say.
 */
export function typedAmount(text: string, currency: Currency): Decimal | undefined {
  const plain = withoutCurrency(text, currency).replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/gu, ' ');
  if (!/^\d[\d ]*([.,][\d ]*)*$/.test(plain)) return undefined;
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(plain) && CURRENCY_DIGITS[currency] !== 3) return undefined;
  const point = decimalSign(plain);
  const at = point === undefined ? -1 : plain.lastIndexOf(point);
  const whole = ungrouped(at < 0 ? plain : plain.slice(0, at));
  const fraction = at < 0 ? undefined : plain.slice(at + 1);
  if (whole === undefined || whole.length > MOST_DIGITS || fraction === '') return undefined;
  if (fraction !== undefined && !/^\d{1,12}$/.test(fraction)) return undefined;
  return (fraction === undefined ? whole : `${whole}.${fraction}`) as Decimal;
}

function withoutCurrency(text: string, currency: Currency): string {
  const parts = new Intl.NumberFormat('en-US', { style: 'currency', currency }).formatToParts(0);
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? '';
  const trimmed = text.trim();
  for (const sign of [symbol, currency.toUpperCase(), currency]) {
    if (trimmed.startsWith(sign)) return trimmed.slice(sign.length).trim();
    if (trimmed.endsWith(sign)) return trimmed.slice(0, -sign.length).trim();
  }
  return trimmed;
}

/** Which sign stands before the fraction, if one does. */
function decimalSign(plain: string): '.' | ',' | undefined {
  const signs = [...plain].filter((character) => character === '.' || character === ',') as ('.' | ',')[];
  const last = signs.at(-1);
  if (last === undefined) return undefined;
  const different = signs.some((sign) => sign !== last);
  if (different) return last;
  if (signs.length > 1) return undefined;
  return /^[1-9]\d{0,2},\d{3}$/.test(plain) ? undefined : last;
}

/** Digits without what separates thousands; undefined where that stands elsewhere. */
function ungrouped(whole: string): string | undefined {
  const grouped = /^[1-9]\d{0,2}(?:,\d{3})+$|^[1-9]\d{0,2}(?:\.\d{3})+$|^[1-9]\d{0,2}(?: \d{3})+$|^\d+$/;
  if (!grouped.test(whole)) return undefined;
  return whole.replace(/[., ]/g, '').replace(/^0+(?=\d)/, '');
}
