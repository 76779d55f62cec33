import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, eventsSince, lastEvent, monthly, newPrice, payer, refused, stripe, subscribe, unique } from './account.mjs';

const HOUR = 3600;
const DAY = 24 * HOUR;
const to = (now) => control('clock', { now });
const of = (id) => ({ data }) => [data.object.id, data.object.customer, data.object.parent?.subscription_details?.subscription].includes(id);
const news = async (since, id) => (await eventsSince(since)).filter(of(id)).map(({ type }) => type);
const end = (subscription) => subscription.items.data[0].current_period_end;

test('periods follow each other, and each is billed an hour after it begins', async () => {
  const customer = await payer();
  const first = await subscribe([{ price: (await monthly()).id }], { customer });
  const before = await lastEvent();
  await to(end(first) + 1);
  const renewed = await stripe.subscriptions.retrieve(first.id, { expand: ['latest_invoice'] });
  assert.equal(renewed.items.data[0].current_period_start, end(first));
  const { latest_invoice: draft } = renewed;
  assert.deepEqual([draft.status, draft.billing_reason, draft.created], ['draft', 'subscription_cycle', end(first)]);
  assert.equal(draft.automatically_finalizes_at, end(first) + HOUR);
  assert.deepEqual(await news(before, first.id), ['customer.subscription.updated', 'invoice.created']);
  await to(end(first) + HOUR + 1);
  assert.equal((await stripe.invoices.retrieve(draft.id)).status, 'paid');
  assert.deepEqual((await news(before, customer)).slice(2), [
    'invoice.finalized', 'payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded', 'invoice.updated',
    'invoice.paid', 'invoice.payment_succeeded',
  ]);
  // Three periods at once, each at its own time.
  await to(end(renewed) + 65 * DAY);
  const { data } = await stripe.invoices.list({ subscription: first.id });
  assert.deepEqual(data.map(({ status }) => status), Array(5).fill('paid'));
  const made = data.map(({ created }) => created);
  assert.deepEqual(made, made.toSorted((one, other) => other - one));
  const events = await eventsSince(before);
  const times = events.map(({ created }) => created);
  assert.deepEqual(times, times.toSorted((one, other) => one - other));
  assert.equal(events.find(({ type }) => type === 'invoice.finalized').request.id, null);
});

test('a trial is told to end three days before, then it is billed', async () => {
  const customer = await payer();
  const trial = await subscribe([{ price: (await monthly({ unit_amount: 700 })).id }], { customer, trial_period_days: 14, expand: ['latest_invoice'] });
  assert.deepEqual([trial.status, trial.latest_invoice.status, trial.latest_invoice.total], ['trialing', 'paid', 0]);
  assert.match(trial.latest_invoice.lines.data[0].description, /^Trial period for /);
  const before = await lastEvent();
  await to(trial.trial_end - 3 * DAY - 10);
  assert.deepEqual(await news(before, trial.id), []);
  await to(trial.trial_end - 3 * DAY + 1);
  assert.deepEqual(await news(before, trial.id), ['customer.subscription.trial_will_end']);
  await to(trial.trial_end + HOUR + 1);
  const active = await stripe.subscriptions.retrieve(trial.id, { expand: ['latest_invoice'] });
  assert.deepEqual([active.status, active.latest_invoice.amount_paid, active.billing_cycle_anchor], ['active', 700, trial.trial_end]);
  const told = (await eventsSince(before)).filter(({ type, data }) => type.startsWith('customer.subscription') && data.object.id === trial.id);
  assert.deepEqual(told.map(({ type }) => type), ['customer.subscription.trial_will_end', 'customer.subscription.updated']);
  assert.equal(told[1].data.previous_attributes.status, 'trialing');
});

test('a trial without a payment method ends as it was agreed', async () => {
  const price = (await monthly()).id;
  const without = async (missing_payment_method) => {
    const { id } = await stripe.customers.create({});
    return subscribe([{ price }], { customer: id, trial_period_days: 1, trial_settings: { end_behavior: { missing_payment_method } } });
  };
  const [paused, canceled] = [await without('pause'), await without('cancel')];
  const { id: early } = await without('pause');
  assert.equal((await stripe.subscriptions.update(early, { trial_end: 'now' })).status, 'paused');
  await to(paused.trial_end + 2);
  assert.equal((await stripe.subscriptions.retrieve(canceled.id)).status, 'canceled');
  assert.equal((await stripe.subscriptions.retrieve(paused.id)).status, 'paused');
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: paused.customer });
  await stripe.subscriptions.update(paused.id, { default_payment_method: method.id });
  const resumed = await stripe.subscriptions.resume(paused.id, { billing_cycle_anchor: 'now', expand: ['latest_invoice'] });
  assert.deepEqual([resumed.status, resumed.latest_invoice.status], ['active', 'paid']);
  await refused(stripe.subscriptions.resume(paused.id), { message: /cannot be resumed/ });
});

