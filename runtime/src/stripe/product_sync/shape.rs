//! What never changes of a price: its amounts, and when and for what they are charged. Amounts are compared as numbers.

use std::collections::BTreeMap;

use pricebook_types::Currency;
use pricebook_types::stripe::{CurrencyOption, CustomUnitAmount, PriceParams, TierParams, UpTo};
use rust_decimal::Decimal;
use serde::Serialize;

use super::actual::{self, Custom, Recurring, Transform};

/// The shape of a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    currency: String,
    amounts: Amounts,
    others: BTreeMap<String, (Amounts, String)>,
    tiers_mode: Option<String>,
    recurring: Option<Recurring>,
    transform: Option<Transform>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Amounts {
    unit: Option<Decimal>,
    custom: Option<Custom>,
    tiers: Vec<(Option<u64>, Option<Decimal>, Option<Decimal>)>,
}

impl Shape {
    /// Of a price of the catalog; `meter` is the id of the meter that stands for the catalog's.
    pub(super) fn of_desired(params: &PriceParams<'_>, meter: Option<String>) -> Self {
        let option = CurrencyOption {
            unit_amount: params.unit_amount,
            unit_amount_decimal: params.unit_amount_decimal.clone(),
            custom_unit_amount: params.custom_unit_amount,
            tiers: params.tiers.clone(),
            tax_behavior: params.tax_behavior,
        };
        let others = params.currency_options.iter().map(|(currency, option)| {
            (currency.code().to_owned(), (Amounts::of_desired(option), word(option.tax_behavior)))
        });
        Self {
            currency: params.currency.code().to_owned(),
            amounts: Amounts::of_desired(&option),
            others: others.collect(),
            tiers_mode: params.tiers_mode.map(word),
            recurring: params.recurring.as_ref().map(|recurring| Recurring {
                interval: word(recurring.interval),
                interval_count: recurring.interval_count.into(),
                usage_type: word(recurring.usage_type),
                meter,
                trial_period_days: recurring.trial_period_days.map(u64::from),
            }),
            transform: params
                .transform_quantity
                .map(|transform| Transform { divide_by: transform.divide_by.into(), round: word(transform.round) }),
        }
    }

    /// Of a price of Stripe.
    pub(super) fn of_actual(price: &actual::Price) -> Self {
        let others = price.currency_options.iter().filter(|(currency, _)| **currency != price.currency);
        Self {
            currency: price.currency.clone(),
            amounts: Amounts::of_actual(&price.amounts),
            others: others
                .map(|(currency, amounts)| {
                    let tax = amounts.tax_behavior.clone().unwrap_or_else(|| "unspecified".to_owned());
                    (currency.clone(), (Amounts::of_actual(amounts), tax))
                })
                .collect(),
            tiers_mode: price.tiers_mode.clone(),
            recurring: price.recurring.clone(),
            transform: price.transform_quantity.clone(),
        }
    }

    /// What differs of when, and for what, is charged: how often, and whether by use of which meter.
    pub(super) fn billed_otherwise(&self, other: &Self) -> Option<&'static str> {
        let (one, other) = match (&self.recurring, &other.recurring) {
            (Some(one), Some(other)) => (one, other),
            (None, None) => return None,
            _ => return Some("one of them is paid once"),
        };
        match () {
            () if (&one.interval, one.interval_count) != (&other.interval, other.interval_count) => {
                Some("how often it is paid would change")
            }
            () if one.usage_type != other.usage_type => Some("one of them is billed by use"),
            () if one.meter != other.meter => Some("another meter would count"),
            () => None,
        }
    }

    /// Whether it can be paid in a currency.
    pub(super) fn takes(&self, currency: &str) -> bool {
        self.currency == currency || self.others.contains_key(currency)
    }

    /// What one unit costs in the price's own currency, where that is one amount.
    pub(super) fn unit(&self) -> Option<Decimal> {
        self.amounts.unit
    }

    /// In lower case.
    pub(super) fn currency(&self) -> &str {
        &self.currency
    }

    /// For people: `USD 29.00 / month, EUR 27.00`.
    pub(super) fn shown(&self) -> String {
        let mut text = self.amounts.shown(&self.currency);
        if let Some(mode) = &self.tiers_mode {
            text = format!("{text} ({mode})");
        }
        if let Some(Transform { divide_by, round }) = &self.transform {
            text = format!("{text} for {divide_by} (rounded {round})");
        }
        if let Some(recurring) = &self.recurring {
            let Recurring { interval, interval_count, usage_type, trial_period_days, .. } = recurring;
            text += &match interval_count {
                1 => format!(" / {interval}"),
                count => format!(" / {count} {interval}s"),
            };
            if usage_type == "metered" {
                text += ", by use";
            }
            if let Some(days) = trial_period_days {
                text += &format!(", {days} days of trial");
            }
        }
        for (currency, (amounts, _)) in &self.others {
            text += &format!(", {}", amounts.shown(currency));
        }
        text
    }
}

