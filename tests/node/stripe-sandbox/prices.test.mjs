import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newPrice, refused, stripe, unique } from './account.mjs';

test('a flat price', async () => {
  const price = await newPrice({ unit_amount: 3500, recurring: { interval: 'month' }, nickname: 'N', tax_behavior: 'exclusive' });
  assert.match(price.id, /^price_1[A-Za-z0-9]{23}$/);
  assert.equal(price.unit_amount, 3500);
  assert.equal(String(price.unit_amount_decimal), '3500');
  assert.equal(price.type, 'recurring');
  assert.deepEqual(price.recurring, {
    interval: 'month', interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed',
  });
  assert.equal(price.tiers, undefined);
  assert.equal(price.currency_options, undefined);
});

test('an amount may be finer than the smallest coin', async () => {
  const price = await newPrice({ unit_amount_decimal: '0.050' });
  assert.equal(price.unit_amount, null);
  assert.equal(String(price.unit_amount_decimal), '0.05');
  assert.equal((await newPrice({ unit_amount_decimal: '1200.0' })).unit_amount, 1200);
  await refused(newPrice({ unit_amount_decimal: '0.0000000000001' }), { param: 'unit_amount_decimal' });
});

test('tiers are shown on request, and are in order', async () => {
  const tiers = [{ up_to: 10, unit_amount: 500, flat_amount: 100 }, { up_to: 'inf', unit_amount_decimal: '400.25' }];
  const params = { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers, recurring: { interval: 'year' } };
  const price = await newPrice({ ...params, expand: ['tiers'] });
  assert.deepEqual(price.tiers.map((tier) => tier.up_to), [10, null]);
  assert.equal(String(price.tiers[1].unit_amount_decimal), '400.25');
  assert.equal(price.tiers[1].unit_amount, null);
  assert.equal(price.unit_amount, null);
  await refused(newPrice({ ...params, tiers: [...tiers].reverse() }), { param: /tiers\[0\]\[up_to\]/ });
  await refused(newPrice({ ...params, tiers: [tiers[0]] }), { param: 'tiers[0][up_to]' });
  await refused(newPrice({ ...params, tiers_mode: undefined }), { code: 'parameter_missing', param: 'tiers_mode' });
  await refused(newPrice({ tiers, tiers_mode: 'volume' }), { param: 'tiers' });
});

test('one price in several currencies', async () => {
  const price = await newPrice({
    unit_amount: 1000,
    currency_options: { EUR: { unit_amount: 900, tax_behavior: 'inclusive' }, jpy: { unit_amount: 150 } },
    expand: ['currency_options'],
  });
  assert.deepEqual(Object.keys(price.currency_options).sort(), ['eur', 'jpy', 'usd']);
  assert.equal(price.currency_options.eur.unit_amount, 900);
  assert.equal(price.currency_options.eur.tax_behavior, 'inclusive');
  assert.equal(price.currency_options.usd.unit_amount, 1000);
  const updated = await stripe.prices.update(price.id, {
    currency_options: { gbp: { unit_amount: 800 }, eur: '' },
    expand: ['currency_options'],
  });
  assert.deepEqual(Object.keys(updated.currency_options).sort(), ['gbp', 'jpy', 'usd']);
  const own = stripe.prices.update(price.id, { currency_options: { usd: { unit_amount: 1 } } });
  await refused(own, { param: 'currency_options[usd]', message: /matches the top-level currency/ });
});

test('a metered price has a meter', async () => {
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls', event_name: unique('calls'), default_aggregation: { formula: 'sum' },
  });
  const recurring = { interval: 'month', usage_type: 'metered' };
  const price = await newPrice({ recurring: { ...recurring, meter: meter.id } });
  assert.equal(price.recurring.meter, meter.id);
  await refused(newPrice({ recurring }), { param: 'recurring[meter]' });
  await refused(newPrice({ recurring: { ...recurring, meter: 'mtr_none' } }), { code: 'resource_missing', statusCode: 400 });
});

test('customers may choose the amount', async () => {
  const price = await newPrice({ custom_unit_amount: { enabled: true, minimum: 500, preset: 1000 } });
  assert.deepEqual(price.custom_unit_amount, { maximum: null, minimum: 500, preset: 1000 });
  assert.equal(price.unit_amount, null);
});

