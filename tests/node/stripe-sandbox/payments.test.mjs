import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused, stripe, unique } from './account.mjs';

const NO_REDIRECTS = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } };
const paid = (params = {}) => stripe.paymentIntents.create({
  amount: 2000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, ...NO_REDIRECTS, ...params,
});

test('a customer is made, changed and gone', async () => {
  const email = `${unique('somebody')}@example.com`;
  const customer = await stripe.customers.create({
    email, name: 'N', address: { line1: 'L', country: 'DE' }, payment_method: 'pm_card_visa', metadata: { a: 'b' },
  });
  assert.match(customer.id, /^cus_/);
  assert.deepEqual(customer.address, { city: null, country: 'DE', line1: 'L', line2: null, postal_code: null, state: null });
  assert.deepEqual((await stripe.customers.list({ email })).data.map(({ id }) => id), [customer.id]);
  const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
  assert.deepEqual([method.card.brand, method.card.last4, method.customer], ['visa', '4242', customer.id]);
  const updated = await stripe.customers.update(customer.id, {
    name: '', invoice_settings: { default_payment_method: method.id }, expand: ['invoice_settings.default_payment_method'],
  });
  assert.equal(updated.name, null);
  assert.equal(updated.invoice_settings.default_payment_method.card.last4, '4242');
  await refused(stripe.customers.update(customer.id, { email: 'nobody' }), { param: 'email', code: 'email_invalid' });
  assert.equal((await stripe.customers.del(customer.id)).deleted, true);
  assert.deepEqual(await stripe.customers.retrieve(customer.id).then(({ id, deleted }) => [id, deleted]), [customer.id, true]);
  await refused(stripe.customers.update(customer.id, { name: 'N' }), { statusCode: 404 });
  assert.deepEqual((await stripe.customers.list({ email })).data, []);
  assert.equal((await stripe.paymentMethods.retrieve(method.id)).customer, null);
});

test('a card is attached to one customer', async () => {
  const [one, two] = [await stripe.customers.create({}), await stripe.customers.create({})];
  const method = await stripe.paymentMethods.create({
    type: 'card', card: { token: 'tok_mastercard' }, billing_details: { name: 'N' },
  });
  assert.equal(method.customer, null);
  const attached = await stripe.paymentMethods.attach(method.id, { customer: one.id });
  assert.deepEqual([attached.customer, attached.billing_details.name, attached.card.last4], [one.id, 'N', '4444']);
  await refused(stripe.paymentMethods.attach(method.id, { customer: two.id }), { message: /already been attached/ });
  const declined = stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: two.id });
  await refused(declined, { type: 'StripeCardError', statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' });
  const updated = await stripe.paymentMethods.update(method.id, { card: { exp_month: 3, exp_year: 2040 } });
  assert.deepEqual([updated.card.exp_month, updated.card.exp_year], [3, 2040]);
  assert.equal((await stripe.paymentMethods.detach(method.id)).customer, null);
  await refused(stripe.paymentMethods.detach(method.id), { message: /not attached/ });
});

test('a payment is made at once', async () => {
  const intent = await paid({ description: 'D', metadata: { a: 'b' }, expand: ['latest_charge.balance_transaction'] });
  assert.match(intent.id, /^pi_3/);
  assert.ok(intent.client_secret.startsWith(`${intent.id}_secret_`));
  assert.deepEqual([intent.status, intent.amount_received], ['succeeded', 2000]);
  const charge = intent.latest_charge;
  assert.deepEqual([charge.paid, charge.captured, charge.description, charge.metadata.a], [true, true, 'D', 'b']);
  assert.deepEqual([charge.balance_transaction.fee, charge.balance_transaction.net], [88, 1912]);
  assert.deepEqual((await stripe.charges.list({ payment_intent: intent.id })).data.map(({ id }) => id), [charge.id]);
  await refused(stripe.paymentIntents.cancel(intent.id), { code: 'payment_intent_unexpected_state' });
});

