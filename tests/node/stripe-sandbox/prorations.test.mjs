import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthly, newPrice, payer, refused, stripe, subscribe } from './account.mjs';

const pending = async (customer) => (await stripe.invoiceItems.list({ customer, pending: true })).data.toReversed();
const amounts = (list) => list.map(({ amount }) => amount);

// A subscription, and the moment at which a share of its period is over.
async function begun(unit_amount = 3000, quantity = 1) {
  const price = await monthly({ unit_amount });
  const subscription = await subscribe([{ price: price.id, quantity }]);
  const [item] = subscription.items.data;
  const at = (share) => item.current_period_start + Math.round((item.current_period_end - item.current_period_start) * share);
  return { ...subscription, item: item.id, price: price.id, end: item.current_period_end, at };
}

test('an exchange of prices gives back what is unused and costs what remains, to the second', async () => {
  const { id, customer, item, end, at } = await begun(3000);
  const larger = await monthly({ unit_amount: 5000 });
  const moved = await stripe.subscriptions.update(id, { items: [{ id: item, price: larger.id }], proration_date: at(0.25) });
  assert.equal(moved.items.data[0].current_period_end, end);
  const [credit, charge] = await pending(customer);
  assert.deepEqual([credit.amount, charge.amount, credit.proration, credit.discountable], [-2250, 3750, true, false]);
  assert.deepEqual([credit.period.start, credit.period.end], [at(0.25), end]);
  assert.match(credit.description, /^Unused time on Product_\S+ after \d\d \w{3} \d{4}$/);
  assert.match(charge.description, /^Remaining time on /);
  assert.equal(charge.parent.subscription_details.subscription, id);
  const next = await stripe.invoices.createPreview({ subscription: id });
  assert.deepEqual(amounts(next.lines.data), [-2250, 3750, 5000]);
  assert.equal(next.lines.data[0].parent.subscription_item_details.proration, true);
});

test('seconds are rounded to whole minor units, half away from zero', async () => {
  const { id, customer, item, end } = await begun(1000);
  const { current_period_start: start } = (await stripe.subscriptions.retrieve(id)).items.data[0];
  const moment = start + 1_000_003;
  await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 7 }], proration_date: moment });
  const exact = (whole) => Math.round((whole * (end - moment)) / (end - start));
  assert.deepEqual(amounts(await pending(customer)), [-exact(1000), exact(7000)]);
});

test('a change is billed at once, or not at all', async () => {
  const { id, customer, item, at } = await begun(2000);
  const now = { items: [{ id: item, quantity: 3 }], proration_behavior: 'always_invoice', proration_date: at(0.5) };
  const changed = await stripe.subscriptions.update(id, { ...now, expand: ['latest_invoice'] });
  const { status, billing_reason: reason, total, lines } = changed.latest_invoice;
  assert.deepEqual([status, reason, total, amounts(lines.data)], ['paid', 'subscription_update', 2000, [-1000, 3000]]);
  assert.deepEqual(await pending(customer), []);
  const silent = await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 1 }], proration_behavior: 'none' });
  assert.equal(silent.latest_invoice, changed.latest_invoice.id);
  assert.deepEqual(await pending(customer), []);
  const early = { items: [{ id: item, quantity: 2 }], proration_date: at(0) - 10 };
  await refused(stripe.subscriptions.update(id, early), { param: 'proration_date' });
});

test('a credit that is larger than the bill goes to the balance', async () => {
  const { id, customer, item, at } = await begun(4000);
  const smaller = await monthly({ unit_amount: 1000 });
  const less = { items: [{ id: item, price: smaller.id }], proration_behavior: 'always_invoice', proration_date: at(0.5) };
  const { latest_invoice: invoice } = await stripe.subscriptions.update(id, { ...less, expand: ['latest_invoice'] });
  assert.deepEqual([invoice.total, invoice.amount_due, invoice.status, invoice.ending_balance], [-1500, 0, 'paid', -1500]);
  assert.equal((await stripe.customers.retrieve(customer)).balance, -1500);
});

