// What an application does with the package; all of it compiles.
import {
  CATALOG_HASH, CURRENCY_DIGITS, FEATURES, GROUPS, PLAN_IDS, PLAN_PRICES, amountsOn, api, dayOf, enums, gifts, isPlanId,
  isPriceLookupKey, plans, records, tiersOn,
} from '@acme/catalog';
import type { FeatureId, Money, PlanId, PlanLookupKey, Price, PriceLookupKey, Product } from '@acme/catalog';
import type { APIError, Service } from '@acme/catalog/api';
import { gifts as giftConfig } from '@acme/catalog/config/gifts.config';
import type { GiftConfig } from '@acme/catalog/src/config/gifts.config';
import { delete_ } from '@acme/catalog/products/delete';
import type { ServiceInstance } from '@acme/catalog/records';

const hash: string = CATALOG_HASH;
const id: PlanId = 'metered-plan';
const key: PlanLookupKey = 'plan_starter_monthly';
const anyKey: PriceLookupKey = key;
const feature: FeatureId = 'contacts';
const unit: string | null = FEATURES[feature].unit;
const amount: Money = plans.starter.prices.monthly.amount;
const digits: number = CURRENCY_DIGITS[amount.currency];
const yen: number | undefined = plans.starter.prices.monthly.amounts.jpy;
const announced = plans.starter.prices.monthly.changes.map((change) => [change.on, change.amounts.usd]);
const tiered = PLAN_PRICES['plan_metered-plan_usage'].tiers.usd?.map((tier) => tier.unitAmount);
const today: string = dayOf(new Date());
const euro: number | undefined = amountsOn(plans.starter.prices.monthly, today).eur;
const open: number | null | undefined = tiersOn(PLAN_PRICES['plan_metered-plan_usage'], today).usd?.at(-1)?.upTo;
const first: number | undefined = gifts.voucher.deposit ? amountsOn(gifts.voucher.deposit, today).usd : undefined;
const flat: number = PLAN_PRICES.plan_starter_monthly_2020.amount.minor;
const seats: number = plans[id].attributes.seats;
const tier: 'basic' | 'pro' = plans[id].attributes.tier;
const region: enums.Region | undefined = plans[id].attributes.region;
const limit: number | 'unlimited' = plans[id].features.contacts ?? 0;

function parse(text: unknown): PlanId | undefined {
  return isPlanId(text) ? text : undefined;
}

function show(price: Price): string {
  return price.scheme === 'per_unit' ? `${price.amount.minor}` : price.scheme === 'tiered' ? price.tierMode : price.currency;
}

// Any kind's product is a product, and any product shows its prices.
const products: readonly Product[] = [...PLAN_IDS.map((plan) => plans[plan]), gifts.card, delete_.account];
const prices = products.flatMap((product) => Object.values(product.prices)).map((price) => price && show(price));

const config: GiftConfig = giftConfig.card;
const due: number = config.deposit.amount;
const features: string[] = config.features;

function label(service: Service): string {
  switch (service.status) {
    case 'active': return service.nextBilling ?? service.clusterId ?? service.startDate;
    case 'suspended':
    case 'cancelled': return service.type;
  }
}

function explain(answer: APIError | { success: true }): string {
  return answer.success ? 'fine' : answer.error.message;
}

const row: Pick<ServiceInstance, 'id' | 'billing_id'> = { id: 'a', billing_id: null };
const same: records.ServiceInstance['status'] = 'active' satisfies enums.InstanceStatus;
const stored: Pick<records.PlanRow, 'billing_type' | 'tier'> = { billing_type: plans[id].billingType, tier };
type AlsoService = api.Service;

export {
  announced, anyKey, digits, due, euro, explain, features, first, flat, hash, label, limit, open, parse, prices, region,
  row, same, seats, show, stored, tier, tiered, unit, yen,
};
export const group: string = GROUPS.all.name;
export const inOrder: readonly PlanId[] = GROUPS.all.products;
export const upgrades: readonly PlanId[] = inOrder.slice(GROUPS.all.products.indexOf(id) + 1);
export const groupKind: 'plan' = GROUPS.all.kind;
export const known: boolean = isPriceLookupKey('gift_card_one_time');
export type { AlsoService };
