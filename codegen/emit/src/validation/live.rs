//! What the live API must answer: every field of every product, in the names and units of the payment API.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Kind, Product, Value};
use pricebook_types::Currency;
use pricebook_types::validation::{LiveItem, LiveKind, MetadataValue, PriceRange};
use rust_decimal::Decimal;

use super::numbers;

pub(super) fn kind<'a>(catalog: &'a Catalog, kind: &'a Kind) -> LiveKind<'a> {
    LiveKind {
        kind: Cow::Borrowed(&kind.id),
        path: Cow::Owned(["/", &kind.plural].concat()),
        items: catalog.products_of(&kind.id).map(|product| item(catalog, product)).collect(),
    }
}

fn item<'a>(catalog: &Catalog, product: &'a Product) -> LiveItem<'a> {
    let currency = product
        .prices
        .first()
        .and_then(|price| price.amounts.first())
        .map_or(catalog.currency, |amount| amount.currency);
    LiveItem {
        id: Cow::Borrowed(&product.id),
        name: Cow::Borrowed(&product.name),
        description: Cow::Borrowed(&product.description),
        price_range: price_range(product, currency),
        deposit_amount: product
            .deposit
            .as_ref()
            .map(|deposit| numbers::major(Decimal::from(deposit.amount_minor), deposit.currency)),
        currency,
        billing_type: product.billing_type,
        features: product.marketing_features.iter().map(|line| Cow::Borrowed(line.as_str())).collect(),
        metadata: product.metadata.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), metadata(value))).collect(),
        active: product.active,
    }
}

/// Lowest and highest plain amount in the product's currency, of what is sold or would be.
fn price_range(product: &Product, currency: Currency) -> Option<PriceRange<'static>> {
    let amounts = product
        .prices
        .iter()
        .filter(|price| price.grandfathered.is_none() && (price.active || !product.active))
        .filter_map(|price| price.amounts.first())
        .filter(|amount| amount.currency == currency)
        .filter_map(|amount| amount.unit_amount);
    let (min, max) = amounts.fold(None, |range: Option<(Decimal, Decimal)>, amount| {
        Some(range.map_or((amount, amount), |(min, max)| (min.min(amount), max.max(amount))))
    })?;
    Some(PriceRange { min: numbers::major(min, currency), max: numbers::major(max, currency) })
}

fn metadata(value: &Value) -> MetadataValue<'_> {
    match value {
        Value::Boolean(truth) => MetadataValue::Boolean(*truth),
        Value::Integer(number) => MetadataValue::Integer(*number),
        Value::Text(text) => MetadataValue::Text(Cow::Borrowed(text)),
        Value::Decimal(number) => MetadataValue::Text(Cow::Owned(number.to_string())),
        Value::List(texts) => MetadataValue::Text(Cow::Owned(texts.join(", "))),
    }
}