// A subscription whose card is good for the first payment only.
async function failing() {
  const customer = await payer();
  const subscription = await subscribe([{ price: (await monthly()).id }], { customer });
  const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: bad.id } });
  await to(end(subscription) + HOUR + 1);
  return stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
}

test('a renewal that fails is tried after three, five and seven days, then the subscription ends', async () => {
  const late = await failing();
  const { latest_invoice: invoice, customer } = late;
  assert.deepEqual([late.status, invoice.status, invoice.attempt_count], ['past_due', 'open', 1]);
  assert.equal(invoice.next_payment_attempt, invoice.status_transitions.finalized_at + 3 * DAY);
  assert.equal((await stripe.customers.retrieve(customer)).delinquent, true);
  let tried = invoice;
  for (const days of [5, 7]) {
    await to(tried.next_payment_attempt + 1);
    const again = await stripe.invoices.retrieve(invoice.id);
    assert.equal(again.next_payment_attempt, tried.next_payment_attempt + days * DAY);
    tried = again;
  }
  const before = await lastEvent();
  await to(tried.next_payment_attempt + 1);
  const ended = await stripe.subscriptions.retrieve(late.id);
  assert.deepEqual([ended.status, ended.cancellation_details.reason], ['canceled', 'payment_failed']);
  const told = await news(before, customer);
  assert.deepEqual(told.slice(-4), ['invoice.updated', 'invoice.payment_failed', 'customer.subscription.deleted', 'invoice.updated']);
  const last = await stripe.invoices.retrieve(invoice.id);
  assert.deepEqual([last.status, last.attempt_count, last.next_payment_attempt], ['open', 4, null]);
});

test('a better card brings a subscription back', async () => {
  const late = await failing();
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: late.customer });
  await stripe.customers.update(late.customer, { invoice_settings: { default_payment_method: good.id } });
  await to(late.latest_invoice.next_payment_attempt + 1);
  assert.equal((await stripe.subscriptions.retrieve(late.id)).status, 'active');
  assert.equal((await stripe.customers.retrieve(late.customer)).delinquent, false);
});

test('the account may leave subscriptions unpaid instead', async (t) => {
  await control('settings', { after_retries: 'unpaid' });
  t.after(() => control('settings', { after_retries: 'canceled' }));
  const late = await failing();
  await to(late.latest_invoice.created + 16 * DAY);
  const unpaid = await stripe.subscriptions.retrieve(late.id);
  assert.equal(unpaid.status, 'unpaid');
  await to(end(unpaid) + 2 * HOUR);
  const next = await stripe.subscriptions.retrieve(late.id, { expand: ['latest_invoice'] });
  assert.deepEqual([next.latest_invoice.status, next.latest_invoice.auto_advance], ['draft', false]);
});

test('a card that asks the customer waits for it at a renewal', async () => {
  const customer = await payer();
  const { id, ...first } = await subscribe([{ price: (await monthly()).id }], { customer });
  const asking = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer });
  await stripe.subscriptions.update(id, { default_payment_method: asking.id });
  const before = await lastEvent();
  await to(end(first) + HOUR + 1);
  assert.equal((await stripe.subscriptions.retrieve(id)).status, 'past_due');
  assert.ok((await news(before, customer)).includes('invoice.payment_action_required'));
});

test('ends come at their time', async () => {
  const price = (await monthly()).id;
  const [leaving, limited] = [await subscribe([{ price }]), await subscribe([{ price }])];
  await stripe.subscriptions.update(leaving.id, { cancel_at_period_end: true });
  const at = end(limited) - 5 * DAY;
  await stripe.subscriptions.update(limited.id, { cancel_at: at });
  const before = await lastEvent();
  await to(end(leaving) + 1);
  const [left, ended] = [await stripe.subscriptions.retrieve(leaving.id), await stripe.subscriptions.retrieve(limited.id)];
  assert.deepEqual([left.status, left.ended_at, ended.status, ended.ended_at], ['canceled', end(leaving), 'canceled', at]);
  assert.deepEqual(await news(before, leaving.id), ['customer.subscription.deleted']);
  assert.equal(left.latest_invoice, leaving.latest_invoice);
});

