// What is about no field: too many requests, a payment service or a server that fails, no connection. The key stays.
import { Shop } from './shop';
import { Stripe } from './stripe';
import { expect, openPayment, type Page, payOther, test } from './test';

const pay = (page: Page) => page.getByRole('button', { name: /^Pay \$/ }).click();

/** The idempotency keys of every request for a payment. */
function keysOf(page: Page): string[] {
  const keys: string[] = [];
  page.on('request', (request) => {
    const key = request.headers()['idempotency-key'];
    if (key !== undefined) keys.push(key);
  });
  return keys;
}

const prepared = (page: Page) => page.getByRole('heading', { name: 'Your payment is prepared' });
const again = (page: Page) => page.getByRole('button', { name: 'Try again' });

test('without a connection the same payment is tried again under the same key', async ({ page, shop, stripe }) => {
  await openPayment(page, shop);
  const keys = keysOf(page);
  await page.route('**/create-payment', (route) => route.abort('connectionrefused'), { times: 2 });
  await pay(page);
  await expect(page.getByRole('alert')).toContainText('The server did not answer');
  await again(page).click();
  await expect(again(page)).toBeEnabled();
  await again(page).click();
  await expect(prepared(page)).toBeVisible();
  expect(keys.length).toBe(3);
  expect(new Set(keys).size).toBe(1);
  expect(stripe.asked.at(-1)?.form.get('amount')).toBe('29900');
});

test('an answer that got lost makes no second payment', async ({ page, shop, stripe }) => {
  await openPayment(page, shop);
  const before = stripe.asked.length;
  await page.route(
    '**/create-payment',
    async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  await pay(page);
  await again(page).click();
  await expect(prepared(page)).toBeVisible();
  expect(stripe.asked.length).toBe(before + 1);
});

test('another amount, another service or another reference is another payment', async ({ page, shop }) => {
  await openPayment(page, shop);
  const keys = keysOf(page);
  await payOther(page, '1');
  await payOther(page, '2');
  await payOther(page, '2.0');
  await page.getByRole('textbox', { name: /order number/ }).fill('order-1');
  await payOther(page, '2.0');
  await page.getByLabel('Service').selectOption('market-intelligence');
  await payOther(page, '2.0');
  await expect.poll(() => keys.length).toBe(5);
  expect(new Set(keys).size).toBe(5);
});

for (const [name, answer] of Object.entries({
  'a page of a proxy': { status: 502, contentType: 'text/html', body: '<html>Bad gateway' },
  'an answer of another shape': { status: 500, contentType: 'application/json', body: '{"oops": true}' },
  'a success without a payment': { status: 201, contentType: 'application/json', body: '{"success": true}' },
})) {
  test(`${name} is no answer`, async ({ page, shop }) => {
    await openPayment(page, shop);
    await page.route('**/create-payment', (route) => route.fulfill(answer), { times: 1 });
    await pay(page);
    await expect(page.getByRole('alert')).toContainText('at most one payment is made');
    await again(page).click();
    await expect(prepared(page)).toBeVisible();
  });
}

for (const [code, status, message, text] of [
  ['database_unavailable', 503, 'The database does not answer; try again', 'No payment was made.'],
  ['internal_error', 500, 'Something went wrong on our side', 'at most one payment is made'],
  ['timeout', 504, 'The answer took too long; try again', 'at most one payment is made'],
  [
    'idempotency_key_in_use',
    409,
    'A payment with this idempotency key is being made; try again',
    'at most one payment is made',
  ],
  [
    'payment_outcome_unknown',
    503,
    'It is not known yet whether the payment was made; try again with the same idempotency key',
    'at most one payment is made',
  ],
] as const) {
  test(`${code} can be tried again`, async ({ page, shop }) => {
    await openPayment(page, shop);
    const json = { success: false, error: { code, message } };
    await page.route('**/create-payment', (route) => route.fulfill({ status, json }), { times: 1 });
    await pay(page);
    await expect(page.getByRole('alert')).toContainText(message);
    await expect(page.getByRole('alert')).toContainText(text);
    await again(page).click();
    await expect(prepared(page)).toBeVisible();
  });
}

test('while it is not known whether a payment was made, nothing is said to be untouched', async ({ page, shop }) => {
  await openPayment(page, shop);
  const keys = keysOf(page);
  const answers: readonly (readonly [number, string])[] = [
    [503, 'payment_outcome_unknown'],
    [503, 'database_unavailable'],
    [429, 'rate_limit_exceeded'],
    [409, 'price_out_of_sync'],
  ];
  for (const [status, code] of answers) {
    const json = { success: false, error: { code, message: `Told as ${code}` } };
    await page.route('**/create-payment', (route) => route.fulfill({ status, json }), { times: 1 });
    await (keys.length === 0 ? pay(page) : again(page).click());
    await expect(page.getByText(`Told as ${code}`)).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('at most one payment is made');
    await expect(page.getByText('No payment was made.')).toHaveCount(0);
  }
  await again(page).click();
  await expect(prepared(page)).toBeVisible();
  expect(new Set(keys).size).toBe(1);
});

test.describe('a shop whose payment service fails', () => {
  let stripe: Stripe;
  let shop: Shop;

  test.beforeAll(async () => {
    stripe = await Stripe.start();
    shop = await Shop.open({ STRIPE_SECRET_KEY: 'sk_test_standin', PRICEBOOK_STRIPE_API_BASE: stripe.address });
  });
  test.beforeEach(async ({ page }) => {
    await page.clock.install();
    await openPayment(page, shop);
  });
  test.afterAll(async () => {
    await shop.close();
    stripe.stop();
  });

  test('it is asked again, when it is time, under the same key', async ({ page }) => {
    const keys = keysOf(page);
    stripe.answers = { status: 500, body: {} };
    await pay(page);
    await expect(page.getByRole('alert')).toContainText('The payment service does not answer');
    await expect(again(page)).toBeDisabled();
    stripe.answers = undefined;
    await page.clock.runFor(2_000);
    await again(page).click();
    await expect(prepared(page)).toBeVisible();
    expect(new Set(keys).size).toBe(1);
  });

  test('its refusal stands at the amount, and the next try is a new payment', async ({ page }) => {
    const keys = keysOf(page);
    const error = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' };
    stripe.answers = { status: 402, body: { error } };
    await pay(page);
    await expect(page.getByRole('radio', { name: 'Deposit' })).toHaveAccessibleDescription('Your card was declined.');
    stripe.answers = undefined;
    await pay(page);
    await expect(prepared(page)).toBeVisible();
    expect(new Set(keys).size).toBe(2);
  });
});

test.describe('a shop that may be asked once in a minute', () => {
  let shop: Shop;

  test.beforeAll(async () => {
    shop = await Shop.open({ PRICEBOOK_PAYMENT_RATE_PER_MINUTE: '1' });
  });
  test.afterAll(() => shop.close());

  test('the second payment waits until it may be asked for', async ({ page }) => {
    await page.clock.install();
    await openPayment(page, shop);
    await payOther(page, '1');
    await expect(page.getByText('Minimum deposit required')).toBeVisible();
    await payOther(page, '2');
    await expect(page.getByRole('alert')).toContainText('Too many requests');
    const button = again(page);
    await expect(button).toBeDisabled();
    await expect(button).toContainText(/in [1-6]?\d s$/);
    await page.clock.runFor(61_000);
    await expect(button).toBeEnabled();
    await expect(button).toHaveText('Try again');
  });
});
