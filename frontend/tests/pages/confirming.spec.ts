// A payment is confirmed: with test cards at the local Stripe, and with the form that Stripe's own script makes.
import { findings, fits } from './axe';
import { LocalStripe, SECRET_KEY } from './local-stripe';
import { Shop } from './shop';
import { test as base, expect, openPayment, type Page } from './test';

interface OfWorker {
  readonly local: LocalStripe;
  readonly paying: Shop;
  readonly hosted: Shop;
}

const PUBLISHABLE = { STRIPE_SECRET_KEY: SECRET_KEY, PRICEBOOK_STRIPE_PUBLISHABLE_KEY: 'pk_test_ofthepages' };

const test = base.extend<object, OfWorker>({
  local: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from this pattern
    async ({}, use) => {
      const local = await LocalStripe.start();
      await use(local);
      local.stop();
    },
    { scope: 'worker' },
  ],
  paying: [
    async ({ local }, use) => {
      const shop = await Shop.open({ ...PUBLISHABLE, PRICEBOOK_STRIPE_API_BASE: local.address });
      await use(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
  // With Stripe's own address, at which nothing is asked: the tests answer in its place.
  hosted: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from this pattern
    async ({}, use) => {
      const shop = await Shop.open(PUBLISHABLE);
      await use(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
});

const alert = (page: Page) => page.getByRole('main').getByRole('alert');
const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm $299' });

/** Prepares a payment and returns its number. */
async function prepare(page: Page, shop: Shop): Promise<string> {
  await openPayment(page, shop);
  const answer = page.waitForResponse('**/create-payment');
  await page.getByRole('button', { name: 'Pay $299' }).click();
  await expect(confirm(page)).toBeVisible();
  const { payment } = (await (await answer).json()) as { payment: { paymentIntentId: string } };
  return payment.paymentIntentId;
}

async function confirmWith(page: Page, card: string): Promise<void> {
  await page.getByLabel('Test card').selectOption({ label: card });
  await confirm(page).click();
}

test('a card that pays makes the payment', async ({ page, paying, local }) => {
  const id = await prepare(page, paying);
  expect(await findings(page)).toEqual([]);
  expect(await fits(page)).toBe(true);
  await confirmWith(page, 'Visa 4242: is paid');
  await expect(page.getByRole('heading', { name: 'Thank you, your payment is made' })).toBeFocused();
  await expect(page.getByRole('main')).toContainText(id);
  expect(await local.statusOf(id)).toBe('succeeded');
  expect(await findings(page)).toEqual([]);
  expect(await page.content()).not.toContain('_secret_');
});

test('a card that is declined can be followed by another one', async ({ page, paying, local }) => {
  const id = await prepare(page, paying);
  await confirmWith(page, 'Visa 0002: is declined');
  await expect(alert(page)).toContainText('Your card was declined. Nothing was charged.');
  expect(await findings(page)).toEqual([]);
  expect(await local.statusOf(id)).toBe('requires_payment_method');
  await confirmWith(page, 'Visa 4242: is paid');
  await expect(page.getByRole('heading', { name: 'Thank you, your payment is made' })).toBeVisible();
  expect(await local.statusOf(id)).toBe('succeeded');
});

for (const { answers, heading, status } of [
  { answers: 'Agree', heading: 'Thank you, your payment is made', status: 'succeeded' },
  { answers: 'Refuse', heading: 'Your payment was not made', status: 'requires_payment_method' },
]) {
  test(`a bank that asks and is told: ${answers}`, async ({ page, paying, local }) => {
    const id = await prepare(page, paying);
    await confirmWith(page, 'Visa 3184: the bank asks');
    await page.getByRole('button', { name: answers }).click();
    await expect(page.getByRole('heading', { name: heading })).toBeFocused();
    await expect(page.getByRole('main')).toContainText(id);
    expect(page.url()).toContain(`${paying.address}/payment?`);
    expect(await local.statusOf(id)).toBe(status);
    expect(await findings(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
  });
}

test('where the answer is lost, nothing is claimed, and trying again finds what was made', async ({ page, paying }) => {
  await prepare(page, paying);
  await page.route(
    '**/confirm',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await confirmWith(page, 'Visa 4242: is paid');
  await expect(alert(page)).toContainText('it is not known whether the payment was made');
  await confirm(page).click();
  await expect(page.getByRole('heading', { name: 'Thank you, your payment is made' })).toBeVisible();
});

test('an address that names no payment shows the form', async ({ page, paying }) => {
  await page.goto(`${paying.address}/payment?payment_intent=<b>you</b>&redirect_status=succeeded`);
  await expect(page.getByRole('button', { name: /^Pay/ })).toBeVisible();
});

/** A stand-in for the script that Stripe serves: it shows a field, and confirms as the test says. */
const SCRIPT = `window.Stripe = (key) => ({
  elements: ({ clientSecret }) => ({
    create: () => ({ mount: (place) => { place.textContent = 'Card fields for ' + key; } }),
    getElement: () => null,
    clientSecret,
  }),
  confirmPayment: async ({ elements, redirect }) => {
    const ours = elements.clientSecret === 'pi_3Hosted_secret_kept' && redirect === 'if_required';
    window.tries = (window.tries ?? 0) + 1;
    return ours && window.tries > 1
      ? { paymentIntent: { status: 'succeeded' } }
      : { error: { type: 'card_error', message: 'Your card has insufficient funds.' } };
  },
});`;

/** Answers in the place of a server whose Stripe is Stripe's own. */
async function preparedByStripe(page: Page): Promise<void> {
  await page.route('**/create-payment', (route) =>
    route.fulfill({
      status: 201,
      json: {
        success: true,
        payment: {
          id: 'a',
          service: 'market-essentials',
          amountMinor: 29900,
          priceMinor: 149500,
          currency: 'usd',
          paymentIntentId: 'pi_3Hosted',
          clientSecret: 'pi_3Hosted_secret_kept',
          publishableKey: 'pk_test_ofthepages',
          localStripe: null,
        },
      },
    }),
  );
}

test("Stripe's own form is loaded when a payment is to be confirmed, and not before", async ({ page, hosted }) => {
  const asked: string[] = [];
  await page.route('https://js.stripe.com/**', (route) => {
    const url = new URL(route.request().url());
    asked.push(url.href);
    // Each version has an address of its own, and the script says which it is.
    const version = `window.Stripe.version = '${url.pathname.split('/')[1]}';`;
    return route.fulfill({ contentType: 'text/javascript', body: SCRIPT + version });
  });
  await preparedByStripe(page);
  await openPayment(page, hosted);
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Pay $299' }).click();
  await expect(page.getByText('Card fields for pk_test_ofthepages')).toBeVisible();
  expect(asked.length).toBe(1);
  expect(await findings(page)).toEqual([]);
  await confirm(page).click();
  await expect(alert(page)).toContainText('Your card has insufficient funds. Nothing was charged.');
  await confirm(page).click();
  await expect(page.getByRole('heading', { name: 'Thank you, your payment is made' })).toBeFocused();
});

test('where the script cannot be had, the page says so', async ({ page, hosted }) => {
  await page.route('https://js.stripe.com/**', (route) => route.abort());
  await preparedByStripe(page);
  await openPayment(page, hosted);
  await page.getByRole('button', { name: 'Pay $299' }).click();
  await expect(alert(page)).toContainText('cannot be loaded');
  await expect(confirm(page)).toBeDisabled();
});
