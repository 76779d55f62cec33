import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, eventsSince, lastEvent, monthly, payer, refused, stripe, subscribe, unique } from './account.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const to = (now) => control('clock', { now });
const end = (subscription) => subscription.items.data[0].current_period_end;
const types = async (since) => (await eventsSince(since)).map(({ type }) => type);

test('phases follow each other, then the subscription goes on by itself', async () => {
  const [small, large] = [await monthly({ unit_amount: 1000 }), await monthly({ unit_amount: 2500 })];
  const before = await lastEvent();
  const schedule = await stripe.subscriptionSchedules.create({
    customer: await payer(),
    start_date: 'now',
    phases: [
      { items: [{ price: small.id, quantity: 1 }], duration: { interval: 'month', interval_count: 2 } },
      { items: [{ price: large.id, quantity: 2 }], duration: { interval: 'month', interval_count: 1 } },
    ],
  });
  assert.equal(schedule.status, 'active');
  assert.ok((await types(before)).includes('subscription_schedule.created'));
  const first = await stripe.subscriptions.retrieve(schedule.subscription, { expand: ['schedule'] });
  assert.deepEqual([first.schedule.id, first.items.data[0].price.id], [schedule.id, small.id]);
  await to(schedule.phases[1].start_date + 2 * HOUR);
  const second = await stripe.subscriptions.retrieve(schedule.subscription, { expand: ['latest_invoice'] });
  assert.deepEqual(second.items.data.map(({ price, quantity }) => [price.id, quantity]), [[large.id, 2]]);
  assert.deepEqual([second.latest_invoice.total, second.latest_invoice.lines.data.length], [5000, 1]);
  assert.equal((await stripe.subscriptionSchedules.retrieve(schedule.id)).current_phase.start_date, schedule.phases[1].start_date);
  await to(schedule.phases[1].end_date + 1);
  const released = await stripe.subscriptionSchedules.retrieve(schedule.id);
  assert.deepEqual([released.status, released.released_subscription, released.subscription], ['released', first.id, null]);
  const free = await stripe.subscriptions.retrieve(first.id);
  assert.deepEqual([free.status, free.schedule], ['active', null]);
});

test('a schedule waits for its day, and ends the subscription where it is to', async () => {
  const price = (await monthly()).id;
  const customer = await payer();
  const start = (await stripe.customers.retrieve(customer)).created + 5 * DAY;
  const phases = [{ items: [{ price }] }];
  const waiting = await stripe.subscriptionSchedules.create({ customer, start_date: start, end_behavior: 'cancel', phases });
  assert.deepEqual([waiting.status, waiting.subscription], ['not_started', null]);
  assert.deepEqual((await stripe.subscriptionSchedules.list({ customer, scheduled: true })).data.map(({ id }) => id), [waiting.id]);
  const dropped = await stripe.subscriptionSchedules.create({ customer, start_date: start, phases });
  assert.equal((await stripe.subscriptionSchedules.cancel(dropped.id)).status, 'canceled');
  const { id: poor } = await stripe.customers.create({});
  const hopeless = await stripe.subscriptionSchedules.create({ customer: poor, start_date: start, phases });
  await to(start + 1);
  const active = await stripe.subscriptionSchedules.retrieve(waiting.id);
  assert.equal(active.status, 'active');
  assert.equal((await stripe.subscriptionSchedules.retrieve(hopeless.id)).status, 'canceled');
  await to(active.current_phase.end_date + 1);
  assert.equal((await stripe.subscriptionSchedules.retrieve(waiting.id)).status, 'completed');
  assert.equal((await stripe.subscriptions.retrieve(active.subscription)).status, 'canceled');
  await refused(stripe.subscriptionSchedules.release(waiting.id), { message: /`completed` status/ });
});

test('a subscription is put on a schedule, changed by it, and let go', async () => {
  const [small, large] = [await monthly({ unit_amount: 1000 }), await monthly({ unit_amount: 3000 })];
  const running = await subscribe([{ price: small.id }]);
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: running.id });
  const [present] = schedule.phases;
  assert.deepEqual([present.start_date, present.end_date], [running.items.data[0].current_period_start, end(running)]);
  await refused(stripe.subscriptionSchedules.create({ from_subscription: running.id }), { param: 'from_subscription' });
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      { items: [{ price: small.id, quantity: 1 }], start_date: present.start_date, end_date: present.end_date },
      { items: [{ price: large.id, quantity: 1 }], duration: { interval: 'month' }, proration_behavior: 'none' },
    ],
  });
  assert.equal((await stripe.subscriptions.retrieve(running.id)).items.data[0].price.id, small.id);
  await to(end(running) + 2 * HOUR);
  const moved = await stripe.subscriptions.retrieve(running.id, { expand: ['latest_invoice'] });
  assert.deepEqual([moved.items.data[0].price.id, moved.latest_invoice.total], [large.id, 3000]);
  const released = await stripe.subscriptionSchedules.release(schedule.id);
  assert.equal(released.status, 'released');
  const gap = [{ items: [{ price: small.id }], end_date: released.created + 900 * DAY }, { items: [{ price: small.id }], start_date: released.created + 999 * DAY }];
  await refused(stripe.subscriptionSchedules.create({ customer: running.customer, phases: gap }), { param: 'phases[1][start_date]' });
});

test('what customers may use follows their subscriptions', async () => {
  const [calls, seats] = await Promise.all(['calls', 'seats'].map((name) => stripe.entitlements.features.create({ name, lookup_key: unique(name) })));
  const [small, large] = [await monthly(), await monthly({ unit_amount: 2000 })];
  await stripe.products.createFeature(small.product, { entitlement_feature: calls.id });
  await stripe.products.createFeature(large.product, { entitlement_feature: calls.id });
  await stripe.products.createFeature(large.product, { entitlement_feature: seats.id });
  const customer = await payer();
  const has = async () => (await stripe.entitlements.activeEntitlements.list({ customer })).data.map(({ lookup_key: key }) => key).toSorted();
  const before = await lastEvent();
  const { id, items } = await subscribe([{ price: small.id }], { customer });
  assert.deepEqual(await has(), [calls.lookup_key]);
  await stripe.subscriptions.update(id, { items: [{ id: items.data[0].id, price: large.id }] });
  assert.deepEqual(await has(), [calls.lookup_key, seats.lookup_key].toSorted());
  const { data } = await stripe.entitlements.activeEntitlements.list({ customer, limit: 1, expand: ['data.feature'] });
  assert.equal(data[0].feature.object, 'entitlements.feature');
  assert.equal((await stripe.entitlements.activeEntitlements.retrieve(data[0].id)).id, data[0].id);
  await stripe.subscriptions.cancel(id);
  assert.deepEqual(await has(), []);
  const told = (await eventsSince(before)).filter(({ type }) => type === 'entitlements.active_entitlement_summary.updated');
  assert.deepEqual(told.map(({ data: { object } }) => [object.customer, object.entitlements.data.length]), [[customer, 1], [customer, 2], [customer, 0]]);
  assert.equal(told[1].data.previous_attributes.entitlements.data.length, 1);
});
