//! Stripe's prices as its API answers them, and in the form of create parameters as far as a catalog can hold them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_types::stripe::{
    CurrencyOption, CustomUnitAmount, PriceParams, Recurring, Round, TierParams, TransformQuantity, UpTo, owned,
};
use pricebook_types::{BillingScheme, Currency, CustomAmount, IntervalUnit, TaxBehavior, TierMode, UsageType};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use super::objects::{Reference, own_metadata, yes};

#[derive(Deserialize)]
pub(super) struct PriceObject {
    pub(super) id: String,
    pub(super) product: Reference,
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// Whether it recurs, told a second time.
    #[serde(rename = "type")]
    is_of: Option<PriceType>,
    currency: Currency,
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<Number>,
    custom_unit_amount: Option<CustomAmountObject>,
    billing_scheme: Option<BillingScheme>,
    tiers_mode: Option<TierMode>,
    tiers: Option<Vec<TierObject>>,
    currency_options: Option<BTreeMap<String, OptionObject>>,
    recurring: Option<RecurringObject>,
    transform_quantity: Option<TransformObject>,
    tax_behavior: Option<TaxBehavior>,
    lookup_key: Option<String>,
    nickname: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) created: i64,
    #[serde(flatten)]
    others: Others,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PriceType {
    OneTime,
    Recurring,
}

/// Fields that this import does not know.
type Others = BTreeMap<String, serde_json::Value>;

/// Between which amounts customers choose.
#[derive(Clone, Copy, Deserialize)]
struct CustomAmountObject {
    maximum: Option<i64>,
    minimum: Option<i64>,
    preset: Option<i64>,
}

/// An exact decimal, which Stripe writes as a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a decimal number as a text")]
enum Number {
    Text(String),
    Whole(i64),
}

#[derive(Deserialize)]
struct TierObject {
    /// `null` for the open end.
    up_to: Option<u64>,
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<Number>,
    flat_amount: Option<i64>,
    flat_amount_decimal: Option<Number>,
}

#[derive(Deserialize)]
pub(super) struct OptionObject {
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<Number>,
    custom_unit_amount: Option<CustomAmountObject>,
    tax_behavior: Option<TaxBehavior>,
    tiers: Option<Vec<TierObject>>,
    #[serde(flatten)]
    others: Others,
}

#[derive(Deserialize)]
struct RecurringObject {
    interval: IntervalUnit,
    interval_count: u16,
    usage_type: UsageType,
    meter: Option<String>,
    trial_period_days: Option<u16>,
    #[serde(flatten)]
    others: Others,
}

#[derive(Deserialize)]
struct TransformObject {
    divide_by: u32,
    round: Round,
}

