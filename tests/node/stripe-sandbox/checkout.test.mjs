import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, KEY, base, newPrice, refused, stripe } from './account.mjs';

const URLS = { success_url: 'https://example.com/thanks', cancel_url: 'https://example.com' };
const session = (params) => stripe.checkout.sessions.create({ mode: 'payment', ...URLS, ...params });

// What a customer does on the page.
async function pay(id, params = {}) {
  const response = await fetch(new URL(`/_sandbox/checkout/sessions/${id}/pay`, base), {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: new URLSearchParams(params),
  });
  return { status: response.status, body: await response.json() };
}

test('a page sells what is priced and what is only described', async () => {
  const price = await newPrice({ unit_amount: 1500 });
  const described = { currency: 'usd', unit_amount: 250, product_data: { name: 'Sticker' } };
  const created = await session({
    line_items: [{ price: price.id, quantity: 2 }, { price_data: described, quantity: 1 }],
    client_reference_id: 'order-1', metadata: { a: 'b' }, customer_email: 'a@example.com',
  });
  assert.match(created.id, /^cs_test_/);
  assert.deepEqual([created.status, created.payment_status, created.amount_total], ['open', 'unpaid', 3250]);
  assert.ok(created.url.includes(created.id));
  assert.equal(created.line_items, undefined);
  const { data } = await stripe.checkout.sessions.listLineItems(created.id);
  assert.deepEqual(data.map(({ amount_total, quantity }) => [amount_total, quantity]), [[3000, 2], [250, 1]]);
  assert.equal(data[1].description, 'Sticker');
  const expanded = await stripe.checkout.sessions.retrieve(created.id, { expand: ['line_items.data.price.product'] });
  assert.equal(expanded.line_items.data[1].price.product.name, 'Sticker');
});

test('a customer pays, and everybody is told', async () => {
  const price = await newPrice({ unit_amount: 1500 });
  const { id } = await session({
    line_items: [{ price: price.id, quantity: 1 }], customer_creation: 'always', customer_email: 'a@example.com',
    payment_intent_data: { metadata: { order: '1' } },
  });
  const declined = await pay(id, { payment_method: 'pm_card_chargeDeclined' });
  assert.deepEqual([declined.status, declined.body.error.code], [402, 'card_declined']);
  assert.equal((await stripe.checkout.sessions.retrieve(id)).status, 'open');
  assert.equal((await pay(id, { name: 'N' })).status, 200);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent', 'customer'] });
  assert.deepEqual([paid.status, paid.payment_status, paid.url], ['complete', 'paid', null]);
  assert.deepEqual([paid.payment_intent.status, paid.payment_intent.amount], ['succeeded', 1500]);
  assert.deepEqual([paid.payment_intent.metadata.order, paid.payment_intent.customer], ['1', paid.customer.id]);
  assert.deepEqual([paid.customer.email, paid.customer_details.name], ['a@example.com', 'N']);
  const [event] = (await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })).data;
  assert.equal(event.data.object.id, id);
  assert.equal((await pay(id)).status, 400);
  await refused(stripe.checkout.sessions.expire(id), { statusCode: 400 });
});

test('a coupon takes off what it says', async () => {
  const [one, other] = [await newPrice({ unit_amount: 1000 }), await newPrice({ unit_amount: 1000 })];
  const coupon = await stripe.coupons.create({ percent_off: 25, applies_to: { products: [one.product] } });
  const line_items = [{ price: one.id, quantity: 1 }, { price: other.id, quantity: 1 }];
  const created = await session({ line_items, discounts: [{ coupon: coupon.id }] });
  assert.deepEqual([created.amount_subtotal, created.amount_total, created.total_details.amount_discount], [2000, 1750, 250]);
  const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } });
  assert.equal((await session({ line_items, discounts: [{ promotion_code: code.id }] })).amount_total, 1750);
  const whole = await stripe.coupons.create({ percent_off: 100 });
  const free = await session({ line_items, discounts: [{ coupon: whole.id }] });
  assert.equal((await pay(free.id)).body.payment_status, 'no_payment_required');
});

