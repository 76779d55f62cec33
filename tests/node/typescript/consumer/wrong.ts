// Mistakes that the compiler finds; each line that ends in a code is an error of that code, and no other line is one.
import { FEATURES, GROUPS, PLAN_PRICES, amountsOn, plans } from '@acme/catalog';
import type { FeatureId, PlanId, PriceLookupKey } from '@acme/catalog';
import type { APIError, Service } from '@acme/catalog/api';
import type { PlanRow } from '@acme/catalog/records';
import type { GiftConfig } from '@acme/catalog/config/gifts.config';
import { anything } from '@acme/catalog/products/nothing'; // TS2307
import { isGoldId } from '@acme/catalog'; // TS2305

const id: PlanId = 'strater'; // TS2820
const key: PriceLookupKey = 'plan_starter_weekly'; // TS2322
const feature: FeatureId = 'fax'; // TS2322
const gone = plans.legacy; // TS2339
const never = PLAN_PRICES.plan_starter_yearly; // TS2339
const weekly = plans.starter.prices.weekly; // TS2339
const perhaps: number = plans.starter.prices.yearly.amount.minor; // TS2339
plans.starter.prices.monthly.amount.minor = 1; // TS2540
plans.starter.name = 'Other'; // TS2540
const text: string = plans.starter.prices.monthly.amount.minor; // TS2322
const sum: number = plans.starter.prices.monthly.amount; // TS2322
const mixed = amountsOn(PLAN_PRICES['plan_metered-plan_usage'], '2027-01-01'); // TS2345
const unit: string = FEATURES.contacts.unit; // TS2322
const on: true = plans.starter.features.contacts; // TS2322
const tier: 'gold' = plans.starter.attributes.tier; // TS2322
const lowest: 'gold' | undefined = GROUPS.all.products[0]; // TS2322
const atHome = GROUPS.all.products.includes('card'); // TS2345
const groupKind: 'gift' = GROUPS.all.kind; // TS2322
function state(service: Service) {
  return service.status === 'deleted'; // TS2367
}
function billing(service: Service): string {
  return service.billingId; // TS2322
}
const rowTier: PlanRow['tier'] = 'gold'; // TS2322
const rowBilling: PlanRow['billing_type'] = 'weekly'; // TS2322
const short: GiftConfig = { id: 'a', name: 'A' }; // TS2740
const error: APIError = { success: true, error: { code: 'a', message: 'b' } }; // TS2322
export { anything, atHome, billing, error, feature, gone, groupKind, id, lowest, isGoldId, key, mixed, never, on, perhaps, rowBilling, rowTier, short, state, sum, text, tier, unit, weekly };
