import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPrice, refused, stripe, unique } from './account.mjs';

const inAYear = () => Math.floor(Date.now() / 1000) + 365 * 86400;

test('a feature has a lookup key of its own', async () => {
  const lookup_key = unique('feature');
  const feature = await stripe.entitlements.features.create({ lookup_key, name: 'F', metadata: { a: 'b' } });
  assert.match(feature.id, /^feat_test_/);
  await refused(stripe.entitlements.features.create({ lookup_key, name: 'G' }), { param: 'lookup_key' });
  const { data } = await stripe.entitlements.features.list({ lookup_key });
  assert.deepEqual(data, [feature]);
  const archived = await stripe.entitlements.features.update(feature.id, { active: false, name: 'G' });
  assert.deepEqual([archived.active, archived.name], [false, 'G']);
  assert.deepEqual((await stripe.entitlements.features.list({ lookup_key, archived: false })).data, []);
  assert.equal((await stripe.entitlements.features.list({ lookup_key, archived: true })).data.length, 1);
});

test('a product grants features', async () => {
  const product = await stripe.products.create({ name: 'A' });
  const other = await stripe.products.create({ name: 'B' });
  const feature = await stripe.entitlements.features.create({ lookup_key: unique('feature'), name: 'F' });
  const attached = await stripe.products.createFeature(product.id, { entitlement_feature: feature.id });
  assert.match(attached.id, /^prodft_/);
  assert.deepEqual(attached.entitlement_feature, feature);
  await refused(stripe.products.createFeature(product.id, { entitlement_feature: feature.id }), { param: 'entitlement_feature' });
  await refused(stripe.products.createFeature(product.id, { entitlement_feature: 'feat_none' }), { code: 'resource_missing' });
  await stripe.entitlements.features.update(feature.id, { name: 'Renamed' });
  const { data } = await stripe.products.listFeatures(product.id);
  assert.deepEqual(data.map(({ id, entitlement_feature }) => [id, entitlement_feature.name]), [[attached.id, 'Renamed']]);
  assert.deepEqual((await stripe.products.listFeatures(other.id)).data, []);
  await refused(stripe.products.retrieveFeature(other.id, attached.id), { statusCode: 404 });
  assert.equal((await stripe.products.deleteFeature(product.id, attached.id)).deleted, true);
  assert.deepEqual((await stripe.products.listFeatures(product.id)).data, []);
});

test('a coupon takes a percentage or an amount off', async () => {
  const percent = await stripe.coupons.create({ percent_off: 33.3, duration: 'repeating', duration_in_months: 3, redeem_by: inAYear() });
  assert.match(percent.id, /^[A-Za-z0-9]{8}$/);
  assert.deepEqual([percent.percent_off, percent.amount_off, percent.valid], [33.3, null, true]);
  const { product } = await newPrice();
  const id = unique('OFF');
  const amount = await stripe.coupons.create({
    id, amount_off: 500, currency: 'usd', currency_options: { eur: { amount_off: 450 } }, applies_to: { products: [product] },
    expand: ['applies_to', 'currency_options'],
  });
  assert.equal(amount.id, id);
  assert.equal(amount.duration, 'once');
  assert.deepEqual(amount.applies_to.products, [product]);
  assert.equal(amount.currency_options.eur.amount_off, 450);
  assert.equal((await stripe.coupons.retrieve(id)).applies_to, undefined);
  await refused(stripe.coupons.create({ id, percent_off: 1 }), { code: 'resource_already_exists' });
  await refused(stripe.coupons.create({ percent_off: 1, amount_off: 1, currency: 'usd' }), { code: 'parameters_exclusive' });
  await refused(stripe.coupons.create({ percent_off: 101 }), { param: 'percent_off' });
  await refused(stripe.coupons.create({ amount_off: 1 }), { param: 'currency' });
  await refused(stripe.coupons.create({ percent_off: 1, duration: 'repeating' }), { param: 'duration_in_months' });
  await refused(stripe.coupons.create({ percent_off: 1, applies_to: { products: ['p'] } }), { param: 'applies_to[products][0]' });
  await refused(stripe.coupons.update(id, { amount_off: 1 }), { code: 'parameter_unknown' });
  assert.equal((await stripe.coupons.update(id, { name: 'N', metadata: { a: 'b' } })).name, 'N');
  await stripe.coupons.del(id);
  await refused(stripe.coupons.retrieve(id), { statusCode: 404 });
});

