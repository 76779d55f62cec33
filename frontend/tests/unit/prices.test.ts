// Prices in words, on the days of announced changes and in every form that a price has.
import { type Product, plans, services, type TieredPrice, type UnitPrice } from 'catalog';
import { describe, expect, it } from 'vitest';
import { services as texts } from '../../src/config/services.config';
import { payables } from '../../src/payment/choice';
import { announced, cycle, depositOf, elsewhere, type Offered, offered, yearlySaving } from '../../src/pricing/prices';
import { saleState } from '../../src/pricing/state';
import { tierTexts } from '../../src/pricing/tiers';

const DAY = '2026-11-21';

/** Announced to rise at the turn of the year. */
const MONTHLY: UnitPrice = {
  ...plans.starter.prices.monthly,
  amount: { minor: 2900, currency: 'usd' },
  amounts: { usd: 2900, eur: 2700, jpy: 4000 },
  amountsBeforeChanges: { usd: 2900, eur: 2700, jpy: 4000 },
  changes: [{ on: '2027-01-01', amounts: { usd: 3500, eur: 3200 } }],
};
const YEARLY: UnitPrice = { ...plans.starter.prices.yearly, amounts: { usd: 29000 }, changes: [] };
const OLD: UnitPrice = { ...YEARLY, key: 'yearly_2024', replacedBy: 'yearly', active: false };
const PLAN: Product = { ...plans.starter, prices: { monthly: MONTHLY, yearly: YEARLY, yearly_2024: OLD } };

/** The plan's monthly and yearly price on a day. */
function on(day: string): [Offered, Offered] {
  const [month, year, ...more] = offered(PLAN, day);
  if (month === undefined || year === undefined || more.length > 0) throw new Error('two prices are sold');
  return [month, year];
}

describe('a price', () => {
  it.each([
    [{ interval: null }, 'one-time'],
    [{ interval: { unit: 'month', count: 1 } }, 'per month'],
    [{ interval: { unit: 'month', count: 3 } }, 'per 3 months'],
    [{ unit: 'user', interval: { unit: 'year', count: 1 } }, 'per user, per year'],
    [{ usage: 'metered', interval: { unit: 'month', count: 1 } }, 'per unit, per month'],
    [{ unit: 'call', interval: null, transformQuantity: { divideBy: 100, round: 'up' } }, 'per 100 × call, one-time'],
  ] as const)('%j is paid %s', (changed, text) => {
    expect(cycle({ ...MONTHLY, ...changed })).toBe(text);
  });

  it('changes on the day that was announced, and is announced until then', () => {
    const [before, after] = [on('2026-12-31')[0], on('2027-01-01')[0]];
    expect([before.minor, after.minor]).toEqual([2900, 3500]);
    expect(announced(before, '2026-12-31')).toBe('$35 from January 1, 2027');
    expect(announced(after, '2027-01-01')).toBeUndefined();
  });

  it('is told in other currencies as it is on the day', () => {
    expect(elsewhere(on(DAY)[0], DAY)).toBe('€27 · ¥4,000');
    expect(elsewhere(on('2027-01-01')[0], '2027-01-01')).toBe('€32');
    expect(elsewhere(on(DAY)[1], DAY)).toBe('');
  });

  it('by the year says what it saves, if it does', () => {
    expect(yearlySaving(on(DAY))).toEqual({ minor: 5800, currency: 'usd' });
    const [month, year] = on(DAY);
    expect(yearlySaving([{ ...month, minor: 2000 }, year])).toBeUndefined();
    expect(yearlySaving([year])).toBeUndefined();
  });

  it('that only old subscriptions have is not offered', () => {
    expect(on(DAY).map((offer) => offer.price.key)).toEqual(['monthly', 'yearly']);
  });
});

describe('a deposit', () => {
  const [offer] = on(DAY);
  const withDeposit = (minor: number): Product => {
    const amounts = { amount: { minor, currency: 'usd' as const }, amounts: { usd: minor }, changes: [] };
    return { ...PLAN, deposit: { kind: 'fixed', value: '0', ...amounts } };
  };

  it('is what must be paid first', () => {
    expect(depositOf(withDeposit(900), offer, DAY)).toBe(900);
    expect(depositOf(PLAN, offer, DAY)).toBeUndefined();
  });

  it('of the whole price leaves no choice', () => {
    expect(depositOf(withDeposit(2900), offer, DAY)).toBeUndefined();
  });
});

describe('a product', () => {
  const state = (active: boolean, comingSoon: boolean, free: boolean) =>
    saleState({ ...(services['market-essentials'] as Product), active, comingSoon, free });

  it('is shown as the catalog says', () => {
    expect(state(true, false, false)).toBe('on_sale');
    expect(state(true, false, true)).toBe('free');
    expect(state(false, true, false)).toBe('coming_soon');
    expect(state(false, false, true)).toBe('free_later');
    expect(state(false, false, false)).toBe('unavailable');
  });

  it('can be paid where its configuration is active and asks for money', () => {
    const active = Object.values(texts).filter((service) => service.active && service.price.value > 0);
    expect(payables(DAY).map(({ service }) => service.id)).toEqual(active.map(({ id }) => id));
    expect(active.length).toBeGreaterThan(0);
  });
});

it('tiers are told from the first unit to the last, flat amounts too', () => {
  const tiers = {
    usd: [
      { upTo: 10, unitAmount: null, flatAmount: '500' },
      { upTo: 20, unitAmount: '0.5', flatAmount: '100' },
      { upTo: null, unitAmount: '0', flatAmount: null },
    ],
  };
  const tiered = { currency: 'usd', unit: 'call', tiers, changes: [] } as unknown as TieredPrice;
  expect(tierTexts(tiered, DAY)).toEqual([
    { range: 'Up to 10', price: '$5' },
    { range: '11 to 20', price: '$1 + $0.005 per call' },
    { range: 'Above 20', price: 'free' },
  ]);
});
