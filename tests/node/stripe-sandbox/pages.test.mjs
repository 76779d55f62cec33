import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthly, newPrice, payer, stripe, subscribe } from './account.mjs';

// What a browser does: a form is sent, and the way on is told and not gone.
const open = (url) => fetch(url, { redirect: 'manual' });
const send = (url, fields) => fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

async function checkout(params = {}) {
  const price = await newPrice({ unit_amount: 1500 });
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 2 }],
    success_url: 'https://example.com/thanks?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://example.com/cart',
    ...params,
  });
}

// The value by which the page calls a card.
async function card(url, words) {
  const html = await (await open(url)).text();
  return html.match(new RegExp(`<option value="(\\d+)">[^<]*${words}`))[1];
}

test('a page shows what is sold, takes a card, and goes on', async () => {
  const { id, url } = await checkout();
  const shown = await open(url);
  assert.equal(shown.status, 200);
  assert.match(shown.headers.get('content-security-policy'), /default-src 'none'/);
  const html = await shown.text();
  assert.match(html, /<html lang="en">/);
  assert.match(html, /30\.00 USD/);
  assert.match(html, /<label for="email">/);
  const declined = await send(url, { email: 'a@example.com', card: await card(url, 'is declined') });
  assert.equal(declined.status, 402);
  assert.match(await declined.text(), /role="alert">Your card was declined/);
  const paid = await send(url, { email: 'a@example.com', name: 'N', card: '0' });
  assert.deepEqual([paid.status, paid.headers.get('location')], [303, `https://example.com/thanks?session=${id}`]);
  const { status, customer_details: details } = await stripe.checkout.sessions.retrieve(id);
  assert.deepEqual([status, details.email, details.name], ['complete', 'a@example.com', 'N']);
  assert.equal((await open(url)).status, 404);
});

test('a customer may leave', async () => {
  const { id, url } = await checkout();
  const left = await send(url, { leave: 'yes' });
  assert.deepEqual([left.status, left.headers.get('location')], [303, 'https://example.com/cart']);
  assert.equal((await stripe.checkout.sessions.retrieve(id)).status, 'open');
});

test('the bank asks on the page, for payments and for subscriptions', async () => {
  const price = await monthly({ unit_amount: 900 });
  const once = await newPrice({ unit_amount: 100 });
  const subscription = { mode: 'subscription', line_items: [{ price: price.id, quantity: 1 }, { price: once.id, quantity: 1 }] };
  for (const params of [{}, subscription]) {
    const { id, url } = await checkout(params);
    const refused = await send(url, { email: 'b@example.com', card: await card(url, 'the customer refuses') });
    assert.equal(refused.status, 402);
    assert.equal((await stripe.checkout.sessions.retrieve(id)).status, 'open');
    const agreed = await send(url, { email: 'b@example.com', card: await card(url, 'the customer agrees') });
    assert.equal(agreed.status, 303);
    const paid = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent', 'subscription', 'invoice'] });
    assert.deepEqual([paid.status, paid.payment_status], ['complete', 'paid']);
    if (paid.mode === 'payment') assert.equal(paid.payment_intent.status, 'succeeded');
    else assert.deepEqual([paid.subscription.status, paid.invoice.total, paid.invoice.status], ['active', 1000, 'paid']);
  }
});

test('a discount of a page is that of its subscription', async () => {
  const [price, other] = [await monthly({ unit_amount: 1000 }), await monthly({ unit_amount: 1000 })];
  const coupon = await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'forever' });
  const lines = [{ price: price.id, quantity: 1 }, { price: other.id, quantity: 1 }];
  const { id, url, amount_total: total } = await checkout({ mode: 'subscription', line_items: lines, discounts: [{ coupon: coupon.id }] });
  assert.equal(total, 1700);
  await send(url, { email: 'c@example.com', card: '0' });
  const { subscription, invoice } = await stripe.checkout.sessions.retrieve(id, { expand: ['subscription', 'invoice'] });
  assert.deepEqual([subscription.discounts.length, invoice.total], [1, 1700]);
});

test('the bank asks on a page of its own', async () => {
  const asked = await stripe.paymentIntents.create({
    amount: 2000, currency: 'usd', confirm: true, payment_method: 'pm_card_authenticationRequired',
    payment_method_types: ['card'], return_url: 'https://example.com/back?order=1',
  });
  const { url } = asked.next_action.redirect_to_url;
  assert.match(await (await open(url)).text(), /Do you want to pay 20\.00 USD\?/);
  const agreed = await send(url, { outcome: 'succeed', return_url: 'https://example.com/back?order=1' });
  assert.equal(agreed.headers.get('location'), `https://example.com/back?order=1&payment_intent=${asked.id}&redirect_status=succeeded`);
  assert.equal((await stripe.paymentIntents.retrieve(asked.id)).status, 'succeeded');
  assert.equal((await open(url)).status, 404);
});

test('customers leave and stay in their portal, with subscriptions of their own', async () => {
  await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } });
  const customer = await payer('pm_card_visa', { name: '<b>N</b>' });
  const { id } = await subscribe([{ price: (await monthly()).id }], { customer });
  const other = await subscribe([{ price: (await monthly()).id }]);
  const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: 'https://example.com/"back"' });
  const html = await (await open(url)).text();
  assert.ok(html.includes(id) && !html.includes(other.id));
  assert.ok(html.includes('href="https://example.com/&quot;back&quot;"'));
  assert.match(html, /10\.00 USD/);
  assert.equal((await send(url, { subscription: id, action: 'leave' })).status, 200);
  assert.equal((await stripe.subscriptions.retrieve(id)).cancel_at_period_end, true);
  await send(url, { subscription: id, action: 'keep' });
  assert.equal((await stripe.subscriptions.retrieve(id)).cancel_at_period_end, false);
  assert.equal((await send(url, { subscription: other.id, action: 'leave' })).status, 400);
  assert.equal((await stripe.subscriptions.retrieve(other.id)).cancel_at_period_end, false);
});
