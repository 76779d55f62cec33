import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, monthly, newPrice, payer, refused, stripe, subscribe } from './account.mjs';

const days = (subscription) => {
  const [item] = subscription.items.data;
  return (item.current_period_end - item.current_period_start) / 86_400;
};

test('a customer subscribes, and is found by the price', async () => {
  const price = await monthly();
  const subscription = await subscribe([{ price: price.id, quantity: 3 }], { metadata: { a: 'b' } });
  assert.match(subscription.id, /^sub_1/);
  assert.equal(subscription.status, 'active');
  const [item] = subscription.items.data;
  assert.deepEqual([item.price.id, item.quantity, item.plan.amount, item.subscription], [price.id, 3, 1000, subscription.id]);
  assert.ok(days(subscription) >= 28 && days(subscription) <= 31);
  const other = await subscribe([{ price: (await monthly()).id }]);
  const { data } = await stripe.subscriptions.list({ price: price.id });
  assert.deepEqual(data.map(({ id }) => id), [subscription.id]);
  assert.deepEqual((await stripe.subscriptions.list({ customer: other.customer })).data.map(({ id }) => id), [other.id]);
  assert.deepEqual((await stripe.subscriptionItems.list({ subscription: other.id })).data, other.items.data);
});

test('a price is exchanged, also for one of another interval', async () => {
  const [old, dearer] = [await monthly(), await monthly({ unit_amount: 1500 })];
  const yearly = await newPrice({ recurring: { interval: 'year' } });
  const { id, items } = await subscribe([{ price: old.id }]);
  const item = items.data[0].id;
  const moved = await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }], proration_behavior: 'none' });
  assert.deepEqual([moved.items.data[0].id, moved.items.data[0].price.id], [item, dearer.id]);
  assert.equal(moved.items.data[0].current_period_end, items.data[0].current_period_end);
  const longer = await stripe.subscriptions.update(id, { items: [{ id: item, price: yearly.id }] });
  assert.ok(days(longer) >= 365);
  const more = await newPrice({ recurring: { interval: 'year' } });
  const two = await stripe.subscriptions.update(id, { items: [{ price: more.id, quantity: 2 }] });
  assert.deepEqual(two.items.data.map(({ price }) => price.id), [yearly.id, more.id]);
  assert.equal(two.items.data[1].current_period_end, two.items.data[0].current_period_end);
  const one = await stripe.subscriptions.update(id, { items: [{ id: item, deleted: true }] });
  assert.deepEqual(one.items.data.map(({ price }) => price.id), [more.id]);
  await refused(stripe.subscriptions.update(id, { items: [{ id: one.items.data[0].id, deleted: true }] }), { param: 'items' });
});

test('what does not fit is refused', async () => {
  const [price, once, archived] = [await monthly(), await newPrice(), await monthly({ active: false })];
  const yearly = await newPrice({ recurring: { interval: 'year' } });
  const euro = await monthly({ currency: 'eur' });
  await refused(subscribe([{ price: once.id }]), { message: /only accepts prices with `type=recurring`/ });
  await refused(subscribe([{ price: archived.id }]), { code: 'price_inactive' });
  await refused(subscribe([{ price: price.id }, { price: price.id }]), { message: /same price/ });
  await refused(subscribe([{ price: price.id }, { price: yearly.id }]), { message: /recurring.interval/ });
  await refused(subscribe([{ price: price.id }, { price: euro.id }]), { message: /same currency/ });
  const { id } = await stripe.customers.create({});
  await refused(subscribe([{ price: price.id }], { customer: id }), { message: /no attached payment source/ });
  const waiting = await subscribe([{ price: price.id }], { customer: id, payment_behavior: 'default_incomplete' });
  assert.equal(waiting.status, 'incomplete');
  const customer = await payer('pm_card_chargeCustomerFail');
  assert.equal((await subscribe([{ price: price.id }], { customer })).status, 'incomplete');
  const strict = subscribe([{ price: price.id }], { customer, payment_behavior: 'error_if_incomplete' });
  await refused(strict, { statusCode: 402, code: 'card_declined' });
});

test('a subscription is paused, goes on, and ends', async () => {
  const { id, customer } = await subscribe([{ price: (await monthly()).id }]);
  const paused = await stripe.subscriptions.update(id, { pause_collection: { behavior: 'void' } });
  assert.deepEqual(paused.pause_collection, { behavior: 'void', resumes_at: null });
  assert.equal((await stripe.subscriptions.update(id, { pause_collection: '' })).pause_collection, null);
  const ended = await stripe.subscriptions.cancel(id, { cancellation_details: { comment: 'C' } });
  assert.deepEqual([ended.status, ended.cancellation_details.comment], ['canceled', 'C']);
  await refused(stripe.subscriptions.update(id, { description: 'D' }), { message: /canceled subscription/ });
  assert.deepEqual((await stripe.subscriptions.list({ customer })).data, []);
  assert.equal((await stripe.subscriptions.list({ customer, status: 'all' })).data.length, 1);
  const { data } = await stripe.events.list({ limit: 20 });
  const own = data.filter((event) => event.data.object.id === id).map(({ type }) => type);
  assert.deepEqual(own, ['deleted', 'updated', 'updated', 'created'].map((what) => `customer.subscription.${what}`));
});

test('time passes: a trial ends, periods follow, and the end of one is the end', async () => {
  const { id, customer } = await subscribe([{ price: (await monthly()).id }], { trial_period_days: 14 });
  const trial = await stripe.subscriptions.retrieve(id);
  assert.deepEqual([trial.status, days(trial)], ['trialing', 14]);
  await control('clock', { now: trial.trial_end + 1 });
  const active = await stripe.subscriptions.retrieve(id);
  assert.deepEqual([active.status, active.items.data[0].current_period_start], ['active', trial.trial_end]);
  const leaving = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  assert.equal(leaving.cancel_at, leaving.items.data[0].current_period_end);
  const staying = await stripe.subscriptions.update(id, { cancel_at_period_end: false });
  assert.deepEqual([staying.cancel_at, staying.canceled_at], [null, null]);
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await control('clock', { now: leaving.cancel_at + 1 });
  const ended = await stripe.subscriptions.retrieve(id);
  assert.deepEqual([ended.status, ended.ended_at], ['canceled', leaving.cancel_at]);
  assert.deepEqual((await stripe.subscriptions.list({ customer, status: 'canceled' })).data.map((found) => found.id), [id]);
});
