import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { beforeEach, test } from 'node:test';
import { client, control, refused, stripe, unique } from './account.mjs';

beforeEach(() => control('faults', undefined, 'DELETE'));

const count = async (name) => {
  let found = 0;
  for await (const product of stripe.products.list({ limit: 100 })) found += product.name === name;
  return found;
};

test('an answer that gets lost is found again under its key', async () => {
  const [name, idempotencyKey] = [unique('Lost'), unique('key')];
  // The client tries once more by itself where a connection breaks.
  await control('faults', { kind: 'lost_answer', method: 'POST', path: '/v1/products', times: 2 });
  const create = () => stripe.products.create({ name }, { idempotencyKey });
  await refused(create(), { type: 'StripeConnectionError' });
  assert.equal(await count(name), 1);
  const product = await create();
  assert.equal(product.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(await count(name), 1);
});

test('a request that comes too often is told why', async () => {
  await control('faults', { kind: 'rate_limited', nth: 2, times: 1 });
  await stripe.products.list();
  const error = await refused(stripe.products.list(), { type: 'StripeRateLimitError', statusCode: 429, code: 'rate_limit' });
  assert.equal(error.headers['stripe-rate-limited-reason'], 'global-rate');
  await stripe.products.list();
});

test('a broken endpoint is broken for its key, and one that is away is not', async () => {
  const idempotencyKey = unique('key');
  await control('faults', { kind: 'server_error', times: 1 });
  const create = () => stripe.products.create({ name: 'A' }, { idempotencyKey });
  await refused(create(), { type: 'StripeAPIError', statusCode: 500 });
  const kept = await refused(create(), { statusCode: 500 });
  assert.equal(kept.headers['idempotent-replayed'], 'true');
  await control('faults', { kind: 'unavailable', times: 1 });
  const other = { idempotencyKey: unique('key') };
  await refused(stripe.products.create({ name: 'A' }, other), { statusCode: 503 });
  assert.equal((await stripe.products.create({ name: 'A' }, other)).object, 'product');
});

test('a request without an answer has done nothing', async () => {
  const name = unique('Slow');
  await control('faults', { kind: 'timeout', millis: 60_000, times: 1 });
  await refused(client({ timeout: 200 }).products.create({ name }), { type: 'StripeConnectionError' });
  assert.equal(await count(name), 0);
});

test('a key that is under way is in use', async () => {
  const idempotencyKey = unique('key');
  await control('faults', { kind: 'delay', millis: 1000, times: 1 });
  const first = stripe.products.create({ name: 'A' }, { idempotencyKey });
  // The fault counts the request as soon as it is there.
  while ((await control('faults', undefined, 'GET')).faults[0].times > 0);
  const second = stripe.products.create({ name: 'A' }, { idempotencyKey });
  await refused(second, { statusCode: 409, code: 'idempotency_key_in_use', rawType: 'idempotency_error' });
  const { id } = await first;
  assert.equal((await stripe.products.create({ name: 'A' }, { idempotencyKey })).id, id);
});

test('what was asked can be looked at', async () => {
  await control('requests', undefined, 'DELETE');
  await stripe.products.list();
  await refused(stripe.products.retrieve('prod_none'), { statusCode: 404 });
  const { requests } = await control('requests', undefined, 'GET');
  assert.deepEqual(requests, [
    { method: 'GET', path: '/v1/products', status: 200 },
    { method: 'GET', path: '/v1/products/prod_none', status: 404 },
  ]);
});

test('the clock moves', async () => {
  const { now } = await control('clock', undefined, 'GET');
  const month = 30 * 86400;
  assert.ok((await control('clock', { advance_secs: month })).now >= now + month);
  const product = await stripe.products.create({ name: 'Later' });
  assert.ok(product.created >= now + month);
  const idempotencyKey = unique('key');
  const { id } = await stripe.products.create({ name: 'A' }, { idempotencyKey });
  await control('clock', { advance_secs: 86_400 });
  assert.notEqual((await stripe.products.create({ name: 'A' }, { idempotencyKey })).id, id);
});

test('an event that does not arrive is sent again when its time has come', async (t) => {
  const arrived = [];
  let wake = () => {};
  const server = createServer((request, response) => {
    arrived.push(request.headers['stripe-signature']);
    response.writeHead(arrived.length < 3 ? 500 : 200).end();
    wake();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const until = async (times) => {
    while (arrived.length < times) await new Promise((resolve) => (wake = resolve));
  };
  const url = `http://127.0.0.1:${server.address().port}/`;
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['product.created'] });
  await stripe.products.create({ name: 'A' });
  const pending = async () => (await stripe.events.list({ type: 'product.created', limit: 1 })).data[0].pending_webhooks;
  await until(1);
  assert.equal(await pending(), 1);
  for (const times of [2, 3]) {
    while (arrived.length < times) await control('clock', { advance_secs: 61 });
  }
  while ((await pending()) > 0) await control('clock', undefined, 'GET');
  assert.equal(arrived.length, 3);
  await stripe.webhookEndpoints.del(endpoint.id);
});
