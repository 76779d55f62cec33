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
