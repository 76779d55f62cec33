import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, client, KEY, newPrice, refused, stripe, unique } from './account.mjs';

test('errors are as Stripe makes them', async () => {
  const error = await refused(stripe.products.retrieve('prod_none'), { type: 'StripeInvalidRequestError', statusCode: 404 });
  assert.equal(error.message, "No such product: 'prod_none'");
  assert.equal(error.doc_url, 'https://stripe.com/docs/error-codes/resource-missing');
  assert.match(error.requestId, /^req_/);
  assert.equal(error.headers['request-id'], error.requestId);
  await refused(stripe.products.create({}), { code: 'parameter_missing', param: 'name', message: 'Missing required param: name.' });
  const unknown = stripe.products.create({ name: 'A', colour: 'red', marketing_features: [{ name: 'a', nam: 'b' }] });
  await refused(unknown, { code: 'parameter_unknown', message: /^Received unknown parameters: colour, marketing_features\[0\]\[nam\]$/ });
  await refused(stripe.products.list({ limit: 101 }), { param: 'limit', code: 'parameter_invalid_integer' });
  await refused(stripe.prices.create({ currency: 'xxx', product: 'p', unit_amount: 1 }), { param: 'currency' });
  await refused(newPrice({ unit_amount: 1.5 }), { code: 'parameter_invalid_integer', param: 'unit_amount' });
  await refused(newPrice({ recurring: { interval: 'moon' } }), { param: 'recurring[interval]' });
  await refused(stripe.rawRequest('GET', '/v1/nothing'), { statusCode: 404, message: /Unrecognized request URL \(GET: \/v1\/nothing\)/ });
});

test('only secret test keys are taken', async () => {
  await refused(client({}, 'sk_live_4eC39HqLyjWDarjtT1zdp7dc').products.list(), {
    type: 'StripeAuthenticationError', statusCode: 401, message: /^Invalid API Key provided: sk_live_\*+p7dc$/,
  });
  await refused(client({}, 'pk_test_123').products.list(), { statusCode: 403, code: 'secret_key_required' });
  const bare = await fetch(new URL('/v1/products', base));
  assert.equal(bare.status, 401);
  const basic = await fetch(new URL('/v1/account', base), { headers: { authorization: `Basic ${btoa(`${KEY}:`)}` } });
  assert.equal((await basic.json()).object, 'account');
});

test('the account is that of the key', async () => {
  const account = await stripe.accounts.retrieveCurrent();
  assert.match(account.id, /^acct_/);
  assert.equal(account.charges_enabled, true);
  assert.equal((await stripe.accounts.retrieve(account.id)).id, account.id);
  await refused(stripe.accounts.retrieve('acct_other'), { statusCode: 403, code: 'account_invalid' });
});

test('pages go both ways, and miss and repeat nothing', async () => {
  const { product } = await newPrice();
  for (let count = 1; count < 25; count += 1) await newPrice({ product });
  const { data: all } = await stripe.prices.list({ product, limit: 100 });
  assert.equal(all.length, 25);
  const paged = [];
  for await (const price of stripe.prices.list({ product, limit: 4 })) paged.push(price.id);
  assert.deepEqual(paged, all.map(({ id }) => id));
  const before = await stripe.prices.list({ product, limit: 3, ending_before: all[10].id });
  assert.deepEqual(before.data.map(({ id }) => id), all.slice(7, 10).map(({ id }) => id));
  assert.equal(before.has_more, true);
  const first = await stripe.prices.list({ product });
  assert.deepEqual([first.data.length, first.has_more, first.url, first.object], [10, true, '/v1/prices', 'list']);
  const last = await stripe.prices.list({ product, starting_after: all[23].id });
  assert.deepEqual([last.data.length, last.has_more], [1, false]);
  await refused(stripe.prices.list({ starting_after: 'price_none' }), { code: 'resource_missing', param: 'starting_after' });
});

test('objects are expanded where they are asked for', async () => {
  const price = await newPrice({ expand: ['product'] });
  assert.equal(price.product.object, 'product');
  await stripe.products.update(price.product.id, { default_price: price.id });
  const nested = await stripe.prices.retrieve(price.id, { expand: ['product.default_price.product'] });
  assert.equal(nested.product.default_price.product.id, price.product.id);
  const list = await stripe.prices.list({ product: price.product.id, expand: ['data.product', 'data.currency_options'] });
  assert.equal(list.data[0].product.name, price.product.name);
  assert.equal(list.data[0].currency_options.usd.unit_amount, 1000);
  await refused(stripe.prices.list({ expand: ['product'] }), { message: /You may want to try expanding 'data.product' instead/ });
  await refused(stripe.prices.retrieve(price.id, { expand: ['currency'] }), { message: 'This property cannot be expanded (currency).' });
  const deep = 'product.default_price.product.default_price.product';
  await refused(stripe.prices.retrieve(price.id, { expand: [deep] }), { message: /more than 4 levels/ });
});

test('an idempotency key gives the same answer again', async () => {
  const idempotencyKey = unique('key');
  const first = await stripe.products.create({ name: 'Once' }, { idempotencyKey });
  const again = await stripe.products.create({ name: 'Once' }, { idempotencyKey });
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(again.lastResponse.headers['original-request'], first.lastResponse.requestId);
  assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
  const other = stripe.products.create({ name: 'Twice' }, { idempotencyKey });
  await refused(other, { type: 'StripeIdempotencyError', statusCode: 400, message: /Keys for idempotent requests/ });
  const elsewhere = stripe.products.update(first.id, { name: 'Once' }, { idempotencyKey });
  await refused(elsewhere, { type: 'StripeIdempotencyError' });
});

test('an error is kept for its key, unless the parameters were wrong', async () => {
  const price = await newPrice();
  await stripe.products.update(price.product, { default_price: price.id });
  const idempotencyKey = unique('key');
  const archive = () => stripe.prices.update(price.id, { active: false }, { idempotencyKey });
  await refused(archive(), { message: /default price/ });
  await stripe.products.update(price.product, { default_price: '' });
  const kept = await refused(archive(), { message: /default price/ });
  assert.equal(kept.headers['idempotent-replayed'], 'true');
  const wrong = unique('key');
  await refused(stripe.products.create({}, { idempotencyKey: wrong }), { code: 'parameter_missing' });
  assert.equal((await stripe.products.create({ name: 'Right' }, { idempotencyKey: wrong })).name, 'Right');
});

test('the version that is asked for is answered, and must be one', async () => {
  const product = await client({ apiVersion: '2024-06-20' }).products.create({ name: 'A' });
  assert.equal(product.lastResponse.headers['stripe-version'], '2024-06-20');
  await refused(client({ apiVersion: 'newest' }).products.list(), { statusCode: 400, message: /Invalid Stripe API version: newest/ });
});

test('writes are told as events', async () => {
  const product = await stripe.products.create({ name: 'Old' });
  await stripe.products.update(product.id, { name: 'New' });
  await stripe.products.update(product.id, { name: 'New' });
  await stripe.products.del(product.id);
  const { data } = await stripe.events.list({ types: ['product.created', 'product.updated', 'product.deleted'], limit: 100 });
  const own = data.filter((event) => event.data.object.id === product.id).reverse();
  assert.deepEqual(own.map(({ type }) => type), ['product.created', 'product.updated', 'product.deleted']);
  assert.equal(own[1].data.previous_attributes.name, 'Old');
  assert.equal(own[0].request.id, product.lastResponse.requestId);
  assert.equal((await stripe.events.retrieve(own[0].id)).type, 'product.created');
});
