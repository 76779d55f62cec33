//! The rows of a kind's own table: each column from what the kind says.

use pricebook_model::Catalog;
use pricebook_model::catalog::{AmountUnit, ColumnSource, Grant, Kind, Offer, Product, Value};
use pricebook_model::schema::{Column, ColumnType};
use pricebook_types::{Currency, Limit};
use rust_decimal::Decimal;

use super::{Cell, Row, Rows};

pub(super) fn rows<'a>(catalog: &'a Catalog, kind: &'a Kind) -> Option<Rows<'a>> {
    let table = catalog.tables.iter().find(|table| table.name == kind.table)?;
    let written: Vec<_> =
        table.columns.iter().zip(&kind.sources).filter(|(_, source)| **source != ColumnSource::Default).collect();
    let row = |product: &'a Product| {
        let offers = product.offers();
        let cell = |source| cell(kind, product, &offers, source);
        Row {
            comment: product.name.clone(),
            cells: written.iter().map(|(column, source)| filled(cell(source), column)).collect(),
        }
    };
    let rows = catalog.products_of(&kind.id).map(row).collect();
    Some(Rows { table, columns: written.iter().map(|(column, _)| *column).collect(), rows })
}

/// As the column holds it: a text that is not there is empty where NULL is not allowed, and a truth is a number among numbers.
fn filled<'a>(cell: Cell<'a>, column: &Column) -> Cell<'a> {
    match (&cell, &column.ty) {
        (Cell::Boolean(truth), ColumnType::Integer) => Cell::Integer(i64::from(*truth)),
        (Cell::Null, ColumnType::Text { .. }) if !column.nullable => Cell::text(""),
        _ => cell,
    }
}

fn cell<'a>(kind: &Kind, product: &'a Product, offers: &[Offer<'a>], source: &ColumnSource) -> Cell<'a> {
    let amount = |of: fn(&Offer<'_>) -> Option<i64>| amount(kind.amounts, product.currency(), offers, of);
    match source {
        ColumnSource::Id => Cell::text(&product.id),
        ColumnSource::Name => Cell::text(&product.name),
        ColumnSource::Description => Cell::optional(Some(product.description.as_str()).filter(|text| !text.is_empty())),
        ColumnSource::LocalId => Cell::text(&product.local_id),
        ColumnSource::PriceMin => amount(|offer| Some(offer.range_minor?.0)),
        ColumnSource::PriceMax => amount(|offer| Some(offer.range_minor?.1)),
        ColumnSource::PriceCurrency => Cell::optional(product.currency().map(Currency::code)),
        ColumnSource::DepositAmount => amount(|offer| offer.deposit_minor),
        ColumnSource::BillingType => Cell::text(product.billing_type.as_str()),
        ColumnSource::Metadata => Cell::made(metadata(product)),
        ColumnSource::Features => Cell::made(features(&product.grants)),
        ColumnSource::Active => Cell::Boolean(product.active),
        ColumnSource::ComingSoon => Cell::Boolean(product.coming_soon),
        ColumnSource::Attribute(id) => product.attribute(id).map_or(Cell::Null, value),
        ColumnSource::Default => Cell::Null,
    }
}

/// An amount of each offer, as the database is to hold it on each day.
fn amount<'a>(
    unit: AmountUnit,
    currency: Option<Currency>,
    offers: &[Offer<'a>],
    of: impl Fn(&Offer<'_>) -> Option<i64>,
) -> Cell<'a> {
    let cell = |offer| Cell::decimal(of(offer).zip(currency).map(|(minor, currency)| in_unit(unit, minor, currency)));
    let changes = offers.iter().filter_map(|offer| Some((offer.on?, cell(offer))));
    Cell::dated(offers.first().map_or(Cell::Null, cell), changes)
}

fn in_unit(unit: AmountUnit, minor: i64, currency: Currency) -> Decimal {
    match unit {
        AmountUnit::Minor => Decimal::from(minor),
        AmountUnit::Major => Decimal::new(minor, currency.minor_digits()),
    }
}

fn value(value: &Value) -> Cell<'_> {
    match value {
        Value::Text(text) => Cell::text(text),
        Value::Integer(number) => Cell::Integer(*number),
        Value::Decimal(decimal) => Cell::decimal(Some(*decimal)),
        Value::Boolean(value) => Cell::Boolean(*value),
        Value::List(texts) => Cell::made(serde_json::json!(texts).to_string()),
    }
}

/// `{"features": [marketing features], ...metadata}` in the order of the catalog.
fn metadata(product: &Product) -> String {
    let features = ("features", serde_json::json!(product.marketing_features));
    let metadata = product.metadata.iter().map(|(key, value)| (key.as_str(), json(value)));
    object(std::iter::once(features).chain(metadata))
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => serde_json::json!(text),
        Value::Integer(number) => serde_json::json!(number),
        // As text: a JSON number is a float to most readers.
        Value::Decimal(decimal) => serde_json::json!(decimal.normalize().to_string()),
        Value::Boolean(value) => serde_json::json!(value),
        Value::List(texts) => serde_json::json!(texts),
    }
}

/// Feature id to `true`, a number or `"unlimited"`.
fn features(grants: &[Grant]) -> String {
    let limit = |limit: Limit| match limit {
        Limit::Off => serde_json::json!(false),
        Limit::On => serde_json::json!(true),
        Limit::AtMost(most) => serde_json::json!(most),
        Limit::Unlimited => serde_json::json!("unlimited"),
    };
    object(grants.iter().map(|grant| (grant.feature.as_str(), limit(grant.limit))))
}

/// A JSON object that keeps the order of its keys.
fn object<'a>(entries: impl Iterator<Item = (&'a str, serde_json::Value)>) -> String {
    let entries: Vec<_> = entries.map(|(key, value)| format!("{}: {value}", serde_json::json!(key))).collect();
    format!("{{{}}}", entries.join(", "))
}
