import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, stripe } from './account.mjs';
import { receiver } from './receiver.mjs';

test('events arrive signed, and only those that are wanted', async (t) => {
  const { url, until, arrived } = await receiver(t);
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['product.created', 'product.deleted'] });
  assert.match(endpoint.secret, /^whsec_/);
  assert.equal((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret, undefined);
  const product = await stripe.products.create({ name: 'Grüße' });
  await stripe.products.update(product.id, { name: 'B' });
  await stripe.products.del(product.id);
  await until(2);
  const events = arrived.map(({ headers, body }) =>
    stripe.webhooks.constructEvent(body, headers['stripe-signature'], endpoint.secret));
  assert.deepEqual(events.map(({ type }) => type).sort(), ['product.created', 'product.deleted']);
  assert.equal(events.find(({ type }) => type === 'product.created').data.object.name, 'Grüße');
  assert.throws(() => stripe.webhooks.constructEvent(arrived[0].body, arrived[0].headers['stripe-signature'], 'whsec_other'));
  await stripe.webhookEndpoints.del(endpoint.id);
});

test('an endpoint is changed, silenced and gone', async (t) => {
  const { url } = await receiver(t);
  await refused(stripe.webhookEndpoints.create({ url: 'ftp://x', enabled_events: ['*'] }), { param: 'url' });
  await refused(stripe.webhookEndpoints.create({ url }), { code: 'parameter_missing', param: 'enabled_events' });
  const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'], description: 'D' });
  const updated = await stripe.webhookEndpoints.update(endpoint.id, { disabled: true, enabled_events: ['coupon.created'] });
  assert.deepEqual([updated.status, updated.enabled_events], ['disabled', ['coupon.created']]);
  const { data } = await stripe.events.list({ limit: 1 });
  const coupon = await stripe.coupons.create({ percent_off: 1 });
  const event = (await stripe.events.list({ type: 'coupon.created', limit: 1 })).data[0];
  assert.equal(event.data.object.id, coupon.id);
  assert.notEqual(event.id, data[0]?.id);
  assert.equal(event.pending_webhooks, 0);
  assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
  await refused(stripe.webhookEndpoints.retrieve(endpoint.id), { statusCode: 404 });
});