test('a page is refused where it could not be paid', async () => {
  const price = await newPrice();
  const line_items = [{ price: price.id, quantity: 1 }];
  const monthly = await newPrice({ recurring: { interval: 'month' } });
  const archived = await newPrice({ active: false });
  await refused(session({ line_items, success_url: undefined }), { code: 'parameter_missing', param: 'success_url' });
  await refused(session({ line_items: [{ price: price.id }] }), { param: 'line_items[0][quantity]' });
  await refused(session({ line_items: [{ price: monthly.id, quantity: 1 }] }), { param: 'mode' });
  await refused(session({ line_items, mode: 'subscription' }), { param: 'line_items' });
  await refused(session({ line_items: [{ price: archived.id, quantity: 1 }] }), { code: 'price_inactive' });
  await refused(session({ line_items: [{ price: 'price_none', quantity: 1 }] }), { code: 'resource_missing' });
  await refused(session({ line_items, customer: 'cus_none' }), { code: 'resource_missing', param: 'customer' });
  const subscription = await session({
    mode: 'subscription', line_items: [{ price: monthly.id, quantity: 3 }], subscription_data: { trial_period_days: 14 },
  });
  assert.equal(subscription.amount_total, 3000);
});

test('a page sells a subscription', async () => {
  const monthly = await newPrice({ recurring: { interval: 'month' } });
  const once = await newPrice();
  const { id } = await session({
    mode: 'subscription', customer_email: 'a@example.com',
    line_items: [{ price: monthly.id, quantity: 3 }, { price: once.id, quantity: 1 }],
    subscription_data: { trial_period_days: 14, metadata: { a: 'b' } },
  });
  assert.equal((await pay(id)).status, 200);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ['subscription.default_payment_method'] });
  const { subscription } = paid;
  assert.deepEqual([paid.status, subscription.status, subscription.metadata.a], ['complete', 'trialing', 'b']);
  assert.deepEqual(subscription.items.data.map(({ price, quantity }) => [price.id, quantity]), [[monthly.id, 3]]);
  assert.deepEqual([subscription.customer, subscription.default_payment_method.card.last4], [paid.customer, '4242']);
});

test('a page is open for a day at most', async () => {
  const price = await newPrice();
  const line_items = [{ price: price.id, quantity: 1 }];
  const { id } = await session({ line_items });
  const closed = await session({ line_items });
  assert.equal((await stripe.checkout.sessions.expire(closed.id)).status, 'expired');
  const { now } = await control('clock', undefined, 'GET');
  await refused(session({ line_items, expires_at: now + 60 }), { param: 'expires_at' });
  await control('clock', { advance_secs: 86_401 });
  assert.deepEqual(await stripe.checkout.sessions.retrieve(id).then(({ status, url }) => [status, url]), ['expired', null]);
  assert.ok((await stripe.checkout.sessions.list({ status: 'expired' })).data.some((expired) => expired.id === id));
});

test('a portal needs a configuration and a customer', async () => {
  const customer = await stripe.customers.create({});
  const create = (params = {}) => stripe.billingPortal.sessions.create({ customer: customer.id, ...params });
  await refused(create(), { message: /default configuration has not been created/ });
  const configuration = await stripe.billingPortal.configurations.create({
    features: { invoice_history: { enabled: true } }, default_return_url: 'https://example.com/back',
  });
  assert.equal(configuration.is_default, true);
  const portal = await create();
  assert.match(portal.url, /\/_sandbox\/pages\/portal\/bps_/);
  assert.deepEqual([portal.configuration, portal.return_url], [configuration.id, 'https://example.com/back']);
  assert.equal((await create({ return_url: 'https://example.com/other' })).return_url, 'https://example.com/other');
  await refused(create({ customer: 'cus_none' }), { param: 'customer' });
});
