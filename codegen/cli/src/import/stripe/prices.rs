//! Prices of a Stripe product as the `prices:` of a product of the catalog.

use std::collections::BTreeSet;

use pricebook_emit::stripe::LIMITS;
use pricebook_types::stripe::{CurrencyOption, CustomUnitAmount, Metadata, PriceParams, TierParams, UpTo};
use pricebook_types::{Currency, CustomAmount, IntervalUnit, TaxBehavior, TierMode, UsageType};
use rust_decimal::Decimal;

use super::patterns::expand;
use crate::import::draft::{is_key, slug, unique};
use crate::import::yaml::Yaml;

/// A price with its place in the catalog.
#[derive(Clone)]
pub(super) struct KeyedPrice {
    /// The Stripe id, for notes.
    pub(super) place: String,
    /// The Stripe id of its product.
    pub(super) product: String,
    /// As its metadata have it.
    pub(super) hash: Option<String>,
    pub(super) key: String,
    pub(super) params: PriceParams<'static>,
    /// The catalog's id of the meter.
    pub(super) meter: Option<String>,
    /// The key of the price whose former amounts these are.
    pub(super) replaced_by: Option<String>,
}

/// What the whole catalog or product says, so that a price need not.
pub(super) struct Context<'a> {
    pub(super) currency: Currency,
    /// The kind's id.
    pub(super) kind: &'a str,
    /// The product's id.
    pub(super) product: &'a str,
    /// The kind's pattern.
    pub(super) lookup_key: &'a str,
    /// The product's unit, for amounts that are charged for many of it at once.
    pub(super) unit: &'a str,
}

/// The key of a price: its own if it was made here, else from its interval.
pub(super) fn key(own: Option<&str>, params: &PriceParams<'_>, taken: &mut BTreeSet<String>) -> String {
    if let Some(own) = own.filter(|own| is_key(own) && fits(own, params) && !taken.contains(*own)) {
        taken.insert(own.to_owned());
        return own.to_owned();
    }
    let usage = params.recurring.as_ref().is_some_and(|recurring| recurring.usage_type == UsageType::Metered);
    let wanted = match known(params) {
        Some(known) if !usage => known.to_owned(),
        _ => slug(&params.nickname)
            .filter(|slug| known_interval(slug).is_none())
            .or_else(|| usage.then(|| "usage".to_owned()))
            .unwrap_or_else(|| every(params)),
    };
    unique(wanted, taken)
}

fn every(params: &PriceParams<'_>) -> String {
    params.recurring.as_ref().map_or_else(
        || "once".to_owned(),
        |every| format!("every_{}_{}s", every.interval_count, every.interval.as_str()),
    )
}

/// Whether a key says the price's interval, or none.
fn fits(key: &str, params: &PriceParams<'_>) -> bool {
    known_interval(key).is_none_or(|interval| interval == interval_of(params))
}

type Every = Option<(IntervalUnit, u16)>;

const KNOWN: [(&str, Every, &str); 7] = [
    ("one_time", None, "One-time"),
    ("daily", Some((IntervalUnit::Day, 1)), "Daily"),
    ("weekly", Some((IntervalUnit::Week, 1)), "Weekly"),
    ("monthly", Some((IntervalUnit::Month, 1)), "Monthly"),
    ("quarterly", Some((IntervalUnit::Month, 3)), "Quarterly"),
    ("semiannual", Some((IntervalUnit::Month, 6)), "Semiannual"),
    ("yearly", Some((IntervalUnit::Year, 1)), "Yearly"),
];

fn known_interval(key: &str) -> Option<Every> {
    KNOWN.iter().find(|(known, ..)| *known == key).map(|(_, interval, _)| *interval)
}