impl PriceObject {
    /// What creates the same price; where Stripe has no lookup key or nickname, they are empty.
    ///
    /// # Errors
    /// In words, where a catalog cannot hold the price.
    pub(super) fn params(&self) -> Result<PriceParams<'static>, String> {
        self.contradicts_nothing()?;
        let tiered = self.billing_scheme == Some(BillingScheme::Tiered);
        let (unit_amount, unit_amount_decimal) = exact(self.unit_amount, &self.unit_amount_decimal)?;
        if tiered && self.tiers.as_ref().is_none_or(Vec::is_empty) {
            return Err("its tiers are missing; list prices with `expand[]=data.tiers`".to_owned());
        }
        let has_amount = tiered || unit_amount.is_some() || unit_amount_decimal.is_some();
        let custom_unit_amount = chosen(&self.custom_unit_amount, has_amount)?;
        if !has_amount && custom_unit_amount.is_none() {
            return Err("it has no amount".to_owned());
        }
        let currency_options = self.options().filter_map(|(_, option)| option.ok()).collect();
        Ok(PriceParams {
            product: None,
            currency: self.currency,
            unit_amount,
            unit_amount_decimal,
            custom_unit_amount,
            billing_scheme: self.billing_scheme.unwrap_or(BillingScheme::PerUnit),
            tiers_mode: self.tiers_mode,
            tiers: tiers(self.tiers.as_deref())?,
            currency_options,
            recurring: self.recurring.as_ref().map(|recurring| Recurring {
                interval: recurring.interval,
                interval_count: recurring.interval_count,
                usage_type: recurring.usage_type,
                meter: recurring.meter.clone().map(Cow::Owned),
                trial_period_days: recurring.trial_period_days.filter(|days| *days > 0),
            }),
            transform_quantity: self
                .transform_quantity
                .as_ref()
                .map(|transform| TransformQuantity { divide_by: transform.divide_by, round: transform.round }),
            tax_behavior: self.tax_behavior.unwrap_or_default(),
            lookup_key: Cow::Owned(self.lookup_key.clone().unwrap_or_default()),
            nickname: Cow::Owned(self.nickname.clone().unwrap_or_default()),
            active: self.active,
            metadata: own_metadata(&self.metadata),
        })
    }

    /// What Stripe says twice must be the same: which of two amounts customers pay is not to be guessed.
    fn contradicts_nothing(&self) -> Result<(), String> {
        match (self.is_of, &self.recurring) {
            (Some(PriceType::Recurring), None) => {
                return Err("its type is recurring, and no interval stands in `recurring`".to_owned());
            }
            (Some(PriceType::OneTime), Some(_)) => {
                return Err("its type is one_time, and `recurring` has an interval".to_owned());
            }
            _ => {}
        }
        let own = self.currency_options.iter().flatten().find(|(code, _)| **code == self.currency.code());
        let Some((code, option)) = own else { return Ok(()) };
        let amount = exact(self.unit_amount, &self.unit_amount_decimal)?;
        match exact(option.unit_amount, &option.unit_amount_decimal)? {
            (None, None) => Ok(()),
            again if again == amount => Ok(()),
            _ => Err(format!("its amount in {code} is another one under `currency_options`")),
        }
    }

    /// The other currencies that a catalog cannot hold, and why, in words: the price is sold without them too.
    pub(super) fn lost_currencies(&self) -> impl Iterator<Item = (&str, String)> {
        self.options().filter_map(|(code, option)| Some((code, option.err()?)))
    }

    fn options(&self) -> impl Iterator<Item = (&str, Result<(Currency, CurrencyOption<'static>), String>)> {
        let others = self.currency_options.iter().flatten().filter(|(code, _)| **code != self.currency.code());
        others.map(|(code, option)| {
            let currency = code.parse().map_err(|unknown: pricebook_types::UnknownCurrency| unknown.to_string());
            (code.as_str(), currency.and_then(|currency| Ok((currency, option.params(code)?))))
        })
    }

    /// What marks it as unchanged since it was written.
    pub(super) fn hash(&self) -> Option<&str> {
        self.metadata.get(owned::HASH).map(String::as_str)
    }

    pub(super) fn has_lookup_key(&self) -> bool {
        self.lookup_key.as_ref().is_some_and(|key| !key.is_empty())
    }

    pub(super) fn own_key(&self) -> Option<&str> {
        self.metadata.get(owned::PRICE).map(String::as_str)
    }

    /// Fields that say something and that this import does not know: `recurring.aggregate_usage`.
    pub(super) fn unknown_fields(&self) -> Vec<String> {
        const READ_ONLY: [&str; 2] = ["object", "livemode"];
        let said = |others: &Others, path: &str| -> Vec<String> {
            let said = others.iter().filter(|(name, value)| !value.is_null() && !READ_ONLY.contains(&name.as_str()));
            said.map(|(name, _)| format!("{path}{name}")).collect()
        };
        let recurring = self.recurring.iter().flat_map(|recurring| said(&recurring.others, "recurring."));
        let options = self.currency_options.iter().flatten();
        let options = options.flat_map(|(code, option)| said(&option.others, &format!("currency_options.{code}.")));
        said(&self.others, "").into_iter().chain(recurring).chain(options).collect()
    }
}