test('an active promotion code is the only one of its name', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 20 });
  const code = `FALL${Date.now()}`;
  const promotion = { type: 'coupon', coupon: coupon.id };
  const first = await stripe.promotionCodes.create({
    promotion, code, expires_at: inAYear(), max_redemptions: 5,
    restrictions: { first_time_transaction: true, minimum_amount: 100, minimum_amount_currency: 'usd' },
    expand: ['promotion.coupon'],
  });
  assert.equal(first.promotion.coupon.id, coupon.id);
  assert.equal(first.restrictions.minimum_amount, 100);
  await refused(stripe.promotionCodes.create({ promotion, code: code.toLowerCase() }), { message: /already exists/ });
  await stripe.promotionCodes.update(first.id, { active: false });
  const second = await stripe.promotionCodes.create({ promotion, code });
  assert.equal(second.promotion.coupon, coupon.id);
  await refused(stripe.promotionCodes.update(first.id, { active: true }), { message: /already exists/ });
  assert.deepEqual((await stripe.promotionCodes.list({ code, active: true })).data.map(({ id }) => id), [second.id]);
  assert.equal((await stripe.promotionCodes.list({ coupon: coupon.id })).data.length, 2);
  assert.match((await stripe.promotionCodes.create({ promotion })).code, /^[A-Z0-9]{8}$/);
  await refused(stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: 'none' } }), { param: 'promotion[coupon]' });
});

test('a meter counts under the name of its event', async () => {
  const event_name = unique('event');
  const params = { display_name: 'M', event_name, default_aggregation: { formula: 'sum' } };
  const meter = await stripe.billing.meters.create(params);
  assert.equal(meter.customer_mapping.event_payload_key, 'stripe_customer_id');
  await refused(stripe.billing.meters.create(params), { param: 'event_name' });
  assert.equal((await stripe.billing.meters.deactivate(meter.id)).status, 'inactive');
  await stripe.billing.meters.create(params);
  assert.equal((await stripe.billing.meters.update(meter.id, { display_name: 'N' })).display_name, 'N');
});

test('usage adds up for each customer', async () => {
  const event_name = unique('usage');
  const meter = await stripe.billing.meters.create({ display_name: 'U', event_name, default_aggregation: { formula: 'sum' } });
  const [one, other] = [await stripe.customers.create({}), await stripe.customers.create({})];
  const now = Math.floor(Date.now() / 1000);
  const tell = (customer, value, params = {}) =>
    stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: customer, value }, ...params });
  const told = await tell(one.id, '2.5', { identifier: unique('id'), timestamp: now - 60 });
  await tell(one.id, '40', { timestamp: now - 30 });
  await tell(one.id, '100', { timestamp: now - 7200 });
  await tell(other.id, '7');
  await refused(tell(one.id, '1', { identifier: told.identifier }), { code: 'duplicate_meter_event' });
  await refused(tell(one.id, 'much'), { param: 'payload' });
  await refused(tell('cus_none', '1'), { code: 'resource_missing' });
  await refused(tell(one.id, '1', { timestamp: now - 40 * 86_400 }), { param: 'timestamp' });
  const summary = (customer) => stripe.billing.meters.listEventSummaries(meter.id, { customer, start_time: now - 3600, end_time: now + 60 });
  assert.deepEqual((await summary(one.id)).data.map(({ aggregated_value }) => aggregated_value), [42.5]);
});