fn known(params: &PriceParams<'_>) -> Option<&'static str> {
    let interval = interval_of(params);
    KNOWN.iter().find(|(_, known, _)| *known == interval).map(|(key, ..)| *key)
}

fn interval_of(params: &PriceParams<'_>) -> Every {
    params.recurring.as_ref().map(|recurring| (recurring.interval, recurring.interval_count))
}

/// Where a price stands among those of its product: by how often it is paid.
pub(super) fn rank(key: &str) -> usize {
    KNOWN.iter().position(|(known, ..)| *known == key).unwrap_or(KNOWN.len())
}

/// What a price is called in the catalog.
pub(super) fn label_of(price: &KeyedPrice) -> String {
    if price.params.nickname.is_empty() { label(&price.key) } else { price.params.nickname.to_string() }
}

/// The label that the catalog gives a key.
fn label(key: &str) -> String {
    if let Some((.., label)) = KNOWN.iter().find(|(known, ..)| *known == key) {
        return (*label).to_owned();
    }
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether a price that is sold no more differs from one that is sold in nothing but its amounts.
pub(super) fn is_former_of(former: &KeyedPrice, sold: &KeyedPrice) -> bool {
    let (was, is) = (&former.params, &sold.params);
    let nickname = was.nickname.is_empty() || *was.nickname == *label(&former.key);
    nickname
        && !was.active
        && is.active
        && was.currency == is.currency
        && was.recurring == is.recurring
        && was.billing_scheme == is.billing_scheme
        && was.tiers_mode == is.tiers_mode
        && was.transform_quantity == is.transform_quantity
        && was.tax_behavior == is.tax_behavior
        && was.currency_options.iter().all(|(currency, option)| option.tax_behavior == taxed_in(is, currency))
        && was.metadata == is.metadata
}

fn taxed_in(params: &PriceParams<'_>, currency: &Currency) -> TaxBehavior {
    params.currency_options.get(currency).map_or(params.tax_behavior, |option| option.tax_behavior)
}

/// A price with the former ones that it replaced.
pub(super) fn yaml(price: &KeyedPrice, formers: &[&KeyedPrice], context: &Context<'_>) -> Yaml {
    let params = &price.params;
    let recurring = params.recurring.as_ref();
    let interval = if known_interval(&price.key).is_some() {
        None
    } else {
        Some(recurring.map_or("once", |recurring| recurring.interval.as_str()))
    };
    let count = recurring.map(|recurring| recurring.interval_count).filter(|count| *count > 1);
    let label = Some(&*params.nickname).filter(|nickname| !nickname.is_empty() && *nickname != label(&price.key));
    let metered = recurring.is_some_and(|recurring| recurring.usage_type == UsageType::Metered);
    let all = || std::iter::once(price).chain(formers.iter().copied()).map(|price| &price.params);
    let is_of_units = all().any(|params| is_fine(params) || is_small(params));
    let of_units = is_of_units && !metered && params.transform_quantity.is_none();
    let mut fields = vec![
        ("label", label.map(Yaml::text)),
        ("lookup_key", lookup_key(price, context)),
        ("active", (!params.active).then(|| Yaml::plain(false))),
        ("interval", interval.map(Yaml::plain)),
        ("interval_count", interval.and(count).map(Yaml::plain)),
        ("usage", metered.then(|| Yaml::plain("metered"))),
        ("meter", price.meter.as_deref().map(Yaml::text)),
        ("unit", of_units.then(|| Yaml::text(context.unit))),
        ("currency", (params.currency != context.currency).then(|| Yaml::plain(params.currency.code()))),
        ("tax_behavior", (params.tax_behavior != TaxBehavior::Unspecified).then(|| tax_behavior(params.tax_behavior))),
        ("currency_tax_behavior", currency_tax_behavior(params)),
        ("metadata", metadata(&params.metadata)),
        ("trial_days", recurring.and_then(|recurring| recurring.trial_period_days).map(Yaml::plain)),
        ("transform_quantity", transform_quantity(params)),
    ];
    fields.extend(amounts(params));
    let formers = formers
        .iter()
        .map(|former| {
            let mut fields = vec![("key", Some(Yaml::text(&*former.key))), ("lookup_key", lookup_key(former, context))];
            fields.extend(amounts(&former.params));
            mapping(fields)
        })
        .collect();
    fields.push(("grandfathered", Yaml::List(formers).unless_empty()));
    mapping(fields)
}

fn mapping(fields: Vec<(&str, Option<Yaml>)>) -> Yaml {
    Yaml::Map(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

fn lookup_key(price: &KeyedPrice, context: &Context<'_>) -> Option<Yaml> {
    let own = &price.params.lookup_key;
    let by_pattern = expand(context.lookup_key, context.kind, context.product, &price.key);
    let is_sound = !own.is_empty() && own.trim() == own && !own.contains(char::is_control);
    (is_sound && **own != *by_pattern).then(|| Yaml::text(&**own))
}

fn tax_behavior(tax_behavior: TaxBehavior) -> Yaml {
    Yaml::plain(match tax_behavior {
        TaxBehavior::Exclusive => "exclusive",
        TaxBehavior::Inclusive => "inclusive",
        TaxBehavior::Unspecified => "unspecified",
    })
}

/// Of the currencies where it is not as the price says.
fn currency_tax_behavior(params: &PriceParams<'_>) -> Option<Yaml> {
    let otherwise = params.currency_options.iter().filter(|(_, option)| option.tax_behavior != params.tax_behavior);
    let otherwise = otherwise.map(|(currency, option)| (currency.code().to_owned(), tax_behavior(option.tax_behavior)));
    Yaml::Map(otherwise.collect()).unless_empty()
}

/// `metadata:` of a product or a price.
pub(super) fn metadata(metadata: &Metadata<'_>) -> Option<Yaml> {
    let entries = metadata.iter().map(|(key, value)| (key.to_string(), Yaml::text(&**value)));
    Yaml::Map(entries.collect()).unless_empty()
}

fn transform_quantity(params: &PriceParams<'_>) -> Option<Yaml> {
    use pricebook_types::stripe::Round;
    let transform = params.transform_quantity?;
    Some(Yaml::map([
        ("divide_by", Some(Yaml::plain(transform.divide_by))),
        ("round", Some(Yaml::plain(if transform.round == Round::Up { "up" } else { "down" }))),
    ]))
}

/// Whether some amount is finer than a minor unit.
fn is_fine(params: &PriceParams<'_>) -> bool {
    let tiers = params.tiers.iter().chain(params.currency_options.values().flat_map(|option| &option.tiers));
    params.unit_amount_decimal.is_some()
        || params.currency_options.values().any(|option| option.unit_amount_decimal.is_some())
        || tiers.into_iter().any(|tier| tier.unit_amount_decimal.is_some() || tier.flat_amount_decimal.is_some())
}

/// Whether some amount of a unit is less than Stripe's least charge, so that only several together are charged.
fn is_small(params: &PriceParams<'_>) -> bool {
    let options = params.currency_options.iter().map(|(currency, option)| (*currency, option.unit_amount));
    std::iter::once((params.currency, params.unit_amount)).chain(options).any(|(currency, amount)| {
        let mut limits = LIMITS.iter().filter_map(|target| target.charge(currency));
        amount.is_some_and(|amount| amount > 0 && limits.any(|limit| amount < limit.min_minor))
    })
}

fn bounds(custom: &CustomUnitAmount, currency: Currency) -> Vec<(String, Yaml)> {
    let CustomAmount { minimum, maximum, preset } = custom.bounds;
    let bounds = [("minimum", minimum), ("maximum", maximum), ("preset", preset)];
    let major = |(name, minor): (&str, Option<i64>)| Some((name.to_owned(), major(Some(minor?), None, currency)?));
    bounds.into_iter().filter_map(major).collect()
}

/// `amount` and `currencies`, `tiers`, or `custom_amount`.
fn amounts(params: &PriceParams<'_>) -> Vec<(&'static str, Option<Yaml>)> {
    let currencies = |value: fn(Currency, &CurrencyOption<'_>) -> Option<Yaml>| {
        let entries = params
            .currency_options
            .iter()
            .filter_map(|(currency, option)| Some((currency.code().to_owned(), value(*currency, option)?)))
            .collect();
        Yaml::Map(entries).unless_empty()
    };
    if let Some(custom) = &params.custom_unit_amount {
        let others =
            currencies(|currency, option| Some(Yaml::Map(bounds(option.custom_unit_amount.as_ref()?, currency))));
        let mut fields = bounds(custom, params.currency);
        fields.extend(others.map(|others| ("currencies".to_owned(), others)));
        return vec![("custom_amount", Some(Yaml::Map(fields)))];
    }
    let Some(mode) = params.tiers_mode.filter(|_| !params.tiers.is_empty()) else {
        let amount = major(params.unit_amount, params.unit_amount_decimal.as_deref(), params.currency);
        let others =
            currencies(|currency, option| major(option.unit_amount, option.unit_amount_decimal.as_deref(), currency));
        return vec![("amount", amount), ("currencies", others)];
    };
    let tiers = Yaml::map([
        ("mode", Some(Yaml::plain(if mode == TierMode::Graduated { "graduated" } else { "volume" }))),
        ("steps", Some(steps(&params.tiers, params.currency))),
        ("currencies", currencies(|currency, option| Some(steps(&option.tiers, currency)))),
    ]);
    vec![("tiers", Some(tiers))]
}

fn steps(tiers: &[TierParams<'_>], currency: Currency) -> Yaml {
    let step = |tier: &TierParams<'_>| {
        Yaml::map([
            (
                "up_to",
                Some(match tier.up_to {
                    UpTo::Unit(unit) => Yaml::plain(unit),
                    UpTo::Inf => Yaml::plain("unlimited"),
                }),
            ),
            ("unit_amount", major(tier.unit_amount, tier.unit_amount_decimal.as_deref(), currency)),
            ("flat_amount", major(tier.flat_amount, tier.flat_amount_decimal.as_deref(), currency)),
        ])
    };
    Yaml::List(tiers.iter().map(step).collect())
}

/// Minor units as the catalog writes them, in major units: 2950 cents are `29.50`.
pub(super) fn major(whole: Option<i64>, decimal: Option<&str>, currency: Currency) -> Option<Yaml> {
    let minor = whole.map(Decimal::from).or_else(|| Decimal::from_str_exact(decimal?).ok())?;
    let digits = currency.minor_digits();
    let mut major = (minor / Decimal::from(10_u32.pow(digits))).normalize();
    if major.scale() < digits {
        major.rescale(digits);
    }
    Some(Yaml::plain(major))
}
