//! Prices, their announced changes, and the prices that only old subscriptions keep.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::{self, CurrencyAmount, Product, StripeProductPer, whole};
use pricebook_types::stripe::{
    self, Change, CurrencyOption, CustomUnitAmount, Metadata, PriceParams, Recurring, Round, TierParams,
    TransformQuantity, UpTo, owned,
};
use pricebook_types::{BillingScheme, CustomAmount};
use rust_decimal::Decimal;

use super::{metadata, products};

pub(super) fn lower<'a>(
    catalog: &'a Catalog,
    product: &'a Product,
    per: StripeProductPer,
) -> impl Iterator<Item = stripe::Price<'a>> {
    product.prices.iter().map(move |price| self::price(catalog, product, price, per))
}

fn price<'a>(
    catalog: &'a Catalog,
    product: &'a Product,
    price: &'a catalog::Price,
    per: StripeProductPer,
) -> stripe::Price<'a> {
    let local_id = match per {
        StripeProductPer::Product => &product.local_id,
        StripeProductPer::Price => &price.local_id,
    };
    let of_product = products::of_price(product, price, per);
    let meter = catalog.meters.iter().find(|meter| price.meter.as_ref() == Some(&meter.id));
    let with = |amounts| {
        let mut desired = stripe::Price {
            local_id: Cow::Borrowed(local_id),
            product: Cow::Borrowed(of_product),
            was: Vec::new(),
            meter: None,
            replaced_by: price.grandfathered.as_deref().and_then(|key| successor(product, key)),
            params: params(price, amounts, metadata(catalog, product, price, local_id)),
            changes: Vec::new(),
        };
        // What a meter counts stays as it is in Stripe: another one takes its place, which no price follows.
        let hash = match meter {
            Some(meter) => metadata::hash(&(&desired, &meter.event_name, meter.aggregation)),
            None => metadata::hash(&desired),
        };
        desired.params.metadata.insert(Cow::Borrowed(owned::HASH), hash);
        desired.meter = meter.map(|meter| Cow::Borrowed(meter.id.as_str()));
        desired
    };
    let changes = price
        .changes
        .iter()
        .map(|change| Change { on: Cow::Borrowed(&change.on), params: with(&change.amounts).params })
        .collect();
    // Not hashed: a former name changes nothing of the object.
    let was = catalog.former_ids("price", &price.lookup_key).map(Cow::Borrowed).collect();
    stripe::Price { changes, was, ..with(&price.amounts) }
}

fn metadata<'a>(catalog: &'a Catalog, product: &Product, price: &'a catalog::Price, local_id: &'a str) -> Metadata<'a> {
    let mut metadata = metadata::declared(&price.metadata);
    metadata.extend(metadata::ownership(catalog, local_id));
    let product = products::reference(&product.kind, &product.id);
    metadata.insert(Cow::Borrowed(owned::PRODUCT), Cow::Owned(product));
    metadata.insert(Cow::Borrowed(owned::PRICE), Cow::Borrowed(price.key.as_str()));
    metadata
}

fn successor<'a>(product: &'a Product, key: &str) -> Option<Cow<'a, str>> {
    product.prices.iter().find(|price| price.key == key).map(|price| Cow::Borrowed(price.lookup_key.as_str()))
}

fn params<'a>(price: &'a catalog::Price, amounts: &'a [CurrencyAmount], metadata: Metadata<'a>) -> PriceParams<'a> {
    let (default, others) = amounts.split_first().expect("every price of a catalog has an amount");
    let currency = default.currency;
    let default = option(default, price);
    PriceParams {
        product: None,
        currency,
        unit_amount: default.unit_amount,
        unit_amount_decimal: default.unit_amount_decimal,
        custom_unit_amount: default.custom_unit_amount,
        billing_scheme: if price.tier_mode.is_some() { BillingScheme::Tiered } else { BillingScheme::PerUnit },
        tiers_mode: price.tier_mode,
        tiers: default.tiers,
        currency_options: others
            .iter()
            .map(|amount| (amount.currency, option(amount, price)))
            .collect::<BTreeMap<_, _>>(),
        recurring: price.interval.map(|interval| Recurring {
            interval: interval.unit,
            interval_count: interval.count,
            usage_type: price.usage,
            meter: None,
            trial_period_days: Some(price.trial_days).filter(|days| *days > 0),
        }),
        transform_quantity: price.transform_quantity.map(|transform| TransformQuantity {
            divide_by: transform.divide_by,
            round: if transform.round_up { Round::Up } else { Round::Down },
        }),
        tax_behavior: price.tax_behavior,
        lookup_key: Cow::Borrowed(&price.lookup_key),
        nickname: Cow::Borrowed(&price.label),
        active: price.active,
        metadata,
    }
}

fn option<'a>(amount: &'a CurrencyAmount, price: &catalog::Price) -> CurrencyOption<'a> {
    let tax_behavior = price.tax_behavior_in(amount.currency);
    let (unit_amount, unit_amount_decimal) = number(amount.unit_amount);
    let custom_unit_amount = amount.custom.map(|catalog::CustomAmount { minimum, maximum, preset }| CustomUnitAmount {
        enabled: true,
        bounds: CustomAmount { minimum, maximum, preset },
    });
    let tiers = amount.tiers.iter().map(tier).collect();
    CurrencyOption { unit_amount, unit_amount_decimal, custom_unit_amount, tiers, tax_behavior }
}

fn tier(tier: &catalog::Tier) -> TierParams<'static> {
    let (unit_amount, unit_amount_decimal) = number(tier.unit_amount);
    let (flat_amount, flat_amount_decimal) = number(tier.flat_amount);
    TierParams {
        up_to: tier.up_to.map_or(UpTo::Inf, UpTo::Unit),
        unit_amount,
        unit_amount_decimal,
        flat_amount,
        flat_amount_decimal,
    }
}

/// Whole minor units, or else the decimal as text.
fn number(minor: Option<Decimal>) -> (Option<i64>, Option<Cow<'static, str>>) {
    match minor.map(|minor| (whole(minor), minor)) {
        None => (None, None),
        Some((Some(whole), _)) => (Some(whole), None),
        Some((None, minor)) => (None, Some(Cow::Owned(minor.normalize().to_string()))),
    }
}
