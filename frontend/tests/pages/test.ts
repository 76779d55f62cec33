// What the tests of the pages begin with: a shop with a Stripe behind it, and whatever a page complains of is a failure.
import { test as base, expect, type Page } from '@playwright/test';
import { Shop } from './shop';
import { Stripe } from './stripe';

export { expect, type Page } from '@playwright/test';

interface OfWorker {
  readonly stripe: Stripe;
  readonly shop: Shop;
}

interface OfTest {
  readonly quiet: undefined;
}

export const test = base.extend<OfTest, OfWorker>({
  stripe: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are needed from this pattern
    async ({}, use) => {
      const stripe = await Stripe.start();
      await use(stripe);
      stripe.stop();
    },
    { scope: 'worker' },
  ],
  shop: [
    async ({ stripe }, use) => {
      const shop = await Shop.open({ STRIPE_SECRET_KEY: 'sk_test_standin', PRICEBOOK_STRIPE_API_BASE: stripe.address });
      await use(shop);
      await shop.close();
    },
    { scope: 'worker' },
  ],
  // An exception, or anything that the content security policy forbids. A refused payment is logged by the browser itself.
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        const isAnswer = message.text().startsWith('Failed to load resource');
        if (['error', 'warning'].includes(message.type()) && !isAnswer) complaints.push(message.text());
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** The payment page of a shop, with a service chosen. */
export async function openPayment(page: Page, shop: Shop, service = 'market-essentials'): Promise<void> {
  await page.goto(`${shop.address}/payment?service=${service}`);
  await expect(page.getByRole('main')).toBeVisible();
}

/** Types another amount and asks for the payment. */
export async function payOther(page: Page, amount: string): Promise<void> {
  await page.getByRole('radio', { name: 'Another amount' }).check();
  await page.getByLabel('Amount in USD').fill(amount);
  await page.getByRole('button', { name: /^Pay/ }).click();
}
