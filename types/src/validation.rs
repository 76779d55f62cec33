//! `validation/catalog.json`: what a payment must satisfy and what the live API must answer, as the emitter writes and
//! the runtime reads it.

mod on_day;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{BillingType, Currency, CustomAmount, DepositKind, Interval, TierMode, UsageType, stripe::Meta};

/// All tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation<'a> {
    /// What made the file and what remakes it.
    #[serde(rename = "_meta")]
    pub meta: Meta<'a>,
    /// Where live APIs answer.
    pub environments: Vec<Environment<'a>>,
    /// What a payment must satisfy, by product.
    pub payments: Vec<Payment<'a>>,
    /// What the live API must answer, by kind.
    pub live: Vec<LiveKind<'a>>,
}

/// A live API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment<'a> {
    /// `production`, `staging` …
    pub id: Cow<'a, str>,
    /// The address without a trailing slash, where the catalog names it.
    pub live_url: Option<Cow<'a, str>>,
}

/// What a payment for one product must satisfy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment<'a> {
    /// The kind's id.
    pub kind: Cow<'a, str>,
    /// The product's id.
    pub id: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Whether it can be paid for, and if not, why.
    pub sale: Sale,
    /// Its prices, grandfathered ones last.
    pub prices: Vec<PriceRule<'a>>,
    /// What must be paid first.
    pub deposit: Option<DepositRule<'a>>,
}

/// Whether a product can be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// Yes.
    Sold,
    /// It can be had, and there is nothing to pay.
    Free,
    /// Announced, not yet sold.
    ComingSoon,
    /// Not sold.
    Inactive,
}

/// What a price asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceRule<'a> {
    /// The price's key within its product.
    pub key: Cow<'a, str>,
    /// The price's id everywhere.
    pub lookup_key: Cow<'a, str>,
    /// Whether it is sold.
    pub active: bool,
    /// Absent for one-time prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// Whether it is for what was used, which nobody can pay in advance; absent where it is not.
    #[serde(default, skip_serializing_if = "UsageType::is_licensed")]
    pub usage: UsageType,
    /// Present on tiered prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_mode: Option<TierMode>,
    /// What it costs, the default currency first.
    pub amounts: Vec<Amount<'a>>,
    /// What it costs from a day on, in order of the days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<'a>>,
}

/// What a price costs from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change<'a> {
    /// The first day, an ISO 8601 date in UTC.
    pub on: Cow<'a, str>,
    /// What it costs, the default currency first.
    pub amounts: Vec<Amount<'a>>,
}

/// What a price costs in one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount<'a> {
    /// The currency.
    pub currency: Currency,
    /// Minor units for one unit, absent on tiered prices and where customers choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<Number<'a>>,
    /// The tiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier<'a>>,
    /// Between which amounts customers choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomAmount>,
}

/// One tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tier<'a> {
    /// The last unit; absent on the open end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<u64>,
    /// Minor units for one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_amount: Option<Number<'a>>,
    /// Minor units for the tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat_amount: Option<Number<'a>>,
}

/// An exact number: a whole one as a JSON number, any other as a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number<'a> {
    /// `1495`
    Whole(i64),
    /// `"29.50"`
    Decimal(Cow<'a, str>),
}

/// What must be paid first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DepositRule<'a> {
    /// How it was declared.
    pub kind: DepositKind,
    /// The least payment in minor units, in every currency of the first price. Any other price, and any other currency, is
    /// paid as a whole.
    pub minimum: BTreeMap<Currency, i64>,
    /// The least payment from a day on, where the price changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<DepositChange<'a>>,
}

/// The least payment from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DepositChange<'a> {
    /// The first day, an ISO 8601 date in UTC.
    pub on: Cow<'a, str>,
    /// As [`DepositRule::minimum`].
    pub minimum: BTreeMap<Currency, i64>,
}

/// What the live API must answer for one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveKind<'a> {
    /// The kind's id.
    pub kind: Cow<'a, str>,
    /// Below the live URL: `/services`.
    pub path: Cow<'a, str>,
    /// Where the database holds it.
    pub table: LiveTable<'a>,
    /// What the amounts of `items` count, and so those that the API answers, whatever the table holds.
    #[serde(default)]
    pub amounts: LiveUnit,
    /// Every product; the API lists the active ones, and must not list the others.
    pub items: Vec<LiveItem<'a>>,
}

/// The table that holds what the live API answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveTable<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// What its amounts count.
    pub amounts: LiveUnit,
    /// Its columns; a field without one is not in the table.
    pub columns: BTreeMap<LiveField, Cow<'a, str>>,
}

/// What amounts count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveUnit {
    /// Dollars.
    #[default]
    Major,
    /// Cents.
    Minor,
}

/// What a column of a kind's table can hold for the live API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveField {
    /// [`LiveItem::id`].
    Id,
    /// [`LiveItem::name`].
    Name,
    /// [`LiveItem::description`], NULL where empty.
    Description,
    /// [`PriceRange::min`].
    PriceMin,
    /// [`PriceRange::max`].
    PriceMax,
    /// [`LiveAmounts::deposit_amount`].
    DepositAmount,
    /// [`LiveItem::billing_type`].
    BillingType,
    /// JSON: [`LiveItem::metadata`], and [`LiveItem::features`] as its `features`.
    Metadata,
    /// [`LiveItem::active`].
    Active,
}

/// One product as the live API shows it, in the field names and units of the payment API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveItem<'a> {
    /// The id.
    pub id: Cow<'a, str>,
    /// The name.
    pub name: Cow<'a, str>,
    /// The description, or empty.
    pub description: Cow<'a, str>,
    /// What it costs.
    #[serde(flatten)]
    pub amounts: LiveAmounts<'a>,
    /// What it costs from a day on, in order of the days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<LiveChange<'a>>,
    /// The lookup keys of the prices that the range spans, for who reads their amounts elsewhere; no API answers them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub range_prices: Vec<Cow<'a, str>>,
    /// The currency of these amounts.
    pub currency: Currency,
    /// How it is billed.
    pub billing_type: BillingType,
    /// The lines of the price list.
    pub features: Vec<Cow<'a, str>>,
    /// Free key-value data.
    pub metadata: BTreeMap<Cow<'a, str>, MetadataValue<'a>>,
    /// Whether it can be bought.
    pub active: bool,
}

/// What a product costs, in the units of [`LiveKind::amounts`] of its currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveAmounts<'a> {
    /// Lowest and highest price of one unit on the terms (interval, unit, currency) of the first price; absent where the
    /// quantity decides.
    pub price_range: Option<PriceRange<'a>>,
    /// The deposit.
    pub deposit_amount: Option<Number<'a>>,
}

/// What a product costs from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveChange<'a> {
    /// The first day, an ISO 8601 date in UTC.
    pub on: Cow<'a, str>,
    /// As the item's own.
    #[serde(flatten)]
    pub amounts: LiveAmounts<'a>,
}

/// Lowest and highest price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceRange<'a> {
    /// The lowest.
    pub min: Number<'a>,
    /// The highest.
    pub max: Number<'a>,
}

/// A value of metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MetadataValue<'a> {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(Cow<'a, str>),
}
