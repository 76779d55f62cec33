// Every reason for which a payment is refused, said by the real server, at its field and in its words.
import { Shop } from './shop';
import { expect, openPayment, type Page, payOther, test } from './test';

const pay = (page: Page) => page.getByRole('button', { name: /^Pay \$/ }).click();

test('less than the deposit', async ({ page, shop }) => {
  await openPayment(page, shop);
  await payOther(page, '298.99');
  const field = page.getByLabel('Amount in USD');
  await expect(field).toHaveAccessibleDescription(/^Minimum deposit required: \$299/);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
  await field.fill('299');
  await expect(page.getByText('Minimum deposit required')).toHaveCount(0);
  await pay(page);
  await expect(page.getByRole('heading', { name: 'Your payment is prepared' })).toBeVisible();
});

test('more than the price', async ({ page, shop }) => {
  await openPayment(page, shop);
  await payOther(page, '1,495.01');
  await expect(page.getByLabel('Amount in USD')).toHaveAccessibleDescription(/more than the price of 1495\.00 USD/);
});

test('finer than a cent', async ({ page, shop }) => {
  await openPayment(page, shop);
  await payOther(page, '299.0010001');
  await expect(page.getByLabel('Amount in USD')).toHaveAccessibleDescription(/usd has at most 2 decimal places/i);
});

test('an amount that the server takes for too high', async ({ page, shop }) => {
  await openPayment(page, shop);
  await payOther(page, '100000000000');
  await expect(page.getByLabel('Amount in USD')).toHaveAccessibleDescription(/amount: from 0 to 1000000000/);
});

test('what is no amount is never sent', async ({ page, shop }) => {
  await openPayment(page, shop);
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST') sent += 1;
  });
  for (const text of ['', 'two hundred', '-300', '3e2', '1.495', '1,49']) {
    await payOther(page, text);
    if (text === '1,49') break;
    await expect(page.getByLabel('Amount in USD')).toHaveAccessibleDescription(
      /Enter an amount such as 299 or 299\.50/,
    );
    await expect(page.getByLabel('Amount in USD')).toBeFocused();
  }
  // This one is 1.49 in half of the world, and too little.
  await expect(page.getByLabel('Amount in USD')).toHaveAccessibleDescription(/Minimum deposit required/);
  expect(sent).toBe(1);
});

test('a reference that cannot be stored', async ({ page, shop }) => {
  await openPayment(page, shop);
  const field = page.getByRole('textbox', { name: /E-mail address or order number/ });
  await field.fill('x'.repeat(256));
  await pay(page);
  await expect(field).toHaveAccessibleDescription(/^customerReference: 1 to 255 characters/);
  await expect(field).toBeFocused();
});

test('a service that the address asks for and nobody can have', async ({ page, shop }) => {
  for (const id of ['xxx', 'competitor-tracking', 'market-pulse-executive']) {
    await openPayment(page, shop, id);
    const field = page.getByLabel('Service');
    await expect(field).toHaveAccessibleDescription(`Service '${id}' not found or inactive`);
    await field.selectOption('market-intelligence');
    await expect(field).not.toHaveAttribute('aria-invalid', 'true');
  }
});

test.describe('a shop whose rows have changed', () => {
  let shop: Shop;

  test.beforeAll(async () => {
    shop = await Shop.open();
    shop.execute("UPDATE services SET active = 0 WHERE id = 'market-essentials'");
    shop.execute("UPDATE services SET max_price = 2000 WHERE id = 'market-intelligence'");
    shop.execute("UPDATE services SET deposit_amount = 1500 WHERE id = 'strategic-analysis'");
  });
  test.afterAll(() => shop.close());

  test('a service that is not sold any more', async ({ page }) => {
    await openPayment(page, shop);
    await pay(page);
    await expect(page.getByLabel('Service')).toHaveAccessibleDescription(
      "Service 'market-essentials' not found or inactive",
    );
    await expect(page.getByLabel('Service')).toBeFocused();
  });

  test('a price that is being changed', async ({ page }) => {
    await openPayment(page, shop, 'market-intelligence');
    await page.getByRole('radio', { name: 'Whole price' }).check();
    await pay(page);
    const words = "The price of 'market-intelligence' is being changed; try again in a few minutes";
    await expect(page.getByRole('radio', { name: 'Whole price' })).toHaveAccessibleDescription(words);
    await expect(page.getByRole('alert')).toContainText('No payment was made.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('radio', { name: 'Whole price' })).toHaveAccessibleDescription(words);
  });

  test('a deposit that is higher now', async ({ page }) => {
    await openPayment(page, shop, 'strategic-analysis');
    await pay(page);
    const deposit = page.getByRole('radio', { name: 'Deposit' });
    await expect(deposit).toHaveAccessibleDescription('Minimum deposit required: $1,500');
    await expect(deposit).toBeFocused();
  });

  test('without a payment service payments are checked and none is made', async ({ page }) => {
    await openPayment(page, shop, 'ongoing-retainer');
    await pay(page);
    const told = page.getByRole('alert');
    await expect(told).toContainText('The payment is right, but this server has no payment service set up yet');
    await expect(told).toContainText('No payment was made.');
    await expect(told.getByRole('button')).toHaveCount(0);
  });
});