/// Between which amounts customers choose, where they do. Beside an amount, an object that bounds nothing says nothing.
fn chosen(custom: &Option<CustomAmountObject>, has_amount: bool) -> Result<Option<CustomUnitAmount>, String> {
    let Some(CustomAmountObject { maximum, minimum, preset }) = *custom else { return Ok(None) };
    let bounds = CustomAmount { minimum, maximum, preset };
    match (has_amount, bounds == CustomAmount { minimum: None, maximum: None, preset: None }) {
        (false, _) => Ok(Some(CustomUnitAmount { enabled: true, bounds })),
        (true, true) => Ok(None),
        (true, false) => Err("it has an amount, and customers choose it (`custom_unit_amount`)".to_owned()),
    }
}

impl OptionObject {
    fn params(&self, code: &str) -> Result<CurrencyOption<'static>, String> {
        let (unit_amount, unit_amount_decimal) = exact(self.unit_amount, &self.unit_amount_decimal)?;
        let tiers = tiers(self.tiers.as_deref())?;
        let has_amount = unit_amount.is_some() || unit_amount_decimal.is_some() || !tiers.is_empty();
        let custom_unit_amount = chosen(&self.custom_unit_amount, has_amount)?;
        if !has_amount && custom_unit_amount.is_none() {
            return Err(format!("its amount in {code} is missing; expand `data.currency_options.{code}.tiers`"));
        }
        let tax_behavior = self.tax_behavior.unwrap_or_default();
        Ok(CurrencyOption { unit_amount, unit_amount_decimal, custom_unit_amount, tiers, tax_behavior })
    }
}

fn tiers(tiers: Option<&[TierObject]>) -> Result<Vec<TierParams<'static>>, String> {
    tiers
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(index, tier)| {
            let exact = |field: &str, whole, decimal: &Option<Number>| {
                exact(whole, decimal).map_err(|why| format!("`{field}` of its tier {}: {why}", index + 1))
            };
            let (unit_amount, unit_amount_decimal) =
                exact("unit_amount_decimal", tier.unit_amount, &tier.unit_amount_decimal)?;
            let (flat_amount, flat_amount_decimal) =
                exact("flat_amount_decimal", tier.flat_amount, &tier.flat_amount_decimal)?;
            let up_to = tier.up_to.map_or(UpTo::Inf, UpTo::Unit);
            Ok(TierParams { up_to, unit_amount, unit_amount_decimal, flat_amount, flat_amount_decimal })
        })
        .collect()
}

/// Whole minor units, or else the decimal: what Stripe has, written in the one way in which the catalog writes it.
fn exact(whole: Option<i64>, decimal: &Option<Number>) -> Result<(Option<i64>, Option<Cow<'static, str>>), String> {
    let text = match (whole, decimal) {
        (Some(whole), Some(Number::Text(text))) if Decimal::from_str_exact(text) != Ok(Decimal::from(whole)) => {
            return Err(format!("it is {whole} as a whole number and `{text}` as a decimal"));
        }
        (Some(whole), Some(Number::Whole(again))) if *again != whole => {
            return Err(format!("it is {whole}, and {again} as a decimal"));
        }
        (Some(whole), _) => return Ok((Some(whole), None)),
        (None, Some(Number::Whole(whole))) => return Ok((Some(*whole), None)),
        (None, None) => return Ok((None, None)),
        (None, Some(Number::Text(text))) => text,
    };
    let number = Decimal::from_str_exact(text).map_err(|_| format!("`{text}` is no decimal number"))?.normalize();
    Ok(match number.is_integer().then(|| number.to_i64()).flatten() {
        Some(whole) => (Some(whole), None),
        None => (None, Some(Cow::Owned(number.to_string()))),
    })
}
