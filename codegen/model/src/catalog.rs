//! The catalog as it is meant: names resolved, patterns applied, amounts exact, no impossible states.
//!
//! Emitters read this and nothing else. Order is meaning: lists keep the order in which the catalog declares them
//! (files sorted by path), and everything that an emitter prints follows from these values alone.

mod deposit;
mod offer;

pub use pricebook_types::TaxBehavior;
use pricebook_types::{BillingType, Currency, FeatureKind, Interval, Limit, TierMode, UsageType};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::schema::{EnumType, Table};
pub use deposit::{Deposit, DepositChange};
pub use offer::Offer;

/// Everything a company sells, with the tables it is kept in.
#[derive(Clone, Debug, Serialize)]
pub struct Catalog {
    /// A slug: `stratiqx`.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The npm package that the TypeScript artifact is.
    pub npm_package: String,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// For prices that say nothing else.
    pub tax_behavior: TaxBehavior,
    /// Where the catalog is put to use.
    pub environments: Vec<Environment>,
    /// Families of products, in the order of their declaration.
    pub kinds: Vec<Kind>,
    /// Products by kind (in the order of `kinds`), then in the order of their declaration.
    pub products: Vec<Product>,
    /// Entitlements.
    pub features: Vec<Feature>,
    /// What counts the quantity of metered prices.
    pub meters: Vec<Meter>,
    /// Products that upgrade and downgrade among themselves.
    pub groups: Vec<Group>,
    /// Discounts.
    pub coupons: Vec<Coupon>,
    /// What is sold no more, as the catalog's `retired:` lists it; its last values stand in the lock.
    pub retired: Vec<Retired>,
    /// What the lock remembers as sold and the catalog declares no more, in the order of the lock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formerly_sold: Vec<Retired>,
    /// Enums of `enums:`, the base's first.
    pub enums: Vec<EnumType>,
    /// Every table: the base's records, the kinds' tables, the company's records.
    pub tables: Vec<Table>,
    /// Lint rules that are accepted for the catalog and all that it holds, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
    /// SHA-256 of all of the above, in lower-case hexadecimal.
    #[serde(skip)]
    pub hash: String,
}

impl Catalog {
    /// The products of a kind, in order.
    pub fn products_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Product> + 'a {
        self.products.iter().filter(move |product| product.kind == kind)
    }

    /// The kind with this id; every product's kind exists.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// The tables that this catalog migrates itself: all but the base's.
    pub fn own_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| !table.base)
    }
}

/// A place where the catalog is put to use.
#[derive(Clone, Debug, Serialize)]
pub struct Environment {
    /// `production`, `staging` …
    pub id: String,
    /// The database: a Cloudflare D1 name, or the name of the environment variable that holds a URL.
    pub database: Option<String>,
    /// The Stripe account (`acct_…`) that keys must belong to.
    pub stripe_account: Option<String>,
    /// Whether live keys are expected (otherwise test keys).
    pub stripe_live: bool,
    /// Where the live API answers, without a trailing slash.
    pub live_url: Option<String>,
}

/// A family of products.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// In snake case: `plan`.
    pub id: String,
    /// For people: `Plan`.
    pub title: String,
    /// The top-level key that declares its products: `plans`.
    pub plural: String,
    /// What it is, or empty.
    pub description: String,
    /// Typed attributes, in order.
    pub attributes: Vec<Attribute>,
    /// Which prices its products may and must have.
    pub prices: PricePolicy,
    /// What stands for what in Stripe.
    pub stripe_product_per: StripeProductPer,
    /// The kind's table; the same value stands in [`Catalog::tables`].
    pub table: String,
    /// Where each column of the table gets its value, in the order of the table's columns.
    pub sources: Vec<ColumnSource>,
    /// Whether the table's amount columns hold major or minor units.
    pub amounts: AmountUnit,
    /// Lint rules that are accepted for all products of the kind, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

