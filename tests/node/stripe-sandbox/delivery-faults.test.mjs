import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { KEY, base, client, control, refused, stripe, unique } from './account.mjs';
import { receiver } from './receiver.mjs';

afterEach(async () => {
  await control('deliveries', undefined, 'DELETE');
  await control('faults', undefined, 'DELETE');
});

const settled = async () => {
  while ((await control('deliveries', undefined, 'GET')).due > 0) await new Promise((resolve) => setTimeout(resolve, 5));
};

// Customers are made while deliveries go wrong; what arrives, in its order, and what has happened.
async function made(t, faults, count = 30) {
  const { url, arrived } = await receiver(t);
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['customer.created'] });
  await control('deliveries', faults);
  const made = [];
  for (let index = 0; index < count; index += 1) made.push((await stripe.customers.create({})).id);
  await settled();
  const told = () => arrived.map(({ body }) => JSON.parse(body)).map(({ id, data }) => ({ id, of: data.object.id }));
  t.after(() => stripe.webhookEndpoints.del(endpoint.id));
  return { made, told };
}

test('without faults every event arrives once, and in order where it is asked for', async (t) => {
  const { made: all, told } = await made(t, { one_by_one: true });
  assert.deepEqual(told().map(({ of }) => of), all);
});

test('some are doubled, under the same id', async (t) => {
  const { made: all, told } = await made(t, { duplicate_percent: 50, seed: 1 });
  assert.ok(told().length > 35 && told().length < 55, String(told().length));
  assert.equal(new Set(told().map(({ id }) => id)).size, 30);
  assert.deepEqual(new Set(told().map(({ of }) => of)), new Set(all));
});

test('some have a twin with an id of its own', async (t) => {
  const { told } = await made(t, { twin_percent: 50, seed: 2 });
  assert.equal(new Set(told().map(({ id }) => id)).size, told().length);
  assert.ok(told().length > 35, String(told().length));
  assert.equal(new Set(told().map(({ of }) => of)).size, 30);
});

test('some never arrive, and are listed', async (t) => {
  const { made: all, told } = await made(t, { drop_percent: 40, seed: 3 });
  assert.ok(told().length > 8 && told().length < 27, String(told().length));
  const { data } = await stripe.events.list({ type: 'customer.created', limit: 30 });
  assert.deepEqual(new Set(data.map((event) => event.data.object.id)), new Set(all));
});

test('some are late, and come out of order', async (t) => {
  const { made: all, told } = await made(t, { delay_percent: 50, delay_secs: 3600, seed: 4, one_by_one: true });
  const early = told().length;
  assert.ok(early > 5 && early < 25, String(early));
  await control('clock', { advance_secs: 3601 });
  await settled();
  assert.equal(told().length, 30);
  assert.notDeepEqual(told().map(({ of }) => of), all);
});

test('what is due together is sent in another order, the same for one seed', async (t) => {
  const { made: all, told } = await made(t, { delay_percent: 100, delay_secs: 1, shuffle: true, one_by_one: true, seed: 5 });
  await control('clock', { advance_secs: 5 });
  await settled();
  assert.deepEqual(new Set(told().map(({ of }) => of)), new Set(all));
  assert.notDeepEqual(told().map(({ of }) => of), all);
});

test('an endpoint that is away for days gets everything in the end, by the clock', async (t) => {
  const { url, arrived } = await receiver(t, [500, 500, 500, 500, 200]);
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['coupon.created'] });
  await stripe.coupons.create({ percent_off: 1 });
  for (let tries = 1; tries < 5; tries += 1) {
    while (arrived.length < tries) await new Promise((resolve) => setTimeout(resolve, 5));
    await settled();
    await control('clock', { advance_secs: 10 * 3600 });
  }
  while (arrived.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  await settled();
  assert.equal((await control('deliveries', undefined, 'GET')).waiting, 0);
  await stripe.webhookEndpoints.del(endpoint.id);
});

test('a page is shorter than its limit, and there is more', async () => {
  const description = unique('Cut');
  for (let index = 0; index < 7; index += 1) await stripe.customers.create({ description, email: `${description}@example.com` });
  await control('faults', { kind: 'short_page', items: 2, path: '/v1/customers', method: 'GET', times: 2 });
  const found = [];
  for await (const customer of stripe.customers.list({ email: `${description}@example.com`, limit: 100 })) found.push(customer.id);
  assert.equal(new Set(found).size, 7);
});

test('an answer breaks off in its middle', async () => {
  await stripe.customers.create({});
  await control('faults', { kind: 'cut_answer', path: '/v1/customers', method: 'GET', times: 2 });
  await refused(client().customers.list({ limit: 100 }), { type: 'StripeConnectionError' });
  const response = await fetch(new URL('/v1/customers', base), { headers: { authorization: `Bearer ${KEY}` } });
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
  assert.equal((await stripe.customers.list({ limit: 1 })).data.length, 1);
});
