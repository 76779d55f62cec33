import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, eventsSince, lastEvent, monthly, newPrice, payer, refused, stripe, subscribe } from './account.mjs';

const HOUR = 3600;
const types = (events) => events.map(({ type }) => type);

test('a subscription is billed and paid at once, and its events come in order', async () => {
  const customer = await payer('pm_card_visa', { email: 'a@example.com', name: 'A' });
  const price = await monthly({ unit_amount: 1500 });
  const before = await lastEvent();
  const subscription = await subscribe([{ price: price.id, quantity: 2 }], { customer, metadata: { a: 'b' } });
  assert.equal(subscription.status, 'active');
  const invoice = await stripe.invoices.retrieve(subscription.latest_invoice, { expand: ['payments.data.payment.payment_intent'] });
  assert.deepEqual(
    [invoice.status, invoice.billing_reason, invoice.subtotal, invoice.total, invoice.amount_paid, invoice.amount_remaining],
    ['paid', 'subscription_create', 3000, 3000, 3000, 0],
  );
  assert.match(invoice.number, /^[0-9A-Z]{8}-0001$/);
  assert.deepEqual([invoice.customer_email, invoice.customer_name, invoice.attempt_count], ['a@example.com', 'A', 1]);
  assert.equal(invoice.parent.subscription_details.subscription, subscription.id);
  assert.deepEqual(invoice.parent.subscription_details.metadata, { a: 'b' });
  const [line] = invoice.lines.data;
  assert.deepEqual(
    [line.amount, line.quantity, line.pricing.price_details.price, line.parent.subscription_item_details.subscription_item],
    [3000, 2, price.id, subscription.items.data[0].id],
  );
  assert.match(line.description, /^2 × Product_\S+ \(at 15\.00 USD \/ month\)$/);
  assert.equal(line.period.end, subscription.items.data[0].current_period_end);
  const intent = invoice.payments.data[0].payment.payment_intent;
  assert.deepEqual([intent.status, intent.amount, intent.customer], ['succeeded', 3000, customer]);
  assert.deepEqual(types(await eventsSince(before)), [
    'customer.subscription.created', 'customer.updated', 'invoice.created', 'invoice.finalized', 'payment_intent.created',
    'charge.succeeded', 'payment_intent.succeeded', 'invoice.updated', 'invoice.paid', 'invoice.payment_succeeded',
    'invoice_payment.paid',
  ]);
  assert.equal((await stripe.customers.retrieve(customer)).currency, 'usd');
  assert.deepEqual((await stripe.invoices.list({ subscription: subscription.id })).data.map(({ id }) => id), [invoice.id]);
  const payments = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent.id } });
  assert.deepEqual(payments.data.map((payment) => [payment.invoice, payment.status, payment.amount_paid]), [[invoice.id, 'paid', 3000]]);
});

test('a card that is declined leaves the subscription incomplete until the invoice is paid', async () => {
  const customer = await payer('pm_card_chargeCustomerFail');
  const before = await lastEvent();
  const subscription = await subscribe([{ price: (await monthly()).id }], { customer });
  assert.equal(subscription.status, 'incomplete');
  const failed = types(await eventsSince(before));
  assert.deepEqual(failed.slice(-5), ['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed', 'invoice.updated', 'invoice.payment_failed']);
  const open = await stripe.invoices.retrieve(subscription.latest_invoice);
  assert.deepEqual([open.status, open.attempted, open.attempt_count, open.amount_remaining], ['open', true, 1, 1000]);
  await refused(stripe.invoices.pay(open.id), { statusCode: 402, code: 'card_declined' });
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  const paid = await stripe.invoices.pay(open.id, { payment_method: good.id });
  assert.deepEqual([paid.status, paid.attempt_count], ['paid', 3]);
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'active');
  await refused(stripe.invoices.pay(open.id), { message: /already paid/ });
});

