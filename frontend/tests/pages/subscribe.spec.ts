// A plan is put together and paid at the local Stripe, in which a sync has put the catalog.
import { plans, roles } from 'catalog';
import { money } from '../../src/money/format';
import { findings, fits } from './axe';
import { LocalStripe, SECRET_KEY } from './local-stripe';
import { freePort, Shop } from './shop';
import { test as base, expect, type Page } from './test';

interface OfWorker {
  readonly local: LocalStripe;
  readonly selling: Shop;
}

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
  selling: [
    async ({ local }, use) => {
      const variables = { STRIPE_SECRET_KEY: SECRET_KEY, PRICEBOOK_STRIPE_API_BASE: local.address };
      // Customers come back to the address that the settings name.
      const listen = `127.0.0.1:${await freePort()}`;
      const shop = await Shop.open({ ...variables, PRICEBOOK_LISTEN: listen });
      shop.command(['stripe', 'sync', 'local', '--yes'], { ...variables, PRICEBOOK_STRIPE_REQUESTS_PER_SEC: '1000' });
      await use(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
});

const due = (page: Page) => page.getByRole('button', { name: /^Continue to payment/ });
const order = (page: Page) => page.getByRole('complementary', { name: 'Your selection' });
const cents = (price: { amounts: Partial<Record<string, number>> }) => price.amounts['usd'] ?? 0;

async function open(page: Page, shop: Shop, query = ''): Promise<void> {
  await page.goto(`${shop.address}/subscribe${query}`);
  await expect(page.getByRole('heading', { name: 'Choose your plan' })).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the plan page is accessible and fits, empty and full', async ({ page, selling }) => {
      await open(page, selling);
      expect(await findings(page)).toEqual([]);
      await due(page).click();
      await expect(page.getByText('Choose a plan, users or an add-on')).toBeVisible();
      await page.getByRole('radio', { name: /^Organization Growth/ }).check();
      await page.getByRole('radio', { name: 'Yearly' }).check();
      await expect(page.getByText('Organization Growth is not paid by the year')).toBeVisible();
      await page.getByLabel(/^Administrator - Elite/).fill('many');
      await expect(page.getByText('A whole number from 0 to 10,000')).toBeVisible();
      await due(page).click();
      expect(await findings(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
    });
  });
}

test('a plan with users and an add-on is paid for at its exact price', async ({ page, selling, local }) => {
  await open(page, selling, '?plan=enterprise');
  await expect(page.getByRole('radio', { name: /^Enterprise Plan/ })).toBeChecked();
  await page.getByLabel(/^Sales Representative - Professional/).fill('3');
  await page.getByRole('checkbox', { name: /^Marketing Suite/ }).check();
  await page.getByRole('checkbox', { name: /^Starter Setup Fee/ }).check();
  const users = 3 * cents(roles.sales_rep_pro.prices.monthly);
  await expect(order(page)).toContainText(`3 × Sales Representative - Professional${money(users, 'usd')}`);
  const recurring = cents(plans.enterprise.prices.monthly) + users + 3900;
  await expect(order(page)).toContainText(`Per month${money(recurring, 'usd')}`);
  await expect(order(page)).toContainText(`Due today${money(recurring + 9900, 'usd')}`);
  await due(page).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText((recurring / 100 + 99).toFixed(2));
  const email = `buyer-${Date.now()}-${Math.random()}@shop.example`;
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Pay' }).click();
  await expect(page.getByText('Thank you, your order is placed')).toBeVisible();
  expect(page.url()).toBe(`${selling.address}/subscribe?checkout=paid`);
  expect(await findings(page)).toEqual([]);
  expect(await local.subscribed(email)).toEqual([
    ['plan_enterprise_monthly', 1],
    ['role_sales_rep_sales_rep_pro_monthly', 3],
    ['addon_marketing_suite_monthly', 1],
  ]);
});

