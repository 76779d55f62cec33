import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPrice, refused, stripe, unique } from './account.mjs';

test('a product is what was sent, and what was not sent is as Stripe has it', async () => {
  const product = await stripe.products.create({
    name: 'Starter Plan',
    description: 'For one',
    marketing_features: [{ name: 'One' }, { name: 'Two & more' }],
    metadata: { 'a b': 'c=d&e', empty: '' },
    images: ['https://example.com/a.png'],
    package_dimensions: { height: 1, length: 2, weight: 3, width: 4 },
    unit_label: 'seat',
  });
  assert.match(product.id, /^prod_[A-Za-z0-9]{14}$/);
  assert.deepEqual(product.metadata, { 'a b': 'c=d&e' });
  assert.deepEqual(product.marketing_features, [{ name: 'One' }, { name: 'Two & more' }]);
  assert.equal(product.active, true);
  assert.equal(product.default_price, null);
  assert.equal(product.package_dimensions.width, 4);
  assert.deepEqual(await stripe.products.retrieve(product.id), product);
});

test('an update changes what it names, and an empty text takes it away', async () => {
  const { id } = await stripe.products.create({ name: 'A', description: 'B', metadata: { keep: '1', go: '2' } });
  const updated = await stripe.products.update(id, { name: 'C', metadata: { go: '', come: '3' } });
  assert.equal(updated.name, 'C');
  assert.equal(updated.description, 'B');
  assert.deepEqual(updated.metadata, { keep: '1', come: '3' });
  const cleared = await stripe.products.update(id, { description: '', metadata: '' });
  assert.equal(cleared.description, null);
  assert.deepEqual(cleared.metadata, {});
});

test('a name cannot be taken away', async () => {
  const { id } = await stripe.products.create({ name: 'A' });
  await refused(stripe.products.update(id, { name: '' }), { code: 'parameter_invalid_empty', param: 'name', statusCode: 400 });
});

test('an id can be chosen once', async () => {
  const id = unique('chosen');
  assert.equal((await stripe.products.create({ id, name: 'A' })).id, id);
  await refused(stripe.products.create({ id, name: 'B' }), { code: 'resource_already_exists', statusCode: 400 });
});

test('a product may bring its first price', async () => {
  const product = await stripe.products.create({
    name: 'A',
    default_price_data: { currency: 'eur', unit_amount: 990, recurring: { interval: 'month' } },
    expand: ['default_price'],
  });
  assert.equal(product.default_price.product, product.id);
  assert.equal(product.default_price.recurring.interval, 'month');
});

test('a default price is one of the product, and active', async () => {
  const price = await newPrice();
  const product = await stripe.products.update(price.product, { default_price: price.id });
  assert.equal(product.default_price, price.id);
  const other = await stripe.products.create({ name: 'Other' });
  await refused(stripe.products.update(other.id, { default_price: price.id }), { param: 'default_price' });
  const archived = await newPrice({ product: other.id, active: false });
  await refused(stripe.products.update(other.id, { default_price: archived.id }), { param: 'default_price' });
});

test('a product goes unless it has prices', async () => {
  const free = await stripe.products.create({ name: 'A' });
  assert.deepEqual(await stripe.products.del(free.id), { id: free.id, object: 'product', deleted: true });
  await refused(stripe.products.retrieve(free.id), { code: 'resource_missing', statusCode: 404, param: 'id' });
  const price = await newPrice({ active: false });
  await refused(stripe.products.del(price.product), { message: /one or more user-created prices/ });
});

test('metadata has limits', async () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
  await refused(stripe.products.create({ name: 'A', metadata: many }), { param: 'metadata' });
  await refused(stripe.products.create({ name: 'A', metadata: { ['k'.repeat(41)]: 'v' } }), { param: 'metadata' });
  await refused(stripe.products.create({ name: 'A', metadata: { k: 'v'.repeat(501) } }), { param: 'metadata[k]' });
  await stripe.products.create({ name: 'A', metadata: { ['k'.repeat(40)]: 'é'.repeat(500) } });
});

test('a list is narrowed down by active, ids and created', async () => {
  const before = Math.floor(Date.now() / 1000) - 5;
  const [one, two] = await Promise.all(['A', 'B'].map((name) => stripe.products.create({ name, active: name === 'A' })));
  const listed = async (params) => (await stripe.products.list({ ids: [one.id, two.id], ...params })).data.map(({ id }) => id);
  assert.deepEqual((await listed({})).sort(), [one.id, two.id].sort());
  assert.deepEqual(await listed({ active: false }), [two.id]);
  assert.deepEqual((await listed({ created: { gte: before } })).length, 2);
  assert.deepEqual(await listed({ created: { lt: before } }), []);
});
