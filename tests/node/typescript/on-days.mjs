// What the functions of a package say of the days before, between and after its announced changes, as JSON.
//
//   node on-days.mjs FOLDER
import { join, resolve } from 'node:path';
import { mock } from 'node:test';
import { pathToFileURL } from 'node:url';

const module = (name) => import(pathToFileURL(join(resolve(process.argv[2]), 'dist', name)).href);
const { PLAN_PRICES, amountsOn, dayOf, gifts, plans, tiersOn } = await module('index.js');
const configs = { ...(await module('config/plans.config.js')), ...(await module('config/gifts.config.js')) };
const onDays = (look) => ['2026-12-31', '2027-01-01', '2028-01-01'].map(look);
// The modules are imported once and read on each of these moments, as a server that runs over midnight reads them.
mock.timers.enable({ apis: ['Date'] });
const atMoments = (look) => ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z', '2031-05-05T12:00:00Z'].map((moment) => {
  mock.timers.setTime(Date.parse(moment));
  return look();
});
console.log(JSON.stringify({
  monthly: onDays((day) => amountsOn(plans.starter.prices.monthly, day).usd),
  card: onDays((day) => amountsOn(gifts.card.prices.one_time, day).usd),
  voucher: onDays((day) => amountsOn(gifts.voucher.deposit, day).usd),
  voucherInEuro: onDays((day) => amountsOn(gifts.voucher.deposit, day).eur),
  usage: onDays((day) => tiersOn(PLAN_PRICES['plan_metered-plan_usage'], day).usd[1].unitAmount),
  readNow: atMoments(() => [PLAN_PRICES.plan_starter_monthly.amount.minor, plans.starter.prices.monthly.amounts.usd]),
  readVoucher: atMoments(() => [gifts.voucher.deposit.amount.minor, gifts.voucher.deposit.amounts.eur]),
  readTiers: atMoments(() => PLAN_PRICES['plan_metered-plan_usage'].tiers.usd[1].unitAmount),
  before: [
    plans.starter.prices.monthly.amountsBeforeChanges.usd,
    gifts.voucher.deposit.amountsBeforeChanges.usd,
    PLAN_PRICES['plan_metered-plan_usage'].tiersBeforeChanges.usd[1].unitAmount,
    gifts.card.prices.one_time.amountsBeforeChanges ?? null,
  ],
  shownPlan: atMoments(() => plans.starter.priceDisplay),
  configPlan: atMoments(() => configs.plans.starter.price),
  configGift: atMoments(() => ({ ...configs.gifts.voucher })).map(({ price, deposit }) => [price.value, deposit.amount]),
  configUnchanged: Object.getOwnPropertyDescriptor(configs.gifts.card, 'price').value,
  day: dayOf(new Date('2027-02-01T01:30:00+02:00')),
}));
