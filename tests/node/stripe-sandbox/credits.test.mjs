import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control, eventsSince, lastEvent, monthly, payer, refused, stripe, subscribe } from './account.mjs';

const DAY = 86_400;
const types = async (since) => (await eventsSince(since)).map(({ type }) => type);

async function paid(amount = 1000) {
  const customer = await payer();
  const { id } = await stripe.invoices.create({ customer });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd', description: 'Work' });
  return { customer, ...(await stripe.invoices.pay(id)) };
}

test('a credit note pays back, by refund and to the balance', async () => {
  const invoice = await paid(1000);
  const before = await lastEvent();
  await refused(stripe.creditNotes.create({ invoice: invoice.id, amount: 400 }), { message: /must equal the credit note amount/ });
  const wanted = { invoice: invoice.id, amount: 400, refund_amount: 300, credit_amount: 100, reason: 'order_change' };
  const preview = await stripe.creditNotes.preview(wanted);
  assert.deepEqual([preview.amount, (await stripe.creditNotes.list({ invoice: invoice.id })).data.length], [400, 0]);
  const note = await stripe.creditNotes.create(wanted);
  assert.deepEqual([note.status, note.type, note.total, note.post_payment_amount], ['issued', 'post_payment', 400, 400]);
  assert.equal(note.number, `${invoice.number}-CN-01`);
  const refund = await stripe.refunds.retrieve(note.refunds[0].refund);
  assert.equal(refund.amount, 300);
  assert.equal((await stripe.customers.retrieve(invoice.customer)).balance, -100);
  const { data } = await stripe.customers.listBalanceTransactions(invoice.customer);
  assert.deepEqual(data.map((change) => [change.type, change.amount, change.credit_note]), [['credit_note', -100, note.id]]);
  assert.equal((await stripe.invoices.retrieve(invoice.id)).post_payment_credit_notes_amount, 400);
  assert.ok((await types(before)).includes('credit_note.created'));
  const rest = { invoice: invoice.id, amount: 700, out_of_band_amount: 700 };
  await refused(stripe.creditNotes.create(rest), { param: 'amount' });
  await refused(stripe.creditNotes.voidCreditNote(note.id), { message: /invoice is open/ });
  assert.equal((await stripe.creditNotes.update(note.id, { memo: 'M' })).memo, 'M');
});

test('a credit note lowers what is open, line by line, and can be taken back', async () => {
  const customer = await payer();
  const { id } = await stripe.invoices.create({ customer });
  await stripe.invoiceItems.create({ customer, invoice: id, amount: 900, currency: 'usd' });
  const { lines } = await stripe.invoices.finalizeInvoice(id);
  const wanted = [{ type: 'invoice_line_item', invoice_line_item: lines.data[0].id, amount: 250 }, { type: 'custom_line_item', unit_amount: 50, quantity: 2, description: 'C' }];
  const note = await stripe.creditNotes.create({ invoice: id, lines: wanted });
  assert.deepEqual([note.type, note.total], ['pre_payment', 350]);
  const listed = await stripe.creditNotes.listLineItems(note.id);
  assert.deepEqual(listed.data.map(({ amount, type }) => [amount, type]), [[250, 'invoice_line_item'], [100, 'custom_line_item']]);
  const lowered = await stripe.invoices.retrieve(id);
  assert.deepEqual([lowered.amount_remaining, lowered.pre_payment_credit_notes_amount, lowered.total], [550, 350, 900]);
  assert.equal((await stripe.creditNotes.voidCreditNote(note.id)).status, 'void');
  assert.equal((await stripe.invoices.retrieve(id)).amount_remaining, 900);
  await stripe.creditNotes.create({ invoice: id, amount: 400 });
  assert.equal((await stripe.invoices.pay(id)).amount_paid, 500);
  const { id: whole } = await stripe.invoices.create({ customer });
  await stripe.invoiceItems.create({ customer, invoice: whole, amount: 900, currency: 'usd' });
  await stripe.invoices.finalizeInvoice(whole);
  await stripe.creditNotes.create({ invoice: whole, amount: 900 });
  const settled = await stripe.invoices.retrieve(whole);
  assert.deepEqual([settled.status, settled.amount_paid], ['paid', 0]);
});

test('a balance is moved by hand', async () => {
  const { id } = await stripe.customers.create({});
  const moved = await stripe.customers.createBalanceTransaction(id, { amount: -500, currency: 'usd', description: 'Sorry' });
  assert.deepEqual([moved.ending_balance, moved.type, moved.description], [-500, 'adjustment', 'Sorry']);
  assert.equal((await stripe.customers.retrieveBalanceTransaction(id, moved.id)).id, moved.id);
  assert.equal((await stripe.customers.retrieve(id)).balance, -500);
});

const charge = (payment_method) =>
  stripe.paymentIntents.create({ amount: 5000, currency: 'usd', confirm: true, payment_method, payment_method_types: ['card'] });