impl Amounts {
    fn of_desired(option: &CurrencyOption<'_>) -> Self {
        Self {
            unit: decimal(option.unit_amount, option.unit_amount_decimal.as_deref()),
            custom: option.custom_unit_amount.map(|CustomUnitAmount { bounds, .. }| Custom {
                minimum: bounds.minimum,
                maximum: bounds.maximum,
                preset: bounds.preset,
            }),
            tiers: option.tiers.iter().map(tier).collect(),
        }
    }

    fn of_actual(amounts: &actual::Amounts) -> Self {
        let tiers = amounts.tiers.iter().flatten();
        Self {
            unit: decimal(amounts.unit_amount, amounts.unit_amount_decimal.as_deref()),
            custom: amounts.custom_unit_amount,
            tiers: tiers
                .map(|tier| {
                    let unit = decimal(tier.unit_amount, tier.unit_amount_decimal.as_deref());
                    (tier.up_to, unit, decimal(tier.flat_amount, tier.flat_amount_decimal.as_deref()))
                })
                .collect(),
        }
    }

    fn shown(&self, currency: &str) -> String {
        if let Some(unit) = self.unit {
            return money(unit, currency);
        }
        if let Some(Custom { minimum, maximum, .. }) = self.custom {
            let bound = |amount: Option<i64>| amount.map_or("…".to_owned(), |amount| money(amount.into(), currency));
            return format!("chosen from {} to {}", bound(minimum), bound(maximum));
        }
        let tiers = self.tiers.iter().map(|(up_to, unit, flat)| {
            let end = up_to.map_or("∞".to_owned(), |unit| unit.to_string());
            let amounts = [unit.map(|unit| money(unit, currency)), flat.map(|flat| money(flat, currency) + " flat")];
            format!("to {end}: {}", amounts.into_iter().flatten().collect::<Vec<_>>().join(" + "))
        });
        tiers.collect::<Vec<_>>().join("; ")
    }
}

fn tier(tier: &TierParams<'_>) -> (Option<u64>, Option<Decimal>, Option<Decimal>) {
    let up_to = match tier.up_to {
        UpTo::Unit(unit) => Some(unit),
        UpTo::Inf => None,
    };
    let unit = decimal(tier.unit_amount, tier.unit_amount_decimal.as_deref());
    (up_to, unit, decimal(tier.flat_amount, tier.flat_amount_decimal.as_deref()))
}

fn decimal(whole: Option<i64>, text: Option<&str>) -> Option<Decimal> {
    text.and_then(|text| text.parse().ok()).or(whole.map(Decimal::from))
}

/// The word by which JSON has a value of an enum.
pub(super) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Minor units for people: `USD 29.00`, `USD 0.002`.
pub(super) fn money(minor: Decimal, currency: &str) -> String {
    format!("{} {}", currency.to_uppercase(), major(minor, currency))
}

/// Minor units as major units, with at least the digits of the currency.
pub(super) fn major(minor: Decimal, currency: &str) -> Decimal {
    let digits = currency.parse::<Currency>().map_or(2, Currency::minor_digits);
    let mut major = (minor / Decimal::from(10_u32.pow(digits))).normalize();
    if major.scale() < digits {
        major.rescale(digits);
    }
    major
}
