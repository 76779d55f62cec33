// The pricing page shows what the catalog says, each kind in its way.
import {
  addons,
  amountsOn,
  CATALOG_HASH,
  dayOf,
  fees,
  hosting,
  organizations,
  type Product,
  plans,
  services as products,
  roles,
  type UnitPrice,
} from 'catalog';
import { services } from '../../src/config/services.config';
import { money } from '../../src/money/format';
import { offered } from '../../src/pricing/prices';
import { tierTexts } from '../../src/pricing/tiers';
import { expect, type Page, test } from './test';

const DAY = dayOf(new Date());

/** What a price comes to today, for people. */
function today(price: UnitPrice): string {
  return money(amountsOn(price, DAY)[price.amount.currency] ?? 0, price.amount.currency);
}

const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

test.beforeEach(async ({ page, shop }) => {
  await page.goto(shop.address);
});

test('the page says which catalog its prices are of', async ({ page }) => {
  await expect(page.locator('head meta[name="catalog-hash"]')).toHaveAttribute('content', CATALOG_HASH);
});

test('every service stands there with its name, its words and its price', async ({ page }) => {
  for (const { name, description, features, price } of Object.values(services)) {
    const shown = card(page, name);
    await expect(shown).toContainText(description);
    await expect(shown).toContainText(price.display.replace('/mo', ' per month'));
    for (const feature of features) await expect(shown).toContainText(feature);
  }
});

test('what can be paid says its deposit and leads to the payment, and nothing else does', async ({ page }) => {
  for (const { id, name, active, deposit, price } of Object.values(services)) {
    const shown = card(page, name);
    await expect(shown.getByRole('link', { name: `Pay for ${name}` })).toHaveCount(active ? 1 : 0);
    if (!active) continue;
    const part = deposit.amount < price.value;
    await expect(shown).toContainText(part ? `$${deposit.amount} deposit` : 'Paid in full');
    await shown.getByRole('link').click();
    await expect(page).toHaveURL(new RegExp(`/payment\\?service=${id}$`));
    await expect(page.getByLabel('Service')).toHaveValue(id);
    await page.goBack();
  }
});

test('what is announced or free is told as that', async ({ page }) => {
  await expect(card(page, products['competitor-tracking'].name)).toContainText('Coming soon');
  const free = card(page, products['market-pulse-executive'].name);
  await expect(free).toContainText('Free');
  await expect(free).toContainText('Not available yet');
});

test('one switch shows plans by the month or by the year', async ({ page }) => {
  for (const { name, prices } of Object.values(plans)) {
    await page.getByRole('radio', { name: 'Monthly' }).check();
    await expect(card(page, name)).toContainText(`${today(prices.monthly)} per month`);
    await page.getByRole('radio', { name: 'Yearly' }).check();
    await expect(card(page, name)).toContainText(`${today(prices.yearly)} per year`);
    await expect(card(page, name)).not.toContainText('per month');
  }
});

test('what only old subscriptions have is shown nowhere', async ({ page }) => {
  const old = plans.professional.prices.yearly_2024;
  if (old === undefined) throw new Error('the catalog has no such price any more: name another one here');
  await page.getByRole('radio', { name: 'Yearly' }).check();
  await expect(card(page, plans.professional.name)).toContainText(today(plans.professional.prices.yearly));
  await expect(page.getByText(today(old), { exact: true })).toHaveCount(0);
});

test('every other kind is there with its price', async ({ page }) => {
  for (const product of [addons, roles, organizations, fees, hosting].flatMap(
    (kind) => Object.values(kind) as Product[],
  )) {
    const [price] = offered(product, DAY);
    if (price === undefined) throw new Error(`${product.id} has no price`);
    await expect(card(page, product.name)).toContainText(money(price.minor, price.currency));
  }
});

test('a price by use is told tier by tier', async ({ page }) => {
  const { usage } = hosting.cloud.prices;
  const tiers = usage === undefined ? [] : tierTexts(usage, DAY);
  expect(tiers.length).toBeGreaterThan(1);
  for (const { range, price } of tiers) await expect(card(page, hosting.cloud.name)).toContainText(range + price);
});
