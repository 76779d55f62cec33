// The account under test, at SANDBOX_URL, through Stripe's own client.
import assert from 'node:assert/strict';
import Stripe from 'stripe';

export const base = new URL(process.env.SANDBOX_URL);
export const KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';

export function client(options = {}, key = KEY) {
  return new Stripe(key, {
    protocol: 'http',
    host: base.hostname,
    port: base.port,
    maxNetworkRetries: 0,
    telemetry: false,
    ...options,
  });
}

export const stripe = client();

// A name that no other test uses.
let names = 0;
export const unique = (prefix) => `${prefix}_${process.pid}_${(names += 1)}`;

export async function newPrice(params = {}) {
  const product = params.product ?? (await stripe.products.create({ name: unique('Product') })).id;
  const amount = ['unit_amount', 'unit_amount_decimal', 'custom_unit_amount', 'tiers'].some((name) => name in params);
  return stripe.prices.create({ currency: 'usd', product, ...(amount ? {} : { unit_amount: 1000 }), ...params });
}

// A customer who pays with a test card.
export async function payer(card = 'pm_card_visa', params = {}) {
  const customer = await stripe.customers.create(params);
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  return customer.id;
}

export const monthly = (params) => newPrice({ recurring: { interval: 'month' }, ...params });
export const subscribe = async (items, params = {}) =>
  stripe.subscriptions.create({ customer: params.customer ?? (await payer()), items, ...params });

// The events that follow one, the oldest first.
export async function eventsSince(last) {
  const pages = [];
  for (let newest = last; ; ) {
    const { data, has_more: hasMore } = await stripe.events.list({ limit: 100, ending_before: newest });
    pages.push(...data.toReversed());
    if (!hasMore) return pages;
    newest = data[0].id;
  }
}
export const lastEvent = async () => (await stripe.events.list({ limit: 1 })).data[0]?.id;

// The error with which a call is refused, and whether it is as Stripe's.
export async function refused(call, expected) {
  const error = await call.then(
    () => assert.fail('the call was not refused'),
    (error) => error,
  );
  assert.ok(error instanceof Stripe.errors.StripeError, String(error));
  for (const [name, value] of Object.entries(expected)) {
    const actual = name === 'message' ? error.message : error[name];
    if (value instanceof RegExp) assert.match(String(actual), value);
    else assert.equal(actual, value, `${name} of: ${error.message}`);
  }
  return error;
}

// The control of the sandbox itself.
export async function control(path, body, method = 'POST') {
  const response = await fetch(new URL(`/_sandbox/${path}`, base), {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response.json();
}