test('a payment is prepared, changed and confirmed', async () => {
  const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur', automatic_payment_methods: { enabled: true } });
  assert.equal(intent.status, 'requires_payment_method');
  await refused(stripe.paymentIntents.confirm(intent.id), { message: /missing a payment method/ });
  const updated = await stripe.paymentIntents.update(intent.id, { amount: 1100, payment_method: 'pm_card_visa' });
  assert.deepEqual([updated.status, updated.amount], ['requires_confirmation', 1100]);
  await refused(stripe.paymentIntents.confirm(intent.id), { message: /you must provide a `return_url`/ });
  const confirmed = await stripe.paymentIntents.confirm(intent.id, { return_url: 'https://example.com' });
  assert.equal(confirmed.status, 'succeeded');
  await refused(stripe.paymentIntents.update(intent.id, { amount: 1 }), { code: 'payment_intent_unexpected_state' });
  await refused(stripe.paymentIntents.create({ amount: 10, currency: 'usd' }), { code: 'amount_too_small', param: 'amount' });
});

test('a declined card leaves a payment that can be tried again', async () => {
  const error = await refused(paid({ payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds' }), {
    type: 'StripeCardError', statusCode: 402, code: 'card_declined', decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  });
  const { id } = error.payment_intent;
  const intent = await stripe.paymentIntents.retrieve(id);
  assert.deepEqual([intent.status, intent.last_payment_error.decline_code], ['requires_payment_method', 'insufficient_funds']);
  const charge = await stripe.charges.retrieve(intent.latest_charge);
  assert.deepEqual([charge.status, charge.failure_code, charge.paid], ['failed', 'card_declined', false]);
  const again = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
  assert.deepEqual([again.status, again.last_payment_error], ['succeeded', null]);
  const { data } = await stripe.events.list({ limit: 100 });
  const own = data.filter((event) => event.data.object.id === id).map(({ type }) => type);
  assert.deepEqual(own, ['payment_intent.succeeded', 'payment_intent.payment_failed', 'payment_intent.created']);
});

test('a card may ask the customer, who is not always there', async () => {
  const intent = await paid({ payment_method: 'pm_card_authenticationRequired' });
  assert.equal(intent.status, 'requires_action');
  assert.equal(intent.next_action.type, 'use_stripe_sdk');
  assert.equal((await stripe.paymentIntents.cancel(intent.id)).status, 'canceled');
  await refused(paid({ payment_method: 'pm_card_authenticationRequired', off_session: true }), { code: 'authentication_required' });
});

test('an amount is held, and captured in part or given back', async () => {
  const held = await paid({ capture_method: 'manual' });
  assert.deepEqual([held.status, held.amount_capturable], ['requires_capture', 2000]);
  await refused(stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }), { param: 'amount_to_capture' });
  const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500, expand: ['latest_charge'] });
  assert.deepEqual([captured.status, captured.amount_received], ['succeeded', 1500]);
  assert.deepEqual([captured.latest_charge.amount_captured, captured.latest_charge.amount_refunded], [1500, 500]);
  const released = await paid({ capture_method: 'manual' });
  const canceled = await stripe.paymentIntents.cancel(released.id, { cancellation_reason: 'abandoned', expand: ['latest_charge'] });
  assert.deepEqual([canceled.status, canceled.latest_charge.refunded], ['canceled', true]);
});

test('a payment goes back in parts, and no further', async () => {
  const { id, latest_charge } = await paid();
  const first = await stripe.refunds.create({ payment_intent: id, amount: 500, reason: 'requested_by_customer' });
  assert.deepEqual([first.status, first.charge, first.amount], ['succeeded', latest_charge, 500]);
  await refused(stripe.refunds.create({ charge: latest_charge, amount: 1501 }), { param: 'amount' });
  const rest = await stripe.refunds.create({ charge: latest_charge, expand: ['charge', 'balance_transaction'] });
  assert.deepEqual([rest.amount, rest.charge.refunded, rest.balance_transaction.net], [1500, true, -1500]);
  await refused(stripe.refunds.create({ charge: latest_charge }), { code: 'charge_already_refunded' });
  assert.equal((await stripe.refunds.list({ payment_intent: id })).data.length, 2);
  await refused(stripe.refunds.create({}), { code: 'parameter_missing' });
});

test('a card is kept for later payments', async () => {
  const customer = await stripe.customers.create({});
  const intent = await paid({ customer: customer.id, setup_future_usage: 'off_session' });
  const later = await paid({ customer: customer.id, payment_method: intent.payment_method, off_session: true });
  assert.equal(later.status, 'succeeded');
  const other = await stripe.customers.create({});
  await refused(paid({ customer: other.id, payment_method: intent.payment_method }), { param: 'payment_method' });
});