/// Whether a Stripe product stands for a product or for each of its prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripeProductPer {
    /// One Stripe product with all prices.
    Product,
    /// One Stripe product for each price: "Starter Plan (Monthly)".
    Price,
}

/// Units of amount columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountUnit {
    /// Whole dollars.
    Major,
    /// Cents.
    #[default]
    Minor,
}

/// Which prices, by key, the products of a kind may and must have.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PricePolicy {
    /// Keys that may be used; empty for any.
    pub allowed: Vec<String>,
    /// Keys that must be used by every product that is not retired.
    pub required: Vec<String>,
    /// At least so many prices.
    pub min: u32,
    /// At most so many prices.
    pub max: Option<u32>,
}

/// A typed attribute of a kind's products.
#[derive(Clone, Debug, Serialize)]
pub struct Attribute {
    /// In snake case.
    pub id: String,
    /// What it is, or empty.
    pub description: String,
    /// Its type.
    pub ty: AttributeType,
    /// Whether every product must give it (an attribute with a default never is).
    pub required: bool,
    /// What products have that do not give it.
    pub default: Option<Value>,
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: Option<u32>,
    },
    /// A whole number within bounds.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// An exact decimal number.
    Decimal,
    /// True or false.
    Boolean,
    /// An ISO 8601 date.
    Date,
    /// One of the values of an enum declared in place: the type is named `<Kind><Attribute>`.
    OneOf(Vec<String>),
    /// One of the values of an enum of `enums:`.
    Enum(String),
    /// A list of texts.
    List,
}

/// A value of an attribute or of metadata.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, enum value or ISO date.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    List(Vec<String>),
}

/// Where a column of a kind's table gets its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnSource {
    /// The product's id.
    Id,
    /// The product's name.
    Name,
    /// The product's description, NULL where empty.
    Description,
    /// [`Product::local_id`].
    LocalId,
    /// The lowest amount of the active prices, in [`Kind::amounts`] units.
    PriceMin,
    /// The highest amount of the active prices, in [`Kind::amounts`] units.
    PriceMax,
    /// The deposit's amount in [`Kind::amounts`] units, NULL where there is none.
    DepositAmount,
    /// [`BillingType::as_str`].
    BillingType,
    /// JSON: `{"features": [marketing features], ...metadata}`.
    Metadata,
    /// JSON: an object of feature id to `true`, a number or `"unlimited"`.
    Features,
    /// Whether the product can be bought.
    Active,
    /// Whether it is announced only.
    ComingSoon,
    /// The attribute with this id.
    Attribute(String),
    /// Not written by a sync: the column's default fills it.
    Default,
}

/// A product.
#[derive(Clone, Debug, Serialize)]
pub struct Product {
    /// The kind's id.
    pub kind: String,
    /// Unique within the kind.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What it is, or empty.
    pub description: String,
    /// The id it had before a rename.
    pub was: Option<String>,
    /// Whether it can be bought.
    pub active: bool,
    /// Announced, not yet sold (never active).
    pub coming_soon: bool,
    /// Declared to cost nothing.
    pub free: bool,
    /// The id in `stripe_product_mappings` where a Stripe product stands for the whole product.
    pub local_id: String,
    /// The Stripe name where a Stripe product stands for the whole product.
    pub stripe_name: String,
    /// Stripe's tax code, `txcd_…`.
    pub tax_code: Option<String>,
    /// Stripe's `statement_descriptor`.
    pub statement_descriptor: Option<String>,
    /// Stripe's `unit_label`: `seat`.
    pub unit_label: Option<String>,
    /// In the order of the kind's attributes, defaults filled in; optional ones that are not given are absent.
    pub attributes: Vec<(String, Value)>,
    /// Free key-value data, in order.
    pub metadata: Vec<(String, Value)>,
    /// Lines for the price list.
    pub marketing_features: Vec<String>,
    /// Lint rules that are accepted for this product, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
    /// What it grants, in the order of the catalog's features.
    pub grants: Vec<Grant>,
    /// In order; the first is the primary one. Grandfathered prices come last.
    pub prices: Vec<Price>,
    /// What must be paid first.
    pub deposit: Option<Deposit>,
    /// Derived from the first price.
    pub billing_type: BillingType,
    /// The primary price for people: `$1,495`, `$3,500/mo`, `Free`, or empty without a price.
    pub price_display: String,
    /// The deposit for people: `20% deposit required`, `Full payment required`, `$0`, `Coming Soon`, or empty.
    pub deposit_display: String,
}

