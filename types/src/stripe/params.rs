//! Stripe's create parameters, as far as a catalog sets them: names, shapes and units are Stripe's.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UpTo;

use crate::{BillingScheme, Currency, CustomAmount, IntervalUnit, TaxBehavior, TierMode, UsageType};

/// Stripe's metadata.
pub type Metadata<'a> = BTreeMap<Cow<'a, str>, Cow<'a, str>>;

/// <https://docs.stripe.com/api/products/create>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductParams<'a> {
    /// Shown to customers.
    pub name: Cow<'a, str>,
    /// Shown to customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Cow<'a, str>>,
    /// Whether it can be bought.
    pub active: bool,
    /// `txcd_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<Cow<'a, str>>,
    /// On card and bank statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement_descriptor: Option<Cow<'a, str>>,
    /// `seat`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_label: Option<Cow<'a, str>>,
    /// For pricing tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marketing_features: Vec<MarketingFeature<'a>>,
    /// Addresses of pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Cow<'a, str>>,
    /// A page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Cow<'a, str>>,
    /// Whether it is shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shippable: Option<bool>,
    /// The package that it is shipped in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package_dimensions: Option<PackageDimensions>,
    /// The catalog's metadata and the keys of [`super::owned`].
    pub metadata: Metadata<'a>,
}

/// Stripe's `package_dimensions`: inches and ounces with at most two decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackageDimensions {
    /// In inches.
    pub height: f64,
    /// In inches.
    pub length: f64,
    /// In ounces.
    pub weight: f64,
    /// In inches.
    pub width: f64,
}

/// A line of a pricing table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketingFeature<'a> {
    /// The line.
    pub name: Cow<'a, str>,
}

/// <https://docs.stripe.com/api/prices/create>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceParams<'a> {
    /// The Stripe product's id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Cow<'a, str>>,
    /// The default currency.
    pub currency: Currency,
    /// Whole minor units; exactly one of this, `unit_amount_decimal`, `custom_unit_amount` and `tiers` is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<i64>,
    /// Minor units with at most 12 decimal places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount_decimal: Option<Cow<'a, str>>,
    /// Customers choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_unit_amount: Option<CustomUnitAmount>,
    /// Per unit or tiered.
    pub billing_scheme: BillingScheme,
    /// How the tiers apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers_mode: Option<TierMode>,
    /// The last is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierParams<'a>>,
    /// The other currencies.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub currency_options: BTreeMap<Currency, CurrencyOption<'a>>,
    /// Absent for one-time prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurring: Option<Recurring<'a>>,
    /// Divide the quantity before pricing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform_quantity: Option<TransformQuantity>,
    /// Whether the amounts contain tax.
    pub tax_behavior: TaxBehavior,
    /// Unique among the account's prices.
    pub lookup_key: Cow<'a, str>,
    /// For people who read the dashboard.
    pub nickname: Cow<'a, str>,
    /// Whether it is sold.
    pub active: bool,
    /// The catalog's metadata and the keys of [`super::owned`].
    pub metadata: Metadata<'a>,
}

/// What a price costs in a further currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyOption<'a> {
    /// As on the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<i64>,
    /// As on the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount_decimal: Option<Cow<'a, str>>,
    /// As on the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_unit_amount: Option<CustomUnitAmount>,
    /// As on the price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierParams<'a>>,
    /// As on the price.
    pub tax_behavior: TaxBehavior,
}

/// Stripe's `custom_unit_amount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomUnitAmount {
    /// Always true.
    pub enabled: bool,
    /// Between which amounts.
    #[serde(flatten)]
    pub bounds: CustomAmount,
}

/// One tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierParams<'a> {
    /// Its last unit.
    pub up_to: UpTo,
    /// Whole minor units for one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<i64>,
    /// Minor units with at most 12 decimal places for one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount_decimal: Option<Cow<'a, str>>,
    /// Whole minor units for the tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat_amount: Option<i64>,
    /// Minor units with at most 12 decimal places for the tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat_amount_decimal: Option<Cow<'a, str>>,
}

