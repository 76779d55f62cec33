// A payment is made: every active service, at its deposit, at its price, and between the two.
import { services } from '../../src/config/services.config';
import { expect, openPayment, payOther, test } from './test';

const active = Object.values(services).filter((service) => service.active);

test('there is something to be paid', () => {
  expect(active.length).toBeGreaterThanOrEqual(4);
});

for (const { id, name, deposit, price } of active) {
  test(`${id} can be paid at its deposit and at its price`, async ({ page, shop, stripe }) => {
    for (const sum of new Set([deposit.amount, price.value])) {
      await openPayment(page, shop, id);
      const part = sum === price.value ? 'Whole price' : 'Deposit';
      await page.getByRole('radio', { name: part }).check();
      await page.getByRole('button', { name: `Pay $${sum.toLocaleString('en-US')}` }).click();
      await expect(page.getByRole('heading', { name: 'Your payment is prepared' })).toBeFocused();
      await expect(page.getByRole('main')).toContainText(`$${sum.toLocaleString('en-US')} for ${name}`);
      const form = stripe.asked.at(-1)?.form;
      expect([form?.get('amount'), form?.get('currency')]).toEqual([String(sum * 100), 'usd']);
      expect(form?.get('metadata[pricebook_product]')).toBe(id);
    }
  });
}

test('any amount between deposit and price can be paid, as people write it', async ({ page, shop, stripe }) => {
  await openPayment(page, shop);
  await page.getByRole('textbox', { name: /E-mail address or order number/ }).fill(' ada@example.com ');
  await page.getByRole('radio', { name: 'Another amount' }).check();
  await page.getByLabel('Amount in USD').fill('1.234,56');
  await expect(page.getByRole('complementary')).toContainText('Left for later$260.44');
  await page.getByRole('button', { name: 'Pay $1,234.56' }).click();
  await expect(page.getByRole('main')).toContainText('$1,234.56 for Market Essentials. Nothing has been charged yet.');
  await expect(page.getByRole('main')).toContainText('$260.44 of the price is left for later.');
  const form = stripe.asked.at(-1)?.form;
  expect([form?.get('amount'), form?.get('metadata[customer_reference]')]).toEqual(['123456', 'ada@example.com']);
});

test('the page says what comes next and keeps the secret to itself', async ({ page, shop, stripe }) => {
  await openPayment(page, shop);
  await page.getByRole('button', { name: 'Pay $299' }).click();
  await expect(page.getByRole('heading', { name: 'What comes next' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(`pi_${stripe.asked.at(-1)?.key}`);
  expect(await page.content()).not.toContain('secret');
  await page.getByRole('link', { name: 'Pay for something else' }).click();
  await expect(page.getByRole('button', { name: 'Pay $299' })).toBeVisible();
});

test('two presses ask for one payment', async ({ page, shop, stripe }) => {
  await openPayment(page, shop);
  const before = stripe.asked.length;
  await page.getByRole('button', { name: 'Pay $299' }).dblclick();
  await expect(page.getByRole('heading', { name: 'Your payment is prepared' })).toBeVisible();
  expect(stripe.asked.length).toBe(before + 1);
});

test('another service begins with its own amounts', async ({ page, shop }) => {
  await openPayment(page, shop);
  await payOther(page, '1');
  await expect(page.getByText('Minimum deposit required')).toBeVisible();
  await page.getByLabel('Service').selectOption('ongoing-retainer');
  await expect(page.getByRole('radio')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Pay $3,500' })).toBeVisible();
  await expect(page.getByText('Minimum deposit required')).toHaveCount(0);
});

test('an answer that comes after another service was chosen stands at what it is about', async ({ page, shop }) => {
  await openPayment(page, shop);
  const answers: (() => void)[] = [];
  await page.route('**/create-payment', async (route) => {
    const response = await route.fetch();
    await new Promise<void>((resolve) => answers.push(resolve));
    await route.fulfill({ response });
  });
  const answer = async () => {
    await expect.poll(() => answers.length).toBe(1);
    const response = page.waitForResponse('**/create-payment');
    answers.pop()?.();
    await response;
  };
  await payOther(page, '1');
  await page.getByLabel('Service').selectOption('ongoing-retainer');
  await answer();
  await expect(page.getByRole('button', { name: 'Pay $3,500' })).toBeEnabled();
  await expect(page.getByText('Minimum deposit required')).toHaveCount(0);

  await page.getByRole('button', { name: 'Pay $3,500' }).click();
  await page.getByLabel('Service').selectOption('market-essentials');
  await answer();
  await expect(page.getByRole('main')).toContainText('$3,500 for Ongoing Intelligence Retainer');
  await expect(page.getByRole('complementary')).toContainText('Ongoing Intelligence Retainer');
});
