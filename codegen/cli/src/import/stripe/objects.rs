//! Stripe's objects as its API answers them, as far as a catalog can hold them, in the form of create parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_types::stripe::{
    CurrencyOption, MarketingFeature, PriceParams, ProductParams, Recurring, Round, TierParams, TransformQuantity,
    UpTo, owned,
};
use pricebook_types::{BillingScheme, Currency, IntervalUnit, TaxBehavior, TierMode, UsageType};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

/// The id of another object, or the object itself where it was expanded.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Reference {
    Id(String),
    Object { id: String },
}

impl Reference {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ProductObject {
    pub(super) id: String,
    name: String,
    description: Option<String>,
    #[serde(default = "yes")]
    active: bool,
    tax_code: Option<Reference>,
    statement_descriptor: Option<String>,
    unit_label: Option<String>,
    #[serde(default)]
    marketing_features: Vec<Named>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    pub(super) default_price: Option<Reference>,
    #[serde(default)]
    pub(super) created: i64,
    #[serde(default)]
    images: Vec<serde_json::Value>,
    url: Option<String>,
    shippable: Option<bool>,
    package_dimensions: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

fn yes() -> bool {
    true
}

impl ProductObject {
    /// What creates the same product, with the metadata that is not ours.
    pub(super) fn params(&self) -> ProductParams<'static> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty()).map(Cow::Owned);
        ProductParams {
            name: Cow::Owned(self.name.clone()),
            description: some(&self.description),
            active: self.active,
            tax_code: self.tax_code.as_ref().map(|code| Cow::Owned(code.id().to_owned())),
            statement_descriptor: some(&self.statement_descriptor),
            unit_label: some(&self.unit_label),
            marketing_features: self
                .marketing_features
                .iter()
                .filter_map(|feature| Some(MarketingFeature { name: Cow::Owned(feature.name.clone()?) }))
                .collect(),
            metadata: self
                .metadata
                .iter()
                .filter(|(key, _)| !is_owned(key))
                .map(|(key, value)| (Cow::Owned(key.clone()), Cow::Owned(value.clone())))
                .collect(),
        }
    }

    pub(super) fn own_id(&self) -> Option<&str> {
        self.metadata.get(owned::ID).map(String::as_str)
    }

    pub(super) fn catalog(&self) -> Option<&str> {
        self.metadata.get(owned::CATALOG).map(String::as_str)
    }

    /// Fields that a catalog does not hold.
    pub(super) fn lost(&self) -> Vec<&'static str> {
        let lost = [
            ("images", !self.images.is_empty()),
            ("url", self.url.is_some()),
            ("shippable", self.shippable.is_some()),
            ("package_dimensions", self.package_dimensions.is_some()),
        ];
        lost.into_iter().filter(|(_, is_set)| *is_set).map(|(field, _)| field).collect()
    }
}

fn is_owned(key: &str) -> bool {
    [owned::CATALOG, owned::ID, owned::PRODUCT, owned::PRICE, owned::HASH].contains(&key)
}

#[derive(Deserialize)]
pub(super) struct PriceObject {
    pub(super) id: String,
    pub(super) product: Reference,
    #[serde(default = "yes")]
    pub(super) active: bool,
    currency: Currency,
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<Number>,
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
}

/// An exact decimal, which Stripe writes as a text.
#[derive(Deserialize)]
#[serde(untagged)]
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
struct OptionObject {
    unit_amount: Option<i64>,
    unit_amount_decimal: Option<Number>,
    tax_behavior: Option<TaxBehavior>,
    tiers: Option<Vec<TierObject>>,
}

#[derive(Deserialize)]
struct RecurringObject {
    interval: IntervalUnit,
    interval_count: u16,
    usage_type: UsageType,
    meter: Option<String>,
    trial_period_days: Option<u16>,
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
        let tiered = self.billing_scheme == Some(BillingScheme::Tiered);
        let (unit_amount, unit_amount_decimal) = exact(self.unit_amount, &self.unit_amount_decimal)?;
        if tiered && self.tiers.as_ref().is_none_or(Vec::is_empty) {
            return Err("its tiers are missing; list prices with `expand[]=data.tiers`".to_owned());
        }
        if !tiered && unit_amount.is_none() && unit_amount_decimal.is_none() {
            return Err("it has no amount: customers choose it, which a catalog cannot say".to_owned());
        }
        let own = self.currency.code();
        let mut currency_options = BTreeMap::new();
        for (code, option) in self.currency_options.iter().flatten().filter(|(code, _)| *code != own) {
            let currency: Currency =
                code.parse().map_err(|unknown: pricebook_types::UnknownCurrency| unknown.to_string())?;
            currency_options.insert(currency, option.params(code)?);
        }
        Ok(PriceParams {
            product: None,
            currency: self.currency,
            unit_amount,
            unit_amount_decimal,
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
            metadata: BTreeMap::new(),
        })
    }

    pub(super) fn own_key(&self) -> Option<&str> {
        self.metadata.get(owned::PRICE).map(String::as_str)
    }

    /// Metadata keys that are not ours, which a catalog's price does not hold.
    pub(super) fn lost_metadata(&self) -> impl Iterator<Item = &str> {
        self.metadata.keys().map(String::as_str).filter(|key| !is_owned(key))
    }
}

impl OptionObject {
    fn params(&self, code: &str) -> Result<CurrencyOption<'static>, String> {
        let (unit_amount, unit_amount_decimal) = exact(self.unit_amount, &self.unit_amount_decimal)?;
        let tiers = tiers(self.tiers.as_deref())?;
        if unit_amount.is_none() && unit_amount_decimal.is_none() && tiers.is_empty() {
            return Err(format!("its amount in {code} is missing; expand `data.currency_options.{code}.tiers`"));
        }
        let tax_behavior = self.tax_behavior.unwrap_or_default();
        Ok(CurrencyOption { unit_amount, unit_amount_decimal, tiers, tax_behavior })
    }
}

fn tiers(tiers: Option<&[TierObject]>) -> Result<Vec<TierParams<'static>>, String> {
    tiers
        .unwrap_or_default()
        .iter()
        .map(|tier| {
            let (unit_amount, unit_amount_decimal) = exact(tier.unit_amount, &tier.unit_amount_decimal)?;
            let (flat_amount, flat_amount_decimal) = exact(tier.flat_amount, &tier.flat_amount_decimal)?;
            let up_to = tier.up_to.map_or(UpTo::Inf, UpTo::Unit);
            Ok(TierParams { up_to, unit_amount, unit_amount_decimal, flat_amount, flat_amount_decimal })
        })
        .collect()
}

/// Whole minor units, or else the decimal: what Stripe has, written in the one way in which the catalog writes it.
fn exact(whole: Option<i64>, decimal: &Option<Number>) -> Result<(Option<i64>, Option<Cow<'static, str>>), String> {
    let text = match (whole, decimal) {
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

#[derive(Deserialize)]
pub(super) struct MeterObject {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) event_name: String,
    pub(super) default_aggregation: pricebook_types::stripe::Aggregation,
}