test('a dispute is won with evidence, lost with worse, and lost by silence', async () => {
  const before = await lastEvent();
  const { id: won } = await charge('pm_card_createDispute');
  const [dispute] = (await stripe.disputes.list({ payment_intent: won })).data;
  assert.deepEqual([dispute.status, dispute.amount, dispute.reason, dispute.balance_transactions[0].net], ['needs_response', 5000, 'fraudulent', -6500]);
  assert.equal((await stripe.charges.retrieve(dispute.charge)).disputed, true);
  assert.deepEqual((await types(before)).slice(-2), ['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
  const kept = await stripe.disputes.update(dispute.id, { evidence: { customer_name: 'N' }, submit: false });
  assert.deepEqual([kept.status, kept.evidence_details.has_evidence], ['needs_response', true]);
  const middle = await lastEvent();
  const closed = await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
  assert.equal(closed.status, 'won');
  assert.deepEqual(await types(middle), ['charge.dispute.updated', 'charge.dispute.funds_reinstated', 'charge.dispute.closed']);
  await refused(stripe.disputes.close(dispute.id), { message: /closed/ });
  const of = async (card) => (await stripe.disputes.list({ payment_intent: (await charge(card)).id })).data[0];
  const lost = await of('pm_card_createDisputeProductNotReceived');
  assert.equal(lost.reason, 'product_not_received');
  assert.equal((await stripe.disputes.update(lost.id, { evidence: { uncategorized_text: 'losing_evidence' } })).status, 'lost');
  assert.equal((await stripe.disputes.close((await of('pm_card_createDispute')).id)).status, 'lost');
  const [silent, asked] = [await of('pm_card_createDispute'), await of('pm_card_createDisputeInquiry')];
  assert.deepEqual([asked.status, asked.balance_transactions], ['warning_needs_response', []]);
  await control('clock', { advance_secs: 10 * DAY });
  assert.equal((await stripe.disputes.retrieve(silent.id)).status, 'lost');
  assert.equal((await stripe.disputes.retrieve(asked.id)).status, 'warning_closed');
});

test('a card is made ready for later', async () => {
  const { id: customer } = await stripe.customers.create({});
  const waiting = await stripe.setupIntents.create({ customer });
  assert.equal(waiting.status, 'requires_payment_method');
  const ready = await stripe.setupIntents.confirm(waiting.id, { payment_method: 'pm_card_visa' });
  assert.equal(ready.status, 'succeeded');
  assert.deepEqual((await stripe.customers.listPaymentMethods(customer)).data.map(({ id }) => id), [ready.payment_method]);
  await refused(stripe.setupIntents.cancel(ready.id), { code: 'setup_intent_unexpected_state' });
  const bad = stripe.setupIntents.create({ customer, confirm: true, payment_method: 'pm_card_chargeDeclined' });
  const error = await refused(bad, { statusCode: 402, code: 'card_declined' });
  assert.equal((await stripe.setupIntents.retrieve(error.raw.setup_intent.id)).last_setup_error.code, 'card_declined');
  const asking = await stripe.setupIntents.create({ customer, confirm: true, payment_method: 'pm_card_authenticationRequired' });
  assert.equal(asking.status, 'requires_action');
  const form = (outcome) => ({ method: 'POST', body: new URLSearchParams({ outcome }), headers: { authorization: 'Bearer sk_test_x' } });
  const answered = await fetch(new URL(`/_sandbox/setup_intents/${asking.id}/authenticate`, process.env.SANDBOX_URL), form('succeed'));
  assert.equal((await answered.json()).status, 'succeeded');
  assert.equal((await stripe.setupIntents.cancel((await stripe.setupIntents.create({})).id)).status, 'canceled');
});

test('a customer answers the bank, and the first invoice is paid', async () => {
  const authenticate = (id, outcome) =>
    fetch(new URL(`/_sandbox/payment_intents/${id}/authenticate`, process.env.SANDBOX_URL), {
      method: 'POST', body: new URLSearchParams({ outcome }), headers: { authorization: 'Bearer sk_test_x' },
    }).then((response) => response.json());
  const customer = await payer('pm_card_authenticationRequired');
  const params = { customer, expand: ['latest_invoice.payments'] };
  const price = (await monthly()).id;
  const first = await subscribe([{ price }], params);
  const intent = first.latest_invoice.payments.data[0].payment.payment_intent;
  assert.deepEqual([first.status, (await stripe.paymentIntents.retrieve(intent)).status], ['incomplete', 'requires_action']);
  assert.equal((await authenticate(intent, 'fail')).status, 'requires_payment_method');
  await refused(stripe.invoices.pay(first.latest_invoice.id), { code: 'invoice_payment_intent_requires_action' });
  assert.equal((await authenticate(intent, 'succeed')).status, 'succeeded');
  assert.equal((await stripe.subscriptions.retrieve(first.id)).status, 'active');
});