test('what can be tried first costs nothing today, and a code is taken off', async ({ page, selling }) => {
  await open(page, selling, '?plan=starter&cycle=year');
  await expect(order(page)).toContainText('The first 14 days are free.');
  await expect(due(page)).toHaveText('Continue to payment: $0 due today');
  await page.getByRole('checkbox', { name: /^Automation Plus/ }).check();
  await expect(order(page)).toContainText('Not everything that is chosen can be tried first');
  await page.getByLabel('Promotion code').fill('nothing');
  await due(page).click();
  await expect(page.getByText('This promotion code is not valid')).toBeVisible();
  await expect(page.getByLabel('Promotion code')).toBeFocused();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Nothing was bought.');
  expect(await findings(page)).toEqual([]);
  await page.getByLabel('Promotion code').fill('launch20');
  await expect(page.getByText('This promotion code is not valid')).toBeHidden();
  await due(page).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
});

test('whoever leaves without paying finds the selection again', async ({ page, selling }) => {
  await open(page, selling);
  await page.getByRole('radio', { name: /^Professional Plan/ }).check();
  await page.getByRole('checkbox', { name: /^Sales PowerPack/ }).check();
  await due(page).click();
  await page.getByRole('button', { name: /^Back to/ }).click();
  await expect(page.getByText('Nothing was bought')).toBeVisible();
  await expect(page.getByRole('radio', { name: /^Professional Plan/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Sales PowerPack/ })).toBeChecked();
});

test('a price that the server refuses is said at its place', async ({ page, selling }) => {
  await open(page, selling, '?plan=professional');
  const error = {
    code: 'price_out_of_sync',
    message: 'Its price is being changed.',
    details: { price: 'plan_professional_monthly' },
  };
  await page.route('**/api/checkout', (route) => route.fulfill({ status: 409, json: { success: false, error } }), {
    times: 1,
  });
  await due(page).click();
  await expect(page.getByRole('group', { name: 'Plan' })).toContainText('Its price is being changed.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
});

test('without a connection the same order is tried again under the same key', async ({ page, selling }) => {
  await open(page, selling, '?plan=professional');
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/checkout')) keys.push(request.headers()['idempotency-key']);
  });
  await page.route('**/api/checkout', (route) => route.abort(), { times: 1 });
  await due(page).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The server did not answer');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
});

test('a plan is chosen and paid for with the keyboard alone', async ({ page, selling }) => {
  await open(page, selling);
  await page.getByRole('radio', { name: 'Monthly' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Yearly' })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: /^No plan/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Starter Plan/ })).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
});

test('billing is managed by who is signed in, and others are led there', async ({ page, selling }) => {
  await open(page, selling);
  await page.getByRole('button', { name: 'Manage billing' }).click();
  await expect(page.getByText('Sign in to see what you have')).toBeVisible();
  expect(await findings(page)).toEqual([]);
  const email = `carl-${Date.now()}-${Math.random()}@shop.example`.toLowerCase();
  selling.command(['user', 'add', email, '--role', 'customer'], {});
  const { link } = JSON.parse(selling.command(['--json', 'user', 'link', email], {})) as { link: string };
  await page.goto(selling.address + new URL(link).pathname);
  await page.locator('input[name="password"]').fill('correct horse battery');
  await page.locator('input[name="again"]').fill('correct horse battery');
  await page.locator('input[name="again"]').press('Enter');
  await expect(page).toHaveURL(`${selling.address}/account`);
  await open(page, selling, '?plan=professional');
  await page.getByRole('button', { name: 'Manage billing' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toContainText('There is nothing to manage yet');
  await due(page).click();
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.getByRole('button', { name: 'Manage billing' }).click();
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('trialing');
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page).toHaveURL(`${selling.address}/subscribe`);
});

test('the table says what each plan grants', async ({ page, selling }) => {
  await open(page, selling);
  const row = page.getByRole('row', { name: /^Contacts/ });
  await expect(row).toContainText('2,500');
  await expect(row).toContainText('Unlimited');
  await page.getByRole('region', { name: 'What is included' }).focus();
});

test('a plan of the price list leads to its selection', async ({ page, selling }) => {
  await page.goto(selling.address);
  await page.getByRole('radio', { name: 'Yearly' }).check();
  await page.getByRole('link', { name: 'Choose Professional Plan' }).click();
  await expect(page.getByRole('radio', { name: /^Professional Plan/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Yearly' })).toBeChecked();
});