test('the customer confirms the first payment', async () => {
  const customer = await payer();
  const waiting = await subscribe([{ price: (await monthly()).id }], {
    customer,
    payment_behavior: 'default_incomplete',
    payment_settings: { save_default_payment_method: 'on_subscription' },
    expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
  });
  assert.equal(waiting.status, 'incomplete');
  const { confirmation_secret: secret, payments } = waiting.latest_invoice;
  const intent = payments.data[0].payment.payment_intent;
  assert.equal(secret.client_secret.split('_secret_')[0], intent);
  const method = await stripe.paymentMethods.attach('pm_card_mastercard', { customer });
  const before = await lastEvent();
  await stripe.paymentIntents.confirm(intent, { payment_method: method.id });
  const active = await stripe.subscriptions.retrieve(waiting.id);
  assert.deepEqual([active.status, active.default_payment_method], ['active', method.id]);
  const updated = (await eventsSince(before)).find(({ type }) => type === 'customer.subscription.updated');
  assert.equal(updated.data.previous_attributes.status, 'incomplete');
});

test('nobody pays the first invoice', async () => {
  const { id, latest_invoice: invoice } = await subscribe([{ price: (await monthly()).id }], { payment_behavior: 'default_incomplete' });
  await control('clock', { advance_secs: 23 * HOUR + 1 });
  assert.equal((await stripe.subscriptions.retrieve(id)).status, 'incomplete_expired');
  assert.equal((await stripe.invoices.retrieve(invoice)).status, 'void');
});

test('an invoice by hand', async () => {
  const customer = await payer();
  const price = await newPrice({ unit_amount: 250 });
  const item = await stripe.invoiceItems.create({ customer, pricing: { price: price.id }, quantity: 3 });
  assert.deepEqual([item.amount, item.invoice, item.quantity, item.currency], [750, null, 3, 'usd']);
  const draft = await stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include', metadata: { a: '1' } });
  assert.deepEqual([draft.status, draft.total, draft.number, draft.auto_advance], ['draft', 750, null, false]);
  const added = await stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 1000, currency: 'usd', description: 'Work' });
  assert.equal((await stripe.invoices.retrieve(draft.id)).total, 1750);
  await stripe.invoiceItems.update(added.id, { amount: 2000 });
  assert.equal((await stripe.invoices.retrieve(draft.id)).total, 2750);
  await stripe.invoiceItems.del(added.id);
  const lines = await stripe.invoices.listLineItems(draft.id);
  assert.deepEqual(lines.data.map(({ amount }) => amount), [750]);
  const described = await stripe.invoices.update(draft.id, { description: 'D' });
  assert.equal(described.description, 'D');
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  assert.deepEqual([open.status, open.amount_due], ['open', 750]);
  assert.ok(open.hosted_invoice_url && open.status_transitions.finalized_at);
  await refused(stripe.invoices.finalizeInvoice(draft.id), { message: /already finalized/ });
  await refused(stripe.invoices.update(draft.id, { description: 'E' }), { code: 'invoice_not_editable' });
  await refused(stripe.invoiceItems.update(item.id, { description: 'E' }), { code: 'invoice_not_editable' });
  await refused(stripe.invoices.del(draft.id), { message: /draft/ });
  assert.equal((await stripe.invoices.pay(draft.id)).status, 'paid');
  const second = await stripe.invoices.create({ customer });
  const paid = await stripe.invoices.pay(second.id);
  assert.deepEqual([paid.status, paid.total], ['paid', 0]);
  assert.match(paid.number, /-0002$/);
});