impl Product {
    /// The value of an attribute, if the product has it.
    pub fn attribute(&self, id: &str) -> Option<&Value> {
        self.attributes.iter().find(|(name, _)| name == id).map(|(_, value)| value)
    }
}

/// What a product grants of a feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grant {
    /// The feature's id.
    pub feature: String,
    /// How much; never [`Limit::Off`].
    #[serde(serialize_with = "serialize_limit")]
    pub limit: Limit,
}

fn serialize_limit<S: serde::Serializer>(limit: &Limit, serializer: S) -> Result<S::Ok, S::Error> {
    match limit {
        Limit::Off => serializer.serialize_bool(false),
        Limit::On => serializer.serialize_bool(true),
        Limit::AtMost(most) => serializer.serialize_u64(*most),
        Limit::Unlimited => serializer.serialize_str("unlimited"),
    }
}

/// A price.
#[derive(Clone, Debug, Serialize)]
pub struct Price {
    /// Its name within the product: `monthly`.
    pub key: String,
    /// Its id everywhere; unique in the catalog.
    pub lookup_key: String,
    /// The id in `stripe_product_mappings` where a Stripe product stands for each price.
    pub local_id: String,
    /// The Stripe product's name where a Stripe product stands for each price.
    pub stripe_name: String,
    /// For people: `Monthly`, `One-time`.
    pub label: String,
    /// `None` for one-time prices.
    pub interval: Option<Interval>,
    /// Licensed or metered.
    pub usage: UsageType,
    /// The meter's id; present exactly on metered prices.
    pub meter: Option<String>,
    /// Present exactly on tiered prices.
    pub tier_mode: Option<TierMode>,
    /// What one unit is (`seat`), for per-unit prices.
    pub unit: Option<String>,
    /// Divide the quantity before pricing.
    pub transform_quantity: Option<TransformQuantity>,
    /// Days of trial.
    pub trial_days: u16,
    /// Whether the amounts contain tax.
    pub tax_behavior: TaxBehavior,
    /// The default currency first, then the others in order of their codes.
    pub amounts: Vec<CurrencyAmount>,
    /// Announced changes, in order of their dates.
    pub changes: Vec<PriceChange>,
    /// For a grandfathered price: the key of the price that took its place. Such a price is not sold.
    pub grandfathered: Option<String>,
    /// Whether it is sold (also false for all prices of inactive products).
    pub active: bool,
    /// Lint rules that are accepted for this price, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

impl Price {
    /// What an amount is for: `seat`, or with a divided quantity `10 × call`; `None` for the price as a whole.
    pub fn per(&self) -> Option<String> {
        match (&self.unit, self.transform_quantity) {
            (Some(unit), Some(transform)) => Some(format!("{} × {unit}", transform.divide_by)),
            (None, Some(transform)) => Some(transform.divide_by.to_string()),
            (unit, None) => unit.clone(),
        }
    }

    /// The amount for a unit in the default currency, in minor units; `None` where it is tiered or finer.
    pub fn amount_minor(&self) -> Option<i64> {
        self.amounts.first().and_then(|amount| amount.unit_amount).and_then(whole)
    }
}

/// A number of minor units as an integer; `None` where it is finer or beyond 64 bits.
pub fn whole(minor: Decimal) -> Option<i64> {
    use rust_decimal::prelude::ToPrimitive;
    minor.is_integer().then(|| minor.to_i64()).flatten()
}

/// Stripe's `transform_quantity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TransformQuantity {
    /// Divide the quantity by this.
    pub divide_by: u32,
    /// And round up (otherwise down).
    pub round_up: bool,
}

