//! Prices: how much, in which currencies, how often and for what quantity.

use serde::{Deserialize, Serialize};

use crate::{Currency, Interval, Money};

/// Stripe's `billing_scheme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingScheme {
    /// One amount for each unit.
    PerUnit,
    /// The amount depends on the quantity.
    Tiered,
}

/// Stripe's `recurring.usage_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageType {
    /// The quantity is set on the subscription.
    Licensed,
    /// The quantity is what a meter counted.
    Metered,
}

/// Stripe's `tiers_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierMode {
    /// Each unit costs what its own tier says.
    Graduated,
    /// All units cost what the tier of the whole quantity says.
    Volume,
}

/// Whether amounts contain tax, as Stripe's `tax_behavior`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxBehavior {
    /// Tax is added.
    Exclusive,
    /// Tax is contained.
    Inclusive,
    /// Not said.
    #[default]
    Unspecified,
}

/// An amount that may be finer than the currency's minor unit, as Stripe's `unit_amount_decimal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Whole minor units.
    Minor(i64),
    /// A decimal number of minor units with at most 12 places, as text: `"0.5"` is half a cent.
    Decimal(&'static str),
}

impl Amount {
    /// The whole minor units, unless the amount is finer.
    pub const fn minor(self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(minor),
            Self::Decimal(_) => None,
        }
    }
}

/// One tier of a tiered price in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The last unit of the tier, or `None` for the open end.
    pub up_to: Option<u64>,
    /// What each unit costs, in minor units.
    pub unit_amount: Amount,
    /// What the tier costs once, in minor units, or `None`.
    pub flat_amount: Option<Amount>,
}

/// What a price costs in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyAmount {
    /// The currency.
    pub currency: Currency,
    /// The amount for a unit; absent for tiered prices.
    pub unit_amount: Option<Amount>,
    /// The tiers; empty for per-unit prices.
    pub tiers: &'static [Tier],
}

/// One price of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The price's id everywhere: Stripe's `lookup_key`, made by the kind's pattern.
    pub lookup_key: &'static str,
    /// Its name within the product: `monthly`, `yearly`, `one_time` …
    pub key: &'static str,
    /// The id of the product it belongs to.
    pub product: &'static str,
    /// `None` for one-time prices.
    pub interval: Option<Interval>,
    /// Licensed or metered.
    pub usage: UsageType,
    /// The id of the meter that counts a metered price's quantity.
    pub meter: Option<&'static str>,
    /// How tiers apply, for tiered prices.
    pub tier_mode: Option<TierMode>,
    /// What one unit is (`seat`), if the price is per unit of something.
    pub unit: Option<&'static str>,
    /// Days of trial before the first charge.
    pub trial_days: u16,
    /// The default currency's amount first, then the other currencies in order of their codes.
    pub amounts: &'static [CurrencyAmount],
    /// Whether it is sold; a grandfathered price is not, but keeps its subscriptions.
    pub active: bool,
}

impl Price {
    /// Per unit or tiered.
    pub const fn billing_scheme(&self) -> BillingScheme {
        match self.tier_mode {
            Some(_) => BillingScheme::Tiered,
            None => BillingScheme::PerUnit,
        }
    }

    /// The amount for a unit in the price's default currency; `None` where it is tiered or finer than a minor unit.
    pub fn amount(&self) -> Option<Money> {
        self.amounts.first().and_then(CurrencyAmount::money)
    }

    /// The amount for a unit in `currency`; `None` where the price has none, is tiered or is finer than a minor unit.
    pub fn amount_in(&self, currency: Currency) -> Option<Money> {
        self.amounts.iter().find(|amount| amount.currency == currency).and_then(CurrencyAmount::money)
    }
}

impl CurrencyAmount {
    /// The amount for a unit as money; `None` where it is tiered or finer than a minor unit.
    pub fn money(&self) -> Option<Money> {
        self.unit_amount.and_then(Amount::minor).map(|minor| Money::new(minor, self.currency))
    }
}
