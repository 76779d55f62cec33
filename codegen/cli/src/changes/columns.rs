//! Columns of amounts that get their values from something else: what stands in the product's row before and after.

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, Kind, Offer, Product, Value};
use rust_decimal::Decimal;

use super::value::text;
use super::{Amount, What, attributes};

/// What a product's row holds of amounts only because its columns have other sources.
pub(super) fn amounts(old: &Catalog, new: &Catalog, from: &Product, to: &Product) -> Vec<What> {
    let (Some(before), Some(now)) = (old.kind(&from.kind), new.kind(&to.kind)) else { return Vec::new() };
    let former: Vec<_> = sources(old, before).collect();
    let mut found = Vec::new();
    for (column, source) in sources(new, now) {
        let Some((_, was)) = former.iter().find(|(known, _)| *known == column) else { continue };
        let is_renamed = match (was, source) {
            (ColumnSource::Attribute(was), ColumnSource::Attribute(id)) => attributes::today(new, &to.kind, was) == id,
            _ => *was == source,
        };
        let (from, to) = (held(from, was), held(to, source));
        if !is_renamed && (was.is_amount() || source.is_amount()) && from != to {
            found.push(What::ColumnAmount { column: format!("{}.{column}", now.table), from, to });
        }
    }
    found
}

/// The columns of a kind's table, each with where it gets its values.
fn sources<'a>(catalog: &'a Catalog, kind: &'a Kind) -> impl Iterator<Item = (&'a str, &'a ColumnSource)> {
    let table = catalog.tables.iter().find(|table| table.name == kind.table);
    let columns = table.into_iter().flat_map(|table| &table.columns);
    columns.map(|column| column.name.as_str()).zip(&kind.sources)
}

/// `1495.00 USD; from 2027-01-01 1595.00 USD`, or the value of an attribute.
fn held(product: &Product, source: &ColumnSource) -> String {
    let of: fn(&Offer<'_>) -> Option<i64> = match source {
        ColumnSource::PriceMin => |offer| Some(offer.range_minor?.0),
        ColumnSource::PriceMax => |offer| Some(offer.range_minor?.1),
        ColumnSource::DepositAmount => |offer| offer.deposit_minor,
        ColumnSource::Attribute(id) => {
            return match product.attribute(id) {
                Some(Value::Integer(number)) => number.to_string(),
                Some(value) => text(&serde_json::json!(value)),
                None => nothing(),
            };
        }
        ColumnSource::Default => return "what it holds".to_owned(),
        other => return text(&serde_json::json!(other)),
    };
    let shown = |minor: Option<i64>| {
        let amount = product.currency().zip(minor);
        amount.map_or_else(nothing, |(currency, minor)| Amount::new(Decimal::from(minor), currency).to_string())
    };
    let offers = product.offers();
    let mut last = offers.first().and_then(of);
    let mut words = shown(last);
    for offer in &offers[1..] {
        if of(offer) != last {
            last = of(offer);
            words.push_str(&format!("; from {} {}", offer.on.unwrap_or_default(), shown(last)));
        }
    }
    words
}

fn nothing() -> String {
    "nothing".to_owned()
}
