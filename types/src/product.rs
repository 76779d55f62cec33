//! Products: what is sold.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{Day, Grant, Limit, Money, NoSuchPrice, Price};

/// A family of products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// In snake case: `plan`.
    pub id: &'static str,
    /// For people: `Plan`.
    pub title: &'static str,
    /// The section of the catalog that declares its products: `plans`.
    pub plural: &'static str,
    /// The table that holds its products.
    pub table: &'static str,
}

/// How a product is billed, derived from its first price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BillingType {
    /// Paid once.
    OneTime,
    /// Every month.
    Monthly,
    /// Every year.
    Yearly,
    /// At any other interval.
    Recurring,
    /// Never.
    Free,
}

impl BillingType {
    /// `one-time`, `monthly`, `yearly`, `recurring` or `free`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "one-time",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
            Self::Recurring => "recurring",
            Self::Free => "free",
        }
    }
}

/// How a deposit was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepositKind {
    /// A share of the price.
    Percentage,
    /// A fixed amount.
    Fixed,
    /// The whole price.
    Full,
}

/// What must be paid of a product's first price before the work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// How it was declared.
    pub kind: DepositKind,
    /// The declared number as text: the percentage, or the amount in major units.
    pub value: &'static str,
    /// What is due until the first announced change of that price, which may be past: in each of its currencies, its default
    /// currency first; never empty. What is due today is [`Self::amounts`].
    pub amounts_before_changes: &'static [Money],
    /// Where the first price changes: what is due from a day on, in the order of the days.
    pub changes: &'static [DepositChange],
}

/// From its day on, a deposit has other amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepositChange {
    /// The first day of the new amounts, `YYYY-MM-DD` in UTC.
    pub on: &'static str,
    /// As [`Deposit::amounts_before_changes`].
    pub amounts: &'static [Money],
}

impl Deposit {
    /// What is due today (UTC) in the first price's default currency, announced changes considered.
    pub fn amount(&self) -> Money {
        self.amounts()[0]
    }

    /// What [`Self::amount`] is on a day in UTC.
    pub fn amount_on(&self, day: Day) -> Money {
        self.amounts_on(day)[0]
    }

    /// What is due today (UTC) in each currency, announced changes considered.
    pub fn amounts(&self) -> &'static [Money] {
        match self.changes {
            [] => self.amounts_before_changes,
            _ => self.amounts_on(Day::today()),
        }
    }

    /// What [`Self::amounts`] is on a day in UTC.
    pub fn amounts_on(&self, day: Day) -> &'static [Money] {
        let change = self.changes.iter().rfind(|change| change.on <= day.as_str());
        change.map_or(self.amounts_before_changes, |change| change.amounts)
    }
}

/// One product with its prices and what it grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// The kind's id: `plan`, `addon` …
    pub kind: &'static str,
    /// The id, unique within the kind.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is, or empty.
    pub description: &'static str,
    /// Whether it can be bought.
    pub active: bool,
    /// Announced but not yet sold.
    pub coming_soon: bool,
    /// Declared to cost nothing.
    pub free: bool,
    /// How it is billed.
    pub billing_type: BillingType,
    /// What one unit is (`seat`), for products that are sold by units.
    pub unit_label: Option<&'static str>,
    /// Addresses of pictures.
    pub images: &'static [&'static str],
    /// The address of a page about it.
    pub url: Option<&'static str>,
    /// What must be paid first, if anything.
    pub deposit: Option<Deposit>,
    /// In the order of the catalog; the first is the primary one.
    pub prices: &'static [Price],
    /// In the order of the catalog's features.
    pub grants: &'static [Grant],
    /// Lines for the price list, Stripe's `marketing_features`.
    pub marketing_features: &'static [&'static str],
    /// By id, in the order of the kind's attributes, defaults filled in; optional ones that are not given are absent.
    pub attributes: &'static [(&'static str, Value)],
    /// Free data by key, in the order of the catalog.
    pub metadata: &'static [(&'static str, Value)],
}

/// A value of an attribute or of metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, an enum's value, or a date as `YYYY-MM-DD`.
    Text(&'static str),
    /// A whole number.
    Integer(i64),
    /// The digits of an exact decimal number: `"0.5"`.
    Decimal(&'static str),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    List(&'static [&'static str]),
}

impl Product {
    /// The price named `key` (`monthly`, `one_time` …).
    pub fn price(&self, key: &str) -> Option<&'static Price> {
        self.prices.iter().find(|price| price.key == key)
    }

    /// The price named `key`.
    ///
    /// # Errors
    /// [`NoSuchPrice`] where the product has none of this name.
    pub fn expect_price(&self, key: &'static str) -> Result<&'static Price, NoSuchPrice> {
        self.price(key).ok_or(NoSuchPrice { kind: self.kind, product: self.id, key })
    }

    /// The value of an attribute, if the product has it.
    pub fn attribute(&self, id: &str) -> Option<Value> {
        self.attributes.iter().find(|(name, _)| *name == id).map(|(_, value)| *value)
    }

    /// How much of the feature with this id is granted; [`Limit::Off`] where it is not listed.
    pub fn limit(&self, feature: &str) -> Limit {
        self.grants.iter().find(|grant| grant.feature == feature).map_or(Limit::Off, |grant| grant.limit)
    }
}

/// A text that is no id of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownId {
    /// What was looked for: `plan`, `feature`, `price` …
    pub what: &'static str,
    /// The text.
    pub id: String,
}

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} has the id {:?}", self.what, self.id)
    }
}

impl std::error::Error for UnknownId {}