test('invoices are voided, given up, sent, paid elsewhere and deleted', async () => {
  const customer = await payer();
  const open = async (params = {}) => {
    const { id } = await stripe.invoices.create({ customer, ...params });
    await stripe.invoiceItems.create({ customer, invoice: id, amount: 900, currency: 'usd' });
    return id;
  };
  const voided = await open();
  await refused(stripe.invoices.voidInvoice(voided), { message: /open/ });
  await stripe.invoices.finalizeInvoice(voided);
  assert.equal((await stripe.invoices.voidInvoice(voided)).status, 'void');
  await refused(stripe.invoices.pay(voided), { message: /status of void/ });
  const lost = await open();
  await stripe.invoices.finalizeInvoice(lost);
  assert.equal((await stripe.invoices.markUncollectible(lost)).status, 'uncollectible');
  assert.equal((await stripe.invoices.pay(lost, { paid_out_of_band: true })).status, 'paid');
  await refused(stripe.invoices.create({ customer, collection_method: 'send_invoice' }), { code: 'parameter_missing' });
  const sent = await open({ collection_method: 'send_invoice', days_until_due: 7 });
  const before = await lastEvent();
  const { status, due_date: due, created } = await stripe.invoices.sendInvoice(sent);
  assert.deepEqual([status, due - created], ['open', 7 * 86_400]);
  assert.ok(types(await eventsSince(before)).includes('invoice.sent'));
  const gone = await open();
  assert.equal((await stripe.invoices.del(gone)).deleted, true);
  await refused(stripe.invoices.retrieve(gone), { statusCode: 404 });
  assert.deepEqual((await stripe.invoices.list({ customer, status: 'void' })).data.map(({ id }) => id), [voided]);
});

test('a long invoice shows ten lines, and the rest on pages', async () => {
  const customer = await payer();
  const { id } = await stripe.invoices.create({ customer });
  for (let amount = 100; amount < 112; amount += 1) {
    await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd' });
  }
  const { lines } = await stripe.invoices.retrieve(id);
  assert.deepEqual([lines.data.length, lines.has_more], [10, true]);
  const all = [];
  for await (const line of stripe.invoices.listLineItems(id, { limit: 5 })) all.push(line.amount);
  assert.deepEqual(all, Array.from({ length: 12 }, (_, index) => 100 + index));
});

test('what is less than can be charged, and what is owed, goes through the balance', async () => {
  const customer = await payer('pm_card_visa', { balance: -700 });
  const bill = async (amount) => {
    const { id } = await stripe.invoices.create({ customer });
    await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd' });
    return stripe.invoices.pay(id);
  };
  const balance = async () => (await stripe.customers.retrieve(customer)).balance;
  const first = await bill(1000);
  assert.deepEqual([first.total, first.amount_paid, first.starting_balance, first.ending_balance], [1000, 300, -700, 0]);
  assert.deepEqual([(await bill(20)).status, await balance()], ['paid', 20]);
  assert.deepEqual([(await bill(100)).amount_paid, await balance()], [120, 0]);
  assert.deepEqual([(await bill(-400)).amount_paid, await balance()], [0, -400]);
});

test('what is to come is told, and nothing has changed', async () => {
  const [small, large] = [await monthly({ unit_amount: 1000 }), await monthly({ unit_amount: 3000 })];
  const { id, customer, items, latest_invoice: latest } = await subscribe([{ price: small.id }]);
  const before = await lastEvent();
  const next = await stripe.invoices.createPreview({ subscription: id });
  assert.deepEqual([next.total, next.status, next.billing_reason], [1000, 'draft', 'upcoming']);
  assert.match(next.id, /^upcoming_in_/);
  assert.equal(next.lines.data[0].period.start, items.data[0].current_period_end);
  const start = items.data[0].current_period_start;
  const middle = start + Math.floor((items.data[0].current_period_end - start) / 2);
  const change = { items: [{ id: items.data[0].id, price: large.id }], proration_date: middle };
  const changed = await stripe.invoices.createPreview({ customer, subscription: id, subscription_details: change });
  assert.deepEqual(changed.lines.data.map(({ amount }) => amount), [-500, 1500, 3000]);
  const now = await stripe.invoices.createPreview({ subscription: id, subscription_details: { ...change, proration_behavior: 'always_invoice' } });
  assert.equal(now.total, 1000);
  const fresh = await stripe.invoices.createPreview({ customer, subscription_details: { items: [{ price: large.id, quantity: 2 }] } });
  assert.equal(fresh.total, 6000);
  const after = await stripe.subscriptions.retrieve(id);
  assert.deepEqual([after.latest_invoice, after.items.data[0].price.id], [latest, small.id]);
  assert.deepEqual(await eventsSince(before), []);
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await refused(stripe.invoices.createPreview({ subscription: id }), { code: 'invoice_upcoming_none' });
});
