/** An exact amount of money: whole minor units (cents) of a currency. */
export interface Money {
    readonly minor: number;
    readonly currency: Currency;
}
/** How often a recurring price is charged: every `count` units. */
export interface Interval {
    readonly unit: 'day' | 'week' | 'month' | 'year';
    readonly count: number;
}
/** Whole minor units for each currency that a price has. */
export type Amounts = Readonly<Partial<Record<Currency, number>>>;
/** What every price has. */
export interface BasePrice {
    /** The price's id everywhere, in Stripe too. */
    readonly lookupKey: string;
    /** The id of the product it belongs to. */
    readonly product: string;
    /** Its name within the product: `monthly`. */
    readonly key: string;
    /** Its name for people: `Monthly`. */
    readonly label: string;
    /** Null for prices that are paid once. */
    readonly interval: Interval | null;
    /** Whether the quantity is set on the subscription or counted by a meter. */
    readonly usage: 'licensed' | 'metered';
    /** What one unit is (`seat`), for prices per unit. */
    readonly unit: string | null;
    /** The quantity is divided by this before it is priced. */
    readonly transformQuantity: { readonly divideBy: number; readonly round: 'up' | 'down' } | null;
    readonly trialDays: number;
    readonly taxBehavior: 'exclusive' | 'inclusive' | 'unspecified';
    /** In those other currencies where that is otherwise. */
    readonly currencyTaxBehavior?: Readonly<Partial<Record<Currency, BasePrice['taxBehavior']>>>;
    /** For a price that is sold no more and kept by old subscriptions: the key of the price that took its place. */
    readonly replacedBy: string | null;
    /** Whether it is sold. */
    readonly active: boolean;
}
/** A price with one whole amount for a unit. */
export interface UnitPrice extends BasePrice {
    readonly scheme: 'per_unit';
    /** In the default currency, as it stands today (UTC). */
    readonly amount: Money;
    /** In every currency, as they stand today (UTC). */
    readonly amounts: Amounts;
    /** Where changes are announced: what stands until the first of them. */
    readonly amountsBeforeChanges?: Amounts;
    /** Announced: from the day `on` (UTC) the amounts are these; see `amountsOn`. */
    readonly changes: readonly { readonly on: string; readonly amounts: Amounts }[];
}
/** One tier. Amounts are exact decimal numbers of minor units, as text, for they may be finer than a minor unit. */
export interface Tier {
    /** The last unit of the tier, null for the open end. */
    readonly upTo: number | null;
    /** For one unit. */
    readonly unitAmount: string | null;
    /** For the tier. */
    readonly flatAmount: string | null;
}
/** The tiers of a price in each currency that it has. */
export type Tiers = Readonly<Partial<Record<Currency, readonly Tier[]>>>;
/** A price that depends on the quantity, or is finer than a minor unit (one tier with an open end). */
export interface TieredPrice extends BasePrice {
    readonly scheme: 'tiered';
    /** Whether each unit costs what its own tier says, or all cost what the tier of the whole quantity says. */
    readonly tierMode: 'graduated' | 'volume';
    /** The default currency. */
    readonly currency: Currency;
    /** In every currency, as they stand today (UTC). */
    readonly tiers: Tiers;
    /** Where changes are announced: what stands until the first of them. */
    readonly tiersBeforeChanges?: Tiers;
    /** Announced: from the day `on` (UTC) the tiers are these; see `tiersOn`. */
    readonly changes: readonly { readonly on: string; readonly tiers: Tiers }[];
}
/** Between which amounts customers choose, in whole minor units. */
export interface AmountBounds {
    /** Null where only the least charge bounds it. */
    readonly minimum: number | null;
    /** Null where only the most that can be charged bounds it. */
    readonly maximum: number | null;
    /** What stands there before anybody chooses. */
    readonly preset: number | null;
}
/** The bounds in each currency that a price has. */
export type Bounds = Readonly<Partial<Record<Currency, AmountBounds>>>;
/** A price whose amount customers choose. */
export interface CustomPrice extends BasePrice {
    readonly scheme: 'custom';
    /** The default currency. */
    readonly currency: Currency;
    /** In every currency, as they stand today (UTC). */
    readonly bounds: Bounds;
    /** Where changes are announced: what stands until the first of them. */
    readonly boundsBeforeChanges?: Bounds;
    /** Announced: from the day `on` (UTC) the bounds are these; see `boundsOn`. */
    readonly changes: readonly { readonly on: string; readonly bounds: Bounds }[];
}
export type Price = UnitPrice | TieredPrice | CustomPrice;
/** What must be paid first. */
export interface Deposit {
    readonly kind: 'percentage' | 'fixed' | 'full';
    /** The percentage, or the amount in major units, as an exact decimal number. */
    readonly value: string;
    /** In the default currency of the first price, as it stands today (UTC). */
    readonly amount: Money;
    /** In every currency of the first price, as they stand today (UTC). */
    readonly amounts: Amounts;
    /** Where changes of that price are announced: what is due until the first of them. */
    readonly amountsBeforeChanges?: Amounts;
    /** Announced: from the day `on` (UTC) the amounts are these; see `amountsOn`. */
    readonly changes: readonly { readonly on: string; readonly amounts: Amounts }[];
}
/** What every product has. */
export interface Product {
    readonly kind: KindId;
    readonly id: string;
    readonly name: string;
    readonly description: string;
    /** Whether it can be bought. */
    readonly active: boolean;
    /** Announced, not yet sold. */
    readonly comingSoon: boolean;
    readonly free: boolean;
    readonly billingType: 'one-time' | 'monthly' | 'yearly' | 'recurring' | 'free';
    /** The first price for people, as it stands today (UTC): `$29/mo`. */
    readonly priceDisplay: string;
    /** The deposit for people: `20% deposit required`. */
    readonly depositDisplay: string;
    readonly deposit: Deposit | null;
    readonly unitLabel: string | null;
    /** Addresses of pictures. */
    readonly images?: readonly string[];
    /** The address of a page about it. */
    readonly url?: string;
    /** Lines for the price list. */
    readonly marketingFeatures: readonly string[];
    /** What it grants. */
    readonly features: Grants;
    readonly metadata: Readonly<Record<string, string | number | boolean | readonly string[]>>;
    readonly prices: Readonly<Partial<Record<string, Price>>>;
}
