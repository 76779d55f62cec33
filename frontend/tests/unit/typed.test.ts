// Amounts as people type them: read exactly, or not at all.
import { describe, expect, it } from 'vitest';
import { typedAmount } from '../../src/money/typed';

describe('an amount that is typed', () => {
  it.each([
    ['1495', '1495'],
    ['299.5', '299.5'],
    ['299.50', '299.50'],
    ['299,50', '299.50'],
    ['1,495', '1495'],
    ['1,495.00', '1495.00'],
    ['1.495,00', '1495.00'],
    ['1 495,00', '1495.00'],
    ['1\u00a0495.00', '1495.00'],
    ['1\u202f495', '1495'],
    ["1'495.00", '1495.00'],
    ['1’495.00', '1495.00'],
    ['1,234,567.89', '1234567.89'],
    ['1.234.567,89', '1234567.89'],
    ['12,34', '12.34'],
    ['0.29', '0.29'],
    ['007', '7'],
    ['  299  ', '299'],
    ['$299', '299'],
    ['$ 1,495.00', '1495.00'],
    ['299 USD', '299'],
    ['usd 299', '299'],
    ['0.1234567', '0.1234567'],
  ])('%j is %s', (typed, meant) => {
    expect(typedAmount(typed, 'usd')).toBe(meant);
  });

  it.each([
    '',
    ' ',
    'two',
    '-299',
    '+299',
    '2e3',
    '0x10',
    'Infinity',
    'NaN',
    '299.',
    '.5',
    '1,49,5',
    '12,34,567',
    '1,2345.00',
    '1.495.00',
    '1,495,00',
    '1.2.3',
    '2 99',
    '299 1',
    '1_495',
    '٢٩٩',
    '€299',
    '1234567890123456',
    '1.495',
    '299.001',
  ])('%j is none', (typed) => {
    expect(typedAmount(typed, 'usd')).toBeUndefined();
  });

  it('has the digits that it was typed with, where a float would lose them', () => {
    expect(typedAmount('999999999999999.99', 'usd')).toBe('999999999999999.99');
    expect(typedAmount('0.1', 'usd')).toBe('0.1');
  });

  it('of a currency without decimal places may be grouped', () => {
    expect(typedAmount('118,000', 'jpy')).toBe('118000');
    expect(typedAmount('¥118,000', 'jpy')).toBe('118000');
  });
});
