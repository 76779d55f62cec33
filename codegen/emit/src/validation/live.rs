//! What the live API must answer: every field of every product, in the names and units of the payment API: in major
//! units, whatever the kind's table holds.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::{AmountUnit, ColumnSource, Kind, Offer, Product, Value};
use pricebook_types::Currency;
use pricebook_types::validation::{
    LiveAmounts, LiveChange, LiveField, LiveItem, LiveKind, LiveTable, LiveUnit, MetadataValue, PriceRange,
};
use rust_decimal::Decimal;

use super::numbers;

pub(super) fn kind<'a>(catalog: &'a Catalog, kind: &'a Kind) -> LiveKind<'a> {
    LiveKind {
        kind: Cow::Borrowed(&kind.id),
        path: Cow::Owned(["/", &kind.plural].concat()),
        table: table(catalog, kind),
        amounts: LiveUnit::Major,
        items: catalog.products_of(&kind.id).map(|product| item(catalog, product)).collect(),
    }
}

fn table<'a>(catalog: &'a Catalog, kind: &'a Kind) -> LiveTable<'a> {
    let table = catalog.tables.iter().find(|table| table.name == kind.table);
    let columns = table.into_iter().flat_map(|table| &table.columns).zip(&kind.sources);
    LiveTable {
        name: Cow::Borrowed(&kind.table),
        amounts: match kind.amounts {
            AmountUnit::Major => LiveUnit::Major,
            AmountUnit::Minor => LiveUnit::Minor,
        },
        columns: columns.filter_map(|(column, source)| Some((field(source)?, Cow::Borrowed(&*column.name)))).collect(),
    }
}

fn field(source: &ColumnSource) -> Option<LiveField> {
    match source {
        ColumnSource::Id => Some(LiveField::Id),
        ColumnSource::Name => Some(LiveField::Name),
        ColumnSource::Description => Some(LiveField::Description),
        ColumnSource::PriceMin => Some(LiveField::PriceMin),
        ColumnSource::PriceMax => Some(LiveField::PriceMax),
        ColumnSource::DepositAmount => Some(LiveField::DepositAmount),
        ColumnSource::BillingType => Some(LiveField::BillingType),
        ColumnSource::Metadata => Some(LiveField::Metadata),
        ColumnSource::Active => Some(LiveField::Active),
        ColumnSource::LocalId
        | ColumnSource::PriceCurrency
        | ColumnSource::Features
        | ColumnSource::ComingSoon
        | ColumnSource::Attribute(_)
        | ColumnSource::Default => None,
    }
}

fn item<'a>(catalog: &Catalog, product: &'a Product) -> LiveItem<'a> {
    let currency = product.currency().unwrap_or(catalog.currency);
    let offers = product.offers();
    let change =
        |offer: &Offer<'a>| Some(LiveChange { on: Cow::Borrowed(offer.on?), amounts: amounts(offer, currency) });
    LiveItem {
        id: Cow::Borrowed(&product.id),
        name: Cow::Borrowed(&product.name),
        description: Cow::Borrowed(&product.description),
        amounts: amounts(&offers[0], currency),
        changes: offers.iter().filter_map(change).collect(),
        range_prices: product.range_prices().iter().map(|price| Cow::Borrowed(&*price.lookup_key)).collect(),
        currency,
        billing_type: product.billing_type,
        features: product.marketing_features.iter().map(|line| Cow::Borrowed(line.as_str())).collect(),
        metadata: product.metadata.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), metadata(value))).collect(),
        active: product.active,
    }
}

fn amounts(offer: &Offer<'_>, currency: Currency) -> LiveAmounts<'static> {
    let major = |minor: i64| numbers::major(Decimal::from(minor), currency);
    LiveAmounts {
        price_range: offer.range_minor.map(|(min, max)| PriceRange { min: major(min), max: major(max) }),
        deposit_amount: offer.deposit_minor.map(major),
    }
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