test('another interval begins a new period, which is paid at once', async () => {
  const { id, item } = await begun(1000);
  const yearly = await newPrice({ unit_amount: 10_000, recurring: { interval: 'year' } });
  const changed = await stripe.subscriptions.update(id, { items: [{ id: item, price: yearly.id }], expand: ['latest_invoice'] });
  const { lines, status } = changed.latest_invoice;
  assert.deepEqual([status, lines.data.length, lines.data[1].amount], ['paid', 2, 10_000]);
  assert.ok(lines.data[0].amount <= -999 && lines.data[0].amount >= -1000, String(lines.data[0].amount));
  assert.equal(changed.billing_cycle_anchor, changed.items.data[0].current_period_start);
  const again = await stripe.subscriptions.update(id, { billing_cycle_anchor: 'now', proration_behavior: 'none', expand: ['latest_invoice'] });
  assert.deepEqual(amounts(again.latest_invoice.lines.data), [10_000]);
});

test('a subscription that begins before its cycle pays a part', async () => {
  const price = await monthly({ unit_amount: 3100 });
  const customer = await payer();
  const now = (await stripe.customers.retrieve(customer)).created;
  const anchor = now + 10 * 86_400;
  const part = await subscribe([{ price: price.id }], { customer, billing_cycle_anchor: anchor, expand: ['latest_invoice'] });
  assert.equal(part.items.data[0].current_period_end, anchor);
  assert.ok(part.latest_invoice.total > 900 && part.latest_invoice.total < 1200, String(part.latest_invoice.total));
  const free = await subscribe([{ price: price.id }], { customer, billing_cycle_anchor: anchor, proration_behavior: 'none', expand: ['latest_invoice'] });
  assert.deepEqual([free.latest_invoice.total, free.status], [0, 'active']);
  const late = subscribe([{ price: price.id }], { customer, billing_cycle_anchor: now + 60 * 86_400 });
  await refused(late, { param: 'billing_cycle_anchor' });
});

test('items are added, changed and taken out by themselves', async () => {
  const { id, customer, item } = await begun(1000);
  const more = await monthly({ unit_amount: 500 });
  const added = await stripe.subscriptionItems.create({ subscription: id, price: more.id, quantity: 2, metadata: { a: '1' } });
  assert.deepEqual([added.subscription, added.quantity, added.metadata.a], [id, 2, '1']);
  assert.equal((await pending(customer)).length, 1);
  const updated = await stripe.subscriptionItems.update(added.id, { quantity: 3, proration_behavior: 'none' });
  assert.equal(updated.quantity, 3);
  assert.deepEqual((await stripe.subscriptionItems.retrieve(added.id)).id, added.id);
  assert.equal((await stripe.subscriptionItems.list({ subscription: id })).data.length, 2);
  assert.equal((await stripe.subscriptionItems.list({ subscription: id, limit: 1 })).has_more, true);
  assert.equal((await stripe.subscriptionItems.del(item)).deleted, true);
  await refused(stripe.subscriptionItems.retrieve(item), { statusCode: 404 });
  await refused(stripe.subscriptionItems.del(added.id), { param: 'items' });
});

test('a change that cannot be paid is refused, or leaves the subscription past due', async () => {
  const { id, customer, item } = await begun(1000);
  const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } });
  const larger = await monthly({ unit_amount: 9000 });
  const change = { items: [{ id: item, price: larger.id }], proration_behavior: 'always_invoice' };
  await refused(stripe.subscriptions.update(id, { ...change, payment_behavior: 'error_if_incomplete' }), { code: 'card_declined' });
  assert.equal((await stripe.subscriptions.retrieve(id)).items.data[0].price.unit_amount, 1000);
  assert.deepEqual(await pending(customer), []);
  assert.equal((await stripe.subscriptions.update(id, change)).status, 'past_due');
  assert.equal((await stripe.customers.retrieve(customer)).delinquent, true);
});

test('an end gives back what is unused where that is asked for', async () => {
  const { id, customer } = await begun(3000);
  const ended = await stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true, expand: ['latest_invoice'] });
  assert.equal(ended.status, 'canceled');
  assert.ok(ended.latest_invoice.total <= -2999, String(ended.latest_invoice.total));
  assert.equal((await stripe.customers.retrieve(customer)).balance, ended.latest_invoice.total);
});
