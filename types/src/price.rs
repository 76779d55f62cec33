//! Prices: how much, in which currencies, how often and for what quantity.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{Amount, Currency, Day, Interval, Least, Money, TierCost, least};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageType {
    /// The quantity is set on the subscription.
    #[default]
    Licensed,
    /// The quantity is what a meter counted.
    Metered,
}

impl UsageType {
    /// Whether the quantity is set on the subscription.
    pub const fn is_licensed(&self) -> bool {
        matches!(self, Self::Licensed)
    }
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
    /// The amount for a unit; absent for tiered prices and where customers choose.
    pub unit_amount: Option<Amount>,
    /// The tiers; empty for per-unit prices.
    pub tiers: &'static [Tier],
    /// Between which amounts customers choose, for prices that leave it to them.
    pub custom: Option<CustomAmount>,
}

/// Stripe's `custom_unit_amount`: customers choose the amount, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CustomAmount {
    /// The least; without it, the least that can be charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    /// The most; without it, the most that can be charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    /// What stands there before anybody chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<i64>,
}

/// Stripe's `transform_quantity`: the quantity is divided before it is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransformQuantity {
    /// Divide by this.
    pub divide_by: u32,
    /// And round up; otherwise down.
    pub round_up: bool,
}

/// An announced change: from its day on, a price has other amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// The first day of the new amounts, `YYYY-MM-DD` in UTC.
    pub on: &'static str,
    /// As [`Price::amounts_before_changes`].
    pub amounts: &'static [CurrencyAmount],
}

/// One price of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The price's id everywhere: Stripe's `lookup_key`, made by the kind's pattern.
    pub lookup_key: &'static str,
    /// Its name within the product: `monthly`, `yearly`, `one_time` …
    pub key: &'static str,
    /// Its name for people: `Monthly`, `One-time` …
    pub label: &'static str,
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
    /// What is done to the quantity before it is priced.
    pub transform_quantity: Option<TransformQuantity>,
    /// Days of trial before the first charge.
    pub trial_days: u16,
    /// Whether the amounts contain tax.
    pub tax_behavior: TaxBehavior,
    /// In those other currencies where that is otherwise; [`Self::tax_behavior_in`] knows both.
    pub currency_tax_behavior: &'static [(Currency, TaxBehavior)],
    /// What it costs until the first announced change, which may be past: the default currency's amount first, then the
    /// other currencies in order of their codes. What it costs today is [`Self::amounts`].
    pub amounts_before_changes: &'static [CurrencyAmount],
    /// Announced changes, in the order of their days.
    pub changes: &'static [PriceChange],
    /// For a grandfathered price, the key of the price that took its place.
    pub grandfathered: Option<&'static str>,
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

    /// Whether the amount in a currency of the price contains tax.
    pub fn tax_behavior_in(&self, currency: Currency) -> TaxBehavior {
        let otherwise = self.currency_tax_behavior.iter().find(|(of, _)| *of == currency);
        otherwise.map_or(self.tax_behavior, |(_, behavior)| *behavior)
    }

    /// What an amount is for: `seat`, without a unit what the meter counts (`api calls`), with a divided quantity
    /// `10 × call`; `None` for the price as a whole.
    pub fn per(&self) -> Option<String> {
        let unit = self.unit.map(str::to_owned).or_else(|| Some(self.meter?.replace('_', " ")));
        match (unit, self.transform_quantity) {
            (Some(unit), Some(transform)) => Some(format!("{} × {unit}", transform.divide_by)),
            (None, Some(transform)) => Some(transform.divide_by.to_string()),
            (unit, None) => unit,
        }
    }

    /// What it costs today (UTC) in each currency, its default currency first, announced changes considered.
    pub fn amounts(&self) -> &'static [CurrencyAmount] {
        match self.changes {
            [] => self.amounts_before_changes,
            _ => self.amounts_on(Day::today()),
        }
    }

    /// What [`Self::amounts`] is on a day in UTC.
    pub fn amounts_on(&self, day: Day) -> &'static [CurrencyAmount] {
        let change = self.changes.iter().rfind(|change| change.on <= day.as_str());
        change.map_or(self.amounts_before_changes, |change| change.amounts)
    }

    /// The amount for a unit in the price's default currency today (UTC), announced changes considered; `None` where it is
    /// tiered, chosen by customers or finer than a minor unit.
    pub fn amount(&self) -> Option<Money> {
        self.amounts().first().and_then(CurrencyAmount::money)
    }

    /// What [`Self::amount`] is on a day in UTC.
    pub fn amount_on(&self, day: Day) -> Option<Money> {
        self.amounts_on(day).first().and_then(CurrencyAmount::money)
    }

    /// The amount for a unit in `currency` today (UTC), announced changes considered; `None` where the price has none, is
    /// tiered or is finer than a minor unit.
    pub fn amount_in(&self, currency: Currency) -> Option<Money> {
        self.amounts().iter().find(|amount| amount.currency == currency).and_then(CurrencyAmount::money)
    }
}

impl CurrencyAmount {
    /// The least that somebody pays for tiers, in 10⁻¹² minor units.
    pub fn least(&self, mode: TierMode) -> Least {
        let cost = |tier: &Tier| TierCost {
            up_to: tier.up_to,
            unit: tier.unit_amount.exact(),
            flat: tier.flat_amount.map_or(0, Amount::exact),
        };
        least(mode, self.tiers.iter().map(cost))
    }

    /// The amount for a unit as money; `None` where it is tiered or finer than a minor unit.
    pub fn money(&self) -> Option<Money> {
        self.unit_amount.and_then(Amount::minor).map(|minor| Money::new(minor, self.currency))
    }
}

/// A product has no price of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchPrice {
    /// The kind's id.
    pub kind: &'static str,
    /// The product's id.
    pub product: &'static str,
    /// The price's name: `monthly`.
    pub key: &'static str,
}

impl fmt::Display for NoSuchPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {:?} has no price {:?}", self.kind, self.product, self.key)
    }
}

impl std::error::Error for NoSuchPrice {}
