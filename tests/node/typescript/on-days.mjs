// What the functions of a package say of the days before, between and after its announced changes, as JSON.
//
//   node on-days.mjs FOLDER
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const index = pathToFileURL(join(resolve(process.argv[2]), 'dist', 'index.js')).href;
const { PLAN_PRICES, amountsOn, dayOf, gifts, plans, tiersOn } = await import(index);
const onDays = (look) => ['2026-12-31', '2027-01-01', '2028-01-01'].map(look);
console.log(JSON.stringify({
  monthly: onDays((day) => amountsOn(plans.starter.prices.monthly, day).usd),
  card: onDays((day) => amountsOn(gifts.card.prices.one_time, day).usd),
  voucher: onDays((day) => amountsOn(gifts.voucher.deposit, day).usd),
  voucherInEuro: onDays((day) => amountsOn(gifts.voucher.deposit, day).eur),
  usage: onDays((day) => tiersOn(PLAN_PRICES['plan_metered-plan_usage'], day).usd[1].unitAmount),
  day: dayOf(new Date('2027-02-01T01:30:00+02:00')),
}));