test('a price has exactly one form of amount', async () => {
  const { id: product } = await stripe.products.create({ name: 'A' });
  await refused(stripe.prices.create({ currency: 'usd', product }), { code: 'parameter_missing', param: 'unit_amount' });
  const both = stripe.prices.create({ currency: 'usd', product, unit_amount: 1, unit_amount_decimal: '1' });
  await refused(both, { code: 'parameters_exclusive' });
});

test('the amount of a price never changes', async () => {
  const price = await newPrice();
  for (const change of [{ unit_amount: 1 }, { currency: 'eur' }, { recurring: { interval: 'day' } }, { product: 'prod_x' }]) {
    const [name] = Object.keys(change);
    await refused(stripe.prices.update(price.id, change), { code: 'parameter_unknown', param: name });
  }
  const updated = await stripe.prices.update(price.id, { nickname: 'N', metadata: { a: 'b' }, tax_behavior: 'inclusive' });
  assert.deepEqual([updated.nickname, updated.metadata.a, updated.tax_behavior], ['N', 'b', 'inclusive']);
  await refused(stripe.prices.update(price.id, { tax_behavior: 'exclusive' }), { param: 'tax_behavior' });
});

test('a lookup key has one holder, which hands it over when asked', async () => {
  const key = unique('key');
  const first = await newPrice({ lookup_key: key, active: false });
  const taken = await refused(newPrice({ lookup_key: key }), { param: 'lookup_key' });
  assert.equal(taken.message, `A price (\`${first.id}\`) already uses that lookup key.`);
  const second = await newPrice({ lookup_key: key, transfer_lookup_key: true });
  assert.equal((await stripe.prices.retrieve(first.id)).lookup_key, null);
  const { data } = await stripe.prices.list({ lookup_keys: [key] });
  assert.deepEqual(data.map(({ id }) => id), [second.id]);
  await stripe.prices.update(first.id, { lookup_key: key, transfer_lookup_key: true });
  assert.equal((await stripe.prices.retrieve(second.id)).lookup_key, null);
});

test('a default price cannot be archived', async () => {
  const price = await newPrice();
  await stripe.products.update(price.product, { default_price: price.id });
  const message = 'This price cannot be archived because it is the default price of its product.';
  await refused(stripe.prices.update(price.id, { active: false }), { message, statusCode: 400 });
  await stripe.products.update(price.product, { default_price: '' });
  assert.equal((await stripe.prices.update(price.id, { active: false })).active, false);
  assert.equal((await stripe.prices.update(price.id, { active: true })).active, true);
});

test('a refused price leaves nothing behind', async () => {
  const name = unique('Orphan');
  await refused(newPrice({ product: undefined, product_data: { name }, unit_amount: undefined, tiers_mode: 'volume', tiers: [] }), {});
  const key = unique('key');
  const holder = await newPrice({ lookup_key: key });
  const wrong = newPrice({ lookup_key: key, transfer_lookup_key: true, expand: ['nothing'] });
  await refused(wrong, { message: /This property cannot be expanded/ });
  assert.equal((await stripe.prices.retrieve(holder.id)).lookup_key, key);
  const names = [];
  for await (const product of stripe.products.list({ limit: 100 })) names.push(product.name);
  assert.ok(!names.includes(name));
});

test('a list is narrowed down', async () => {
  const monthly = await newPrice({ recurring: { interval: 'month' } });
  const { product } = monthly;
  const yearly = await newPrice({ product, recurring: { interval: 'year' } });
  const once = await newPrice({ product, currency: 'eur', active: false });
  const listed = async (params) => (await stripe.prices.list({ product, ...params })).data.map(({ id }) => id);
  assert.deepEqual(await listed({}), [once.id, yearly.id, monthly.id]);
  assert.deepEqual(await listed({ active: true }), [yearly.id, monthly.id]);
  assert.deepEqual(await listed({ type: 'one_time' }), [once.id]);
  assert.deepEqual(await listed({ recurring: { interval: 'year' } }), [yearly.id]);
  assert.deepEqual(await listed({ currency: 'eur' }), [once.id]);
});
