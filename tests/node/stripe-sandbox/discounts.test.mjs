import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, eventsSince, lastEvent, monthly, newPrice, payer, refused, stripe, subscribe } from './account.mjs';

const HOUR = 3600;
const end = (subscription) => subscription.items.data[0].current_period_end;
const DAY = 24 * HOUR;
const totals = async (subscription) => (await stripe.invoices.list({ subscription, limit: 100 })).data.map(({ total }) => total).toReversed();

async function discounted(discounts, params = {}) {
  const price = await monthly({ unit_amount: 1000 });
  return subscribe([{ price: price.id, quantity: params.quantity ?? 1 }], { discounts, expand: ['latest_invoice', 'discounts'] });
}

test('a percentage forever is on every invoice', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 12.5, duration: 'forever' });
  const before = await lastEvent();
  const { id, latest_invoice: invoice, discounts, ...subscription } = await discounted([{ coupon: coupon.id }]);
  const [discount] = discounts;
  assert.deepEqual([discount.source.coupon, discount.subscription, discount.end], [coupon.id, id, null]);
  assert.deepEqual([invoice.subtotal, invoice.total, invoice.amount_paid], [1000, 875, 875]);
  assert.deepEqual(invoice.total_discount_amounts, [{ amount: 125, discount: discount.id }]);
  assert.deepEqual(invoice.lines.data[0].discount_amounts, [{ amount: 125, discount: discount.id }]);
  assert.ok((await eventsSince(before)).some(({ type }) => type === 'customer.discount.created'));
  assert.equal((await stripe.coupons.retrieve(coupon.id)).times_redeemed, 1);
  await stripe.coupons.del(coupon.id);
  await control('clock', { now: end(subscription) + 2 * HOUR });
  assert.deepEqual(await totals(id), [875, 875]);
});

test('an amount once is on the first invoice only', async () => {
  const coupon = await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' });
  const before = await lastEvent();
  const { id, discounts, ...subscription } = await discounted([{ coupon: coupon.id }]);
  assert.deepEqual(discounts, []);
  assert.ok((await eventsSince(before)).some(({ type }) => type === 'customer.discount.deleted'));
  await control('clock', { now: end(subscription) + 2 * HOUR });
  assert.deepEqual(await totals(id), [700, 1000]);
});

test('some months are over after as many', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 2 });
  const { id } = await discounted([{ coupon: coupon.id }]);
  await control('clock', { advance_secs: 95 * DAY });
  assert.deepEqual((await totals(id)).slice(0, 4), [500, 500, 1000, 1000]);
  assert.deepEqual((await stripe.subscriptions.retrieve(id)).discounts, []);
});

test('codes have their limits', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
  const code = (params) => stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, ...params });
  const once = await code({ max_redemptions: 1 });
  const { id, discounts } = await discounted([{ promotion_code: once.id }]);
  assert.equal(discounts[0].promotion_code, once.id);
  await refused(discounted([{ promotion_code: once.id }]), { param: 'discounts[0][promotion_code]' });
  const { customer } = await stripe.subscriptions.retrieve(id);
  const first = await code({ restrictions: { first_time_transaction: true } });
  await refused(stripe.subscriptions.update(id, { discounts: [{ promotion_code: first.id }] }), { message: /prior transactions/ });
  const large = await code({ restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' } });
  await refused(discounted([{ promotion_code: large.id }]), { message: /minimum amount/ });
  assert.equal((await discounted([{ promotion_code: large.id }], { quantity: 5 })).latest_invoice.total, 4500);
  const last = await stripe.coupons.create({ percent_off: 10, max_redemptions: 1 });
  const { id: invoice } = await stripe.invoices.create({ customer, discounts: [{ coupon: last.id }] });
  await stripe.invoiceItems.create({ customer, invoice, amount: 1000, currency: 'usd' });
  assert.equal((await stripe.invoices.retrieve(invoice)).total, 900);
  await refused(stripe.invoices.create({ customer, discounts: [{ coupon: last.id }] }), { code: 'coupon_expired' });
});

test('discounts are taken one after the other, from what they are for', async () => {
  const [chosen, other] = [await monthly({ unit_amount: 1000 }), await monthly({ unit_amount: 500 })];
  const for_one = await stripe.coupons.create({ percent_off: 50, duration: 'forever', applies_to: { products: [chosen.product] } });
  const for_all = await stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'forever' });
  const customer = await payer();
  const discounts = [{ coupon: for_one.id }, { coupon: for_all.id }];
  const { latest_invoice: invoice, id } = await subscribe([{ price: chosen.id }, { price: other.id }], { customer, discounts, expand: ['latest_invoice'] });
  assert.deepEqual(invoice.total_discount_amounts.map(({ amount }) => amount), [500, 100]);
  assert.deepEqual(invoice.lines.data.map((line) => line.discount_amounts.map(({ amount }) => amount)), [[500, 50], [50]]);
  assert.equal(invoice.total, 900);
  const without = await stripe.subscriptions.update(id, { discounts: '' });
  assert.deepEqual(without.discounts, []);
});

test('prorations are told after percentages', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
  const { id, customer, items } = await discounted([{ coupon: coupon.id }]);
  const [item] = items.data;
  const middle = item.current_period_start + (item.current_period_end - item.current_period_start) / 2;
  await stripe.subscriptions.update(id, { items: [{ id: item.id, quantity: 3 }], proration_date: middle });
  const { data } = await stripe.invoiceItems.list({ customer, pending: true });
  assert.deepEqual(data.map(({ amount }) => amount).toReversed(), [-400, 1200]);
});

test('a trial does not use up what is taken off once', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 100, duration: 'once' });
  const price = await newPrice({ unit_amount: 900, recurring: { interval: 'month' } });
  const trial = await subscribe([{ price: price.id }], { discounts: [{ coupon: coupon.id }], trial_period_days: 3 });
  await control('clock', { now: trial.trial_end + 2 * HOUR });
  assert.deepEqual(await totals(trial.id), [0, 0]);
  const { discounts } = await stripe.subscriptions.retrieve(trial.id);
  assert.deepEqual(discounts, []);
});