/// Stripe's `recurring`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring<'a> {
    /// The unit.
    pub interval: IntervalUnit,
    /// How many units lie between two charges.
    pub interval_count: u16,
    /// Licensed or metered.
    pub usage_type: UsageType,
    /// The meter's Stripe id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<Cow<'a, str>>,
    /// Days of trial, used by subscriptions that are created with `trial_from_plan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_period_days: Option<u16>,
}

/// Stripe's `transform_quantity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransformQuantity {
    /// Divide by this.
    pub divide_by: u32,
    /// And round.
    pub round: Round,
}

/// Which way a quotient is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// Up.
    Up,
    /// Down.
    Down,
}

/// <https://docs.stripe.com/api/entitlements/feature/create>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureParams<'a> {
    /// Unique among the account's features.
    pub lookup_key: Cow<'a, str>,
    /// Not shown to customers.
    pub name: Cow<'a, str>,
    /// The keys of [`super::owned`].
    pub metadata: Metadata<'a>,
}

/// <https://docs.stripe.com/api/billing/meter/create>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterParams<'a> {
    /// Not shown to customers.
    pub display_name: Cow<'a, str>,
    /// The name under which usage is recorded.
    pub event_name: Cow<'a, str>,
    /// How events add up.
    pub default_aggregation: Aggregation,
    /// Which field of an event names the customer.
    pub customer_mapping: CustomerMapping<'a>,
    /// Which field of an event holds the value.
    pub value_settings: ValueSettings<'a>,
}

/// Stripe's `default_aggregation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aggregation {
    /// The formula.
    pub formula: AggregationFormula,
}

/// How events add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AggregationFormula {
    /// Their number.
    Count,
    /// The last value.
    Last,
    /// The sum of their values.
    Sum,
}

/// Stripe's `customer_mapping`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerMapping<'a> {
    /// The field's name.
    pub event_payload_key: Cow<'a, str>,
    /// Always `by_id`.
    #[serde(rename = "type")]
    pub kind: Cow<'a, str>,
}

/// Stripe's `value_settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueSettings<'a> {
    /// The field's name.
    pub event_payload_key: Cow<'a, str>,
}

/// <https://docs.stripe.com/api/coupons/create>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CouponParams<'a> {
    /// The catalog's id.
    pub id: Cow<'a, str>,
    /// On invoices.
    pub name: Cow<'a, str>,
    /// A percentage with at most two decimal places; this or `amount_off` is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_off: Option<f64>,
    /// Minor units of `currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_off: Option<i64>,
    /// The currency of `amount_off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What is taken off in further currencies.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub currency_options: BTreeMap<Currency, CouponCurrencyOption>,
    /// For how long.
    pub duration: CouponDuration,
    /// For repeating coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_in_months: Option<u16>,
    /// How often in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_redemptions: Option<u32>,
    /// What it is limited to, once the ids are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<AppliesTo<'a>>,
    /// The last second in Unix time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeem_by: Option<i64>,
    /// The keys of [`super::owned`].
    pub metadata: Metadata<'a>,
}

/// What a coupon takes off in a further currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponCurrencyOption {
    /// Minor units.
    pub amount_off: i64,
}

/// Stripe's `applies_to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliesTo<'a> {
    /// Ids of Stripe products.
    pub products: Vec<Cow<'a, str>>,
}

/// Stripe's `duration` of a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponDuration {
    /// To all invoices.
    Forever,
    /// To one invoice.
    Once,
    /// For some months.
    Repeating,
}

/// <https://docs.stripe.com/api/promotion_codes/create>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionCodeParams<'a> {
    /// The coupon.
    pub promotion: Promotion<'a>,
    /// What customers type.
    pub code: Cow<'a, str>,
    /// How often in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_redemptions: Option<u32>,
    /// The last second in Unix time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Who may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Restrictions>,
    /// The keys of [`super::owned`].
    pub metadata: Metadata<'a>,
}

/// Stripe's `promotion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion<'a> {
    /// Always `coupon`.
    #[serde(rename = "type")]
    pub kind: Cow<'a, str>,
    /// The coupon's id.
    pub coupon: Cow<'a, str>,
}

/// Stripe's `restrictions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restrictions {
    /// For first purchases only.
    pub first_time_transaction: bool,
    /// Minor units that a purchase must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_amount: Option<i64>,
    /// Their currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_amount_currency: Option<Currency>,
}
