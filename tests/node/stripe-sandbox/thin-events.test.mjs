import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiver } from './receiver.mjs';
import { refused, stripe } from './account.mjs';

test('a thin event arrives signed, and says where to look', async (t) => {
  const { url, until } = await receiver(t);
  const destination = await stripe.v2.core.eventDestinations.create({
    name: 'Mirror',
    type: 'webhook_endpoint',
    event_payload: 'thin',
    enabled_events: ['v1.customer.created', 'v1.customer.deleted'],
    webhook_endpoint: { url },
    include: ['webhook_endpoint.signing_secret', 'webhook_endpoint.url'],
  });
  assert.deepEqual([destination.status, destination.webhook_endpoint.url], ['enabled', url]);
  const secret = destination.webhook_endpoint.signing_secret;
  assert.deepEqual((await stripe.v2.core.eventDestinations.retrieve(destination.id)).webhook_endpoint, {});
  const customer = await stripe.customers.create({ name: 'N' }, { idempotencyKey: 'thin-1' });
  await stripe.products.create({ name: 'P' });
  const [{ headers, body }] = await until(1);
  const told = stripe.parseEventNotification(body, headers['stripe-signature'], secret);
  assert.deepEqual([told.type, told.related_object.id, told.related_object.type], ['v1.customer.created', customer.id, 'customer']);
  assert.equal(told.data, undefined);
  assert.throws(() => stripe.parseEventNotification(body, headers['stripe-signature'], 'whsec_other'));
  assert.equal((await told.fetchRelatedObject()).name, 'N');
  const event = await told.fetchEvent();
  assert.deepEqual([event.id, event.reason.request.idempotency_key], [told.id, 'thin-1']);
  const whole = await stripe.events.retrieve(event.snapshot_event);
  assert.equal(whole.data.object.id, customer.id);
  assert.equal(new Date(event.created).getTime() / 1000, whole.created);
});

test('thin events are listed in pages', async () => {
  const { id } = await stripe.customers.create({});
  for (const name of ['a', 'b', 'c']) await stripe.customers.update(id, { name });
  const all = [];
  for await (const event of stripe.v2.core.events.list({ object_id: id, limit: 2 })) all.push(event.type);
  assert.deepEqual(all, ['v1.customer.updated', 'v1.customer.updated', 'v1.customer.updated', 'v1.customer.created']);
  const made = await stripe.v2.core.events.list({ object_id: id, types: ['v1.customer.created'] });
  assert.equal(made.data.length, 1);
  const { data: none } = await stripe.v2.core.events.list({ object_id: id, created: { gt: '2100-01-01T00:00:00Z' } });
  assert.deepEqual(none, []);
  await refused(stripe.v2.core.events.retrieve('evt_test_none'), { statusCode: 404 });
});

test('a destination is tried out, changed, silenced and gone', async (t) => {
  const { url, until, arrived } = await receiver(t);
  const { id } = await stripe.v2.core.eventDestinations.create({
    name: 'D', type: 'webhook_endpoint', event_payload: 'thin', enabled_events: ['v1.coupon.created'], webhook_endpoint: { url },
  });
  const ping = await stripe.v2.core.eventDestinations.ping(id);
  assert.equal(ping.type, 'v2.core.event_destination.ping');
  assert.equal(JSON.parse((await until(1))[0].body).related_object.id, id);
  const updated = await stripe.v2.core.eventDestinations.update(id, { name: 'E', enabled_events: ['v1.product.created'] });
  assert.deepEqual([updated.name, updated.enabled_events], ['E', ['v1.product.created']]);
  assert.equal((await stripe.v2.core.eventDestinations.disable(id)).status, 'disabled');
  await stripe.products.create({ name: 'P' });
  assert.equal((await stripe.v2.core.eventDestinations.enable(id)).status, 'enabled');
  const { id: product } = await stripe.products.create({ name: 'Q' });
  const second = JSON.parse((await until(2))[1].body);
  assert.deepEqual([second.type, second.related_object.id, arrived.length], ['v1.product.created', product, 2]);
  assert.ok((await stripe.v2.core.eventDestinations.list({})).data.some((found) => found.id === id));
  assert.equal((await stripe.v2.core.eventDestinations.del(id)).id, id);
  await refused(stripe.v2.core.eventDestinations.retrieve(id), { statusCode: 404 });
  const bad = { name: 'D', type: 'webhook_endpoint', event_payload: 'thin', enabled_events: ['*'], webhook_endpoint: { url: 'ftp://x' } };
  await refused(stripe.v2.core.eventDestinations.create(bad), { code: 'url_invalid' });
});