/// What a price costs in one currency; exactly one of `unit_amount` and `tiers` is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurrencyAmount {
    /// The currency.
    pub currency: Currency,
    /// Minor units for one unit, at most 12 decimal places.
    pub unit_amount: Option<Decimal>,
    /// The tiers, the last with an open end.
    pub tiers: Vec<Tier>,
}

/// One tier; at least one of its amounts is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tier {
    /// The last unit of the tier, `None` for the open end.
    pub up_to: Option<u64>,
    /// Minor units for one unit.
    pub unit_amount: Option<Decimal>,
    /// Minor units for the tier.
    pub flat_amount: Option<Decimal>,
}

/// An announced change of a price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceChange {
    /// The first day of the new amounts, an ISO 8601 date in UTC.
    pub on: String,
    /// As [`Price::amounts`].
    pub amounts: Vec<CurrencyAmount>,
}

/// An entitlement.
#[derive(Clone, Debug, Serialize)]
pub struct Feature {
    /// In snake case.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What it is, or empty.
    pub description: String,
    /// The id it had before a rename.
    pub was: Option<String>,
    /// Switch or quantity.
    pub kind: FeatureKind,
    /// What a quantity counts.
    pub unit: Option<String>,
}

/// A Stripe meter.
#[derive(Clone, Debug, Serialize)]
pub struct Meter {
    /// In snake case.
    pub id: String,
    /// Stripe's `display_name`.
    pub name: String,
    /// Stripe's `event_name`.
    pub event_name: String,
    /// Stripe's `default_aggregation.formula`.
    pub aggregation: Aggregation,
}

/// How a meter adds up events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// The sum of their values.
    Sum,
    /// Their number.
    Count,
    /// The last value.
    Last,
}

/// Products of one kind, from the lowest to the highest.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// In snake case.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The kind's id.
    pub kind: String,
    /// Product ids, from the lowest to the highest.
    pub products: Vec<String>,
    /// Lint rules that are accepted for this group, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

/// A Stripe coupon.
#[derive(Clone, Debug, Serialize)]
pub struct Coupon {
    /// Stripe's id.
    pub id: String,
    /// The name on invoices.
    pub name: String,
    /// What is taken off.
    pub discount: Discount,
    /// For how long.
    pub duration: Duration,
    /// `(kind, product)` it is limited to; empty for all.
    pub applies_to: Vec<(String, String)>,
    /// How often in all.
    pub max_redemptions: Option<u32>,
    /// The last day, an ISO 8601 date in UTC.
    pub redeem_by: Option<String>,
    /// Codes that customers type.
    pub promotion_codes: Vec<PromotionCode>,
    /// Lint rules that are accepted for this coupon, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

/// What a coupon takes off.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// More than 0, at most 100, at most two decimals.
    Percent(Decimal),
    /// Minor units of a currency.
    Amount {
        /// How much, in minor units.
        minor: i64,
        /// Of which currency.
        currency: Currency,
    },
}

/// For how long a coupon applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// To one invoice.
    Once,
    /// For so many months.
    Months(u16),
    /// For ever.
    Forever,
}

/// A code that customers type.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionCode {
    /// The code.
    pub code: String,
    /// How often in all.
    pub max_redemptions: Option<u32>,
    /// The last day, an ISO 8601 date in UTC.
    pub expires_at: Option<String>,
    /// For first purchases only.
    pub first_time_transaction: bool,
    /// Minor units and currency that the purchase must reach.
    pub minimum_amount: Option<(i64, Currency)>,
}

/// Something that is sold no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// A kind's id, `feature`, `price` or `coupon`.
    pub what: String,
    /// Its id (for prices the lookup key).
    pub id: String,
    /// Lint rules that are accepted for its end, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}
