// The dashboard of the product sync, beside the local Stripe: an administrator signs in, previews, syncs, validates and reads what came of it.
import type { Page } from '@playwright/test';
import { findings, fits } from './axe';
import { Shop } from './shop';
import { expect, test } from './test';

const EMAIL = 'ana@shop.example';
const PASSWORD = 'four green teas';

test.describe.configure({ mode: 'serial' });

let shop: Shop;
test.beforeAll(async () => {
  shop = await Shop.open({ PRICEBOOK_STRIPE_LOCAL: 'true', PRICEBOOK_SIGN_IN_RATE_PER_MINUTE: '0' });
  shop.command(['user', 'add', EMAIL, '--role', 'admin']);
});
test.afterAll(async () => {
  await shop.close();
});

/** Nothing is wrong with the page in light and in dark, and it fits its window. */
async function isSound(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findings(page)).toEqual([]);
  }
  expect(await fits(page)).toBe(true);
}

const dashboard = (path = '') => `${shop.address}/admin/stripe-sync${path}`;

/** Asks for the dashboard, and signs in with the keyboard alone, as the form has it. */
async function signIn(page: Page): Promise<void> {
  await page.goto(dashboard());
  await expect(page.getByLabel('Address of mail')).toBeFocused();
  await page.keyboard.type(EMAIL);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Stripe product sync, local' })).toBeVisible();
}

test('a link lets somebody choose a password once', async ({ page }) => {
  const link = /\/sign-in\/\S+/.exec(shop.command(['user', 'link', EMAIL]))?.[0];
  await page.goto(`${shop.address}${link}`);
  await isSound(page);
  await page.getByLabel('Password, at least 12 characters').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Take this password and sign in' }).click();
  await expect(page.getByText(`${EMAIL}, admin`)).toBeVisible();
  await isSound(page);
  await page.goto(`${shop.address}${link}`);
  await expect(page.getByRole('alert')).toContainText('This link was used before');
});

test('an administrator previews, syncs and validates, and reads what came of it', async ({ page }) => {
  test.slow();
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Needs Sync' })).toBeVisible();
  await isSound(page);

  await page.getByRole('button', { name: 'Preview Sync (Dry Run)' }).click();
  await expect(page.getByRole('heading', { name: 'What a sync would change' })).toBeVisible();
  await expect(page.getByText('product plan_starter_monthly', { exact: false }).first()).toBeVisible();
  await isSound(page);

  await page.getByRole('button', { name: 'Sync Products' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'sync: succeeded' })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('region', { name: /created/i })).toContainText('Starter Plan (Monthly)');
  await isSound(page);

  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('button', { name: 'Validate' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'validate: succeeded' })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('heading', { name: 'All Synced' })).toBeVisible();
  await isSound(page);

  await page.getByRole('button', { name: 'Force Update' }).click();
  await expect(page.getByRole('heading', { name: 'Is that meant?' })).toBeVisible();
  await isSound(page);
  await page.getByRole('link', { name: 'No' }).click();
  await expect(page.getByRole('heading', { name: 'All Synced' })).toBeVisible();
});

test('the other pages can be read by everybody', async ({ page }) => {
  await signIn(page);
  for (const [name, heading, shows] of [
    ['Mappings', 'What stands for which price', 'plan_starter_monthly'],
    ['Syncs', 'Syncs of local', 'succeeded'],
    ['Changes', 'What was changed', 'plan.created'],
    ['Drift', 'Who has this catalog', 'as the catalog says'],
  ] as const) {
    await page.getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(shows);
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
    await isSound(page);
  }
  await page.getByRole('link', { name: 'Mappings', exact: true }).click();
  await page.getByLabel('A part of an id').fill('addon_');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row')).not.toHaveCount(1);
  await expect(page.getByRole('main')).not.toContainText('plan_starter_monthly');
});

test('the keyboard reaches every button, in the order of the page', async ({ page }) => {
  await signIn(page);
  const names = ['Preview Sync (Dry Run)', 'Sync Products', 'Force Update', 'Validate', 'Refresh Status'];
  await page.getByRole('button', { name: 'Preview Sync (Dry Run)' }).focus();
  for (const name of names) {
    await expect(page.getByRole('button', { name })).toBeFocused();
    await page.keyboard.press('Tab');
  }
  await page.getByRole('button', { name: 'Refresh Status' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'All Synced' })).toBeVisible();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('everything can be read, and a sync asked for', async ({ page }) => {
    await signIn(page);
    for (const path of ['/mappings', '/history', '/changes', '/drift', '/preview']) {
      await page.goto(dashboard(path));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    await expect(page.getByText('All products are properly synchronized.')).toBeVisible();
    await page.goto(dashboard());
    await page.getByRole('button', { name: 'Sync Products' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'sync: succeeded' })).toBeVisible({ timeout: 20_000 });
  });
});
