//! A price: what is charged, how often, in which currencies, and from which day on.

use std::collections::BTreeMap;

use pricebook_types::{Currency, Interval, TaxBehavior, TierMode, UsageType};
use rust_decimal::Decimal;
use serde::Serialize;

use super::Value;
use crate::lower::names;

/// A price.
#[derive(Clone, Debug, Serialize)]
pub struct Price {
    /// Its name within the product: `monthly`.
    pub key: String,
    /// Its id everywhere; unique in the catalog.
    pub lookup_key: String,
    /// The lookup key that the kind's pattern gives under the product's former id, where that says `was:`.
    #[serde(skip)]
    pub was: Option<String>,
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
    /// In those other currencies where that is otherwise.
    pub currency_tax_behavior: BTreeMap<Currency, TaxBehavior>,
    /// Free key-value data, in order. It is Stripe's alone.
    pub metadata: Vec<(String, Value)>,
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
    /// What an amount is for: `seat`, without a unit one of what the meter counts (`api call`), with a divided quantity
    /// `10 × call`; `None` for the price as a whole.
    pub fn per(&self) -> Option<String> {
        let unit = self.unit.clone().or_else(|| Some(names::one_of(self.meter.as_ref()?)));
        match (unit, self.transform_quantity) {
            (Some(unit), Some(transform)) => Some(format!("{} × {unit}", transform.divide_by)),
            (None, Some(transform)) => Some(transform.divide_by.to_string()),
            (unit, None) => unit,
        }
    }

    /// Whether the amount in a currency of the price contains tax.
    pub fn tax_behavior_in(&self, currency: Currency) -> TaxBehavior {
        self.currency_tax_behavior.get(&currency).copied().unwrap_or(self.tax_behavior)
    }

    /// Whether one unit is paid with a whole amount of minor units of the default currency, today and as announced.
    pub(super) fn is_for_one_unit(&self) -> bool {
        let mut days = std::iter::once(&self.amounts).chain(self.changes.iter().map(|change| &change.amounts));
        self.usage == UsageType::Licensed
            && self.transform_quantity.is_none()
            && days.all(|amounts| amounts.first().and_then(|amount| amount.unit_amount).and_then(whole).is_some())
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct TransformQuantity {
    /// Divide the quantity by this.
    pub divide_by: u32,
    /// And round up (otherwise down).
    pub round_up: bool,
}

/// What a price costs in one currency; exactly one of `unit_amount`, `tiers` and `custom` is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurrencyAmount {
    /// The currency.
    pub currency: Currency,
    /// Minor units for one unit, at most 12 decimal places.
    pub unit_amount: Option<Decimal>,
    /// The tiers, the last with an open end.
    pub tiers: Vec<Tier>,
    /// Between which amounts customers choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomAmount>,
}

/// Stripe's `custom_unit_amount`: customers choose the amount, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CustomAmount {
    /// The least; without it, the least that can be charged.
    pub minimum: Option<i64>,
    /// The most; without it, the most that can be charged.
    pub maximum: Option<i64>,
    /// What stands there before anybody chooses.
    pub preset: Option<i64>,
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
