// Minor and major units, and how amounts are written for people.
import { describe, expect, it } from 'vitest';
import { major, majorOf, minor } from '../../src/money/decimal';
import { amount, money } from '../../src/money/format';

describe('units', () => {
  it.each([
    [2950, 'usd', '29.50'],
    [5, 'usd', '0.05'],
    [0, 'usd', '0.00'],
    [118000, 'jpy', '118000'],
    [149500, 'eur', '1495.00'],
  ] as const)('%i of the minor unit are %s %s', (amountMinor, currency, expected) => {
    expect(major(amountMinor, currency)).toBe(expected);
    expect(minor(expected, currency)).toBe(BigInt(amountMinor));
  });

  it('an amount finer than the currency is none in minor units', () => {
    expect(minor('29.501', 'usd')).toBeUndefined();
    expect(minor('29.5', 'jpy')).toBeUndefined();
    expect(minor('29.500', 'usd')).toBe(2950n);
  });

  it('no digit is lost above what a float holds', () => {
    expect(minor('90071992547409.93', 'usd')).toBe(9007199254740993n);
    expect(major(9007199254740993n, 'usd')).toBe('90071992547409.93');
  });

  it('a part of a minor unit keeps its digits', () => {
    expect(majorOf('0.2', 'usd')).toBe('0.002');
    expect(majorOf('12.345', 'usd')).toBe('0.12345');
  });
});

describe('an amount for people', () => {
  it.each([
    [149500, 'usd', '$1,495'],
    [2950, 'usd', '$29.50'],
    [118000, 'jpy', '¥118,000'],
    [2700, 'eur', '€27'],
  ] as const)('%i %s is %s', (amountMinor, currency, text) => {
    expect(money(amountMinor, currency)).toBe(text);
  });

  it('has every digit', () => {
    expect(amount('0.0015', 'usd')).toBe('$0.0015');
    expect(amount('90071992547409.93', 'usd')).toBe('$90,071,992,547,409.93');
  });
});
