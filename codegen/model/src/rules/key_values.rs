//! What products bring to the columns of which every row has another value.

use std::collections::BTreeMap;

use super::context::{Context, Product};
use super::key_sources;
use super::tables::Column;
use crate::catalog::{AmountUnit, ColumnSource, Kind, Offer, StripeProductPer, Value};
use crate::diagnostic::Diagnostic;

/// No two products of a kind bring one value to its table's key, or to a column of which no two rows have the same.
/// Each value is reported once, and a source that is none for a key once in all.
pub(super) fn products_differ_in_the_keys_of_their_table(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for kind in &context.catalog().kinds {
        let Some(table) = context.table(&kind.table) else { continue };
        let sources = table.meant().columns.iter().zip(&kind.sources);
        for (name, source) in sources.map(|(column, source)| (&column.name, source)) {
            let Some(column) = table.column(name) else { continue };
            let is_refused = key_sources::is_refused(column, source);
            if table.is_unique(&[name.as_str()]) && !is_unique_itself(kind, source) && !is_refused {
                report_twins(context, kind, column, source, found);
            }
        }
    }
}

/// Equal ones of these are reported of their own.
fn is_unique_itself(kind: &Kind, source: &ColumnSource) -> bool {
    match source {
        ColumnSource::Id | ColumnSource::Default => true,
        ColumnSource::LocalId => kind.stripe_product_per == StripeProductPer::Product,
        _ => false,
    }
}

fn report_twins(
    context: &Context<'_>,
    kind: &Kind,
    column: &Column<'_>,
    source: &ColumnSource,
    found: &mut Vec<Diagnostic>,
) {
    let mut by_value: BTreeMap<String, Vec<Product<'_>>> = BTreeMap::new();
    for product in context.products.iter().filter(|product| product.meant.kind == kind.id) {
        for value in values(product, kind.amounts, source) {
            by_value.entry(value).or_default().push(*product);
        }
    }
    let repeated = by_value.into_iter().filter(|(_, twins)| twins.len() > 1);
    // What nobody wrote to tell products apart repeats by its nature: then the column's source is the one mistake.
    let written = matches!(source, ColumnSource::Name | ColumnSource::Description | ColumnSource::Attribute(_));
    for (value, twins) in repeated.take(if written { usize::MAX } else { 1 }) {
        let (first, second) = (twins[0].item.span(), twins[1].item.span());
        let has = match twins.len() {
            2 => "two products have".to_owned(),
            many => format!("{many} products have"),
        };
        let key = if column.key { "the table's key" } else { "unique" };
        let message = format!("{has} `{value}` in the column `{}`, which is {key}", column.name);
        found.push(
            Diagnostic::error("duplicate-key-value", second, message)
                .also(first, "the first")
                .also(column.span, "the column")
                .help("give each product a value of its own, or the column another `from:`, such as `id`"),
        );
    }
}

/// Every value that a product brings, today and from the days of announced changes on, as databases compare them; none
/// for NULL, which differs from itself.
pub(super) fn values(product: &Product<'_>, unit: AmountUnit, source: &ColumnSource) -> Vec<String> {
    let meant = product.meant;
    let amounts = |of: fn(&Offer<'_>) -> Option<i64>| {
        let digits = meant.currency().map_or(0, |currency| currency.minor_digits());
        let mut amounts: Vec<i64> = meant.offers().iter().filter_map(of).collect();
        amounts.sort_unstable();
        amounts.dedup();
        let written = amounts.into_iter().map(|minor| match unit {
            AmountUnit::Minor => minor.to_string(),
            AmountUnit::Major => rust_decimal::Decimal::new(minor, digits).normalize().to_string(),
        });
        written.collect()
    };
    match source {
        ColumnSource::Name => text(&meant.name),
        ColumnSource::Description if meant.description.is_empty() => Vec::new(),
        ColumnSource::Description => text(&meant.description),
        ColumnSource::LocalId => text(&meant.local_id),
        ColumnSource::PriceMin => amounts(|offer| Some(offer.range_minor?.0)),
        ColumnSource::PriceMax => amounts(|offer| Some(offer.range_minor?.1)),
        ColumnSource::DepositAmount => amounts(|offer| offer.deposit_minor),
        ColumnSource::PriceCurrency => {
            meant.currency().map(|currency| currency.code().to_owned()).into_iter().collect()
        }
        ColumnSource::BillingType => text(meant.billing_type.as_str()),
        ColumnSource::Active => text(if meant.active { "true" } else { "false" }),
        ColumnSource::ComingSoon => text(if meant.coming_soon { "true" } else { "false" }),
        ColumnSource::Attribute(id) => meant.attribute(id).map(of_attribute).unwrap_or_default(),
        // JSON is in no key.
        ColumnSource::Metadata | ColumnSource::Features | ColumnSource::Id | ColumnSource::Default => Vec::new(),
    }
}

fn of_attribute(value: &Value) -> Vec<String> {
    match value {
        Value::Text(value) => text(value),
        Value::Integer(number) => vec![number.to_string()],
        Value::Decimal(number) => vec![number.normalize().to_string()],
        Value::Boolean(value) => vec![value.to_string()],
        Value::List(_) => Vec::new(),
    }
}

/// MySQL and MariaDB take texts for equal that differ in spaces at their end.
fn text(text: &str) -> Vec<String> {
    vec![text.trim_end_matches(' ').to_owned()]
}