test('invoices are held back, voided or given up during a pause, which ends by itself', async () => {
  const price = (await monthly()).id;
  const paused = {};
  let last;
  for (const behavior of ['keep_as_draft', 'mark_uncollectible', 'void']) {
    last = await subscribe([{ price }]);
    paused[behavior] = last.id;
    await stripe.subscriptions.update(last.id, { pause_collection: { behavior, resumes_at: end(last) + 2 * DAY } });
  }
  await to(end(last) + 2 * HOUR);
  const status = async (id) => (await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).latest_invoice.status;
  assert.deepEqual([await status(paused.keep_as_draft), await status(paused.mark_uncollectible), await status(paused.void)], ['draft', 'uncollectible', 'void']);
  await to(end(last) + 2 * DAY + 1);
  assert.equal((await stripe.subscriptions.retrieve(last.id)).pause_collection, null);
});

test('what is metered is billed after the period in which it was used', async () => {
  const meter = await stripe.billing.meters.create({ display_name: 'Calls', event_name: unique('calls'), default_aggregation: { formula: 'sum' } });
  const metered = await newPrice({ unit_amount: 5, recurring: { interval: 'month', usage_type: 'metered', meter: meter.id } });
  const customer = await payer();
  const first = await subscribe([{ price: (await monthly()).id }, { price: metered.id }], { customer, expand: ['latest_invoice'] });
  assert.deepEqual(first.latest_invoice.lines.data.map(({ amount }) => amount), [1000]);
  const use = (value) => stripe.billing.meterEvents.create({ event_name: meter.event_name, payload: { stripe_customer_id: customer, value: String(value) } });
  await use(100);
  await use(20);
  await to(end(first) + 2 * HOUR);
  await use(7);
  const { latest_invoice: second } = await stripe.subscriptions.retrieve(first.id, { expand: ['latest_invoice'] });
  assert.deepEqual(second.lines.data.map(({ amount, quantity }) => [amount, quantity]), [[600, 120], [1000, 1]]);
  assert.deepEqual([second.lines.data[0].period.start, second.lines.data[0].period.end], [first.items.data[0].current_period_start, end(first)]);
  const last = await stripe.subscriptions.cancel(first.id, { invoice_now: true, expand: ['latest_invoice'] });
  assert.deepEqual(last.latest_invoice.lines.data.map(({ amount, quantity }) => [amount, quantity]), [[35, 7]]);
});

test('a customer who is deleted takes the subscriptions along', async () => {
  const customer = await payer();
  const { id } = await subscribe([{ price: (await monthly()).id }], { customer });
  const manual = await stripe.invoices.create({ customer, auto_advance: true });
  const before = await lastEvent();
  await stripe.customers.del(customer);
  assert.equal((await stripe.subscriptions.retrieve(id)).status, 'canceled');
  assert.equal((await stripe.invoices.retrieve(manual.id)).auto_advance, false);
  const told = await news(before, customer);
  assert.ok(told.indexOf('customer.subscription.deleted') < told.indexOf('customer.deleted'), told.join());
  await control('clock', { advance_secs: 40 * DAY });
  assert.deepEqual(Object.keys(await stripe.customers.retrieve(customer)).toSorted(), ['deleted', 'id', 'object']);
});

test('an invoice that is sent is overdue when nobody has paid it', async () => {
  const { id: customer } = await stripe.customers.create({ email: 'b@example.com' });
  const sent = await subscribe([{ price: (await monthly()).id }], { customer, collection_method: 'send_invoice', days_until_due: 5, expand: ['latest_invoice'] });
  const { latest_invoice: invoice } = sent;
  assert.deepEqual([sent.status, invoice.status, invoice.due_date], ['active', 'draft', invoice.created + 5 * DAY]);
  await to(invoice.created + HOUR + 1);
  assert.equal((await stripe.invoices.retrieve(invoice.id)).status, 'open');
  const before = await lastEvent();
  await to(invoice.due_date + 1);
  assert.deepEqual(await news(before, customer), ['invoice.overdue', 'customer.subscription.updated']);
  assert.equal((await stripe.subscriptions.retrieve(sent.id)).status, 'past_due');
  await stripe.invoices.pay(invoice.id, { paid_out_of_band: true });
  assert.equal((await stripe.subscriptions.retrieve(sent.id)).status, 'active');
});
