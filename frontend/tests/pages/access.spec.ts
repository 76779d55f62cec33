// Everybody can use the pages: axe finds nothing, the keyboard reaches everything, and no width is too small.
import { findings, fits } from './axe';
import { expect, openPayment, payOther, test } from './test';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('the pricing page is accessible and fits', async ({ page, shop }) => {
      await page.goto(shop.address);
      await page.getByRole('radio', { name: 'Yearly' }).check();
      expect(await findings(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
    });

    test('the payment page is accessible and fits in each of its states', async ({ page, shop }) => {
      await openPayment(page, shop);
      expect(await findings(page)).toEqual([]);
      await page.route('**/create-payment', (route) => route.abort(), { times: 1 });
      await payOther(page, '1');
      await expect(page.getByRole('alert')).toContainText('did not answer');
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Try again' }).click();
      await expect(page.getByText('Minimum deposit required')).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
      await payOther(page, '300');
      await expect(page.getByRole('heading', { name: 'Your payment is prepared' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await fits(page)).toBe(true);
    });
  });
}

test('the pages that the server makes look alike and are accessible', async ({ page, shop }) => {
  await page.goto(`${shop.address}/docs`);
  expect(await findings(page)).toEqual([]);
  expect(await fits(page)).toBe(true);
});

test('a payment is made with the keyboard alone', async ({ page, shop }) => {
  await openPayment(page, shop);
  await page.getByLabel('Service').focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: 'Deposit' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Amount in USD')).toBeFocused();
  await page.keyboard.type('300');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Pay $300' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Your payment is prepared' })).toBeFocused();
});

test('the first stop of the keyboard leads to the content', async ({ page, shop }) => {
  await page.goto(shop.address);
  await expect(page.getByRole('main')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
