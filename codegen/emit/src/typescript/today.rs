//! Fields that follow announced changes: a literal where nothing is announced, otherwise a getter that looks at the day.

use pricebook_model::catalog::Product;
use pricebook_types::Currency;

use super::amounts::Form;
use super::literal::{Object, list, object, string};
use super::module::Module;

/// Adds a field with what stands before any announced change, and what stands from each day on.
pub(super) fn field<'a>(
    out: &mut Object<'_>,
    name: &str,
    before: &str,
    changes: impl IntoIterator<Item = (&'a str, String)>,
) {
    let changes: Vec<_> =
        changes.into_iter().map(|(on, value)| object([("on", string(on)), ("value", value)])).collect();
    match changes.as_slice() {
        [] => out.field(name, before),
        _ => out.getter(name, &format!("valueToday({before}, {})", list(changes))),
    };
}

/// The same for an amount in one currency, in minor units.
pub(super) fn money<'a>(
    out: &mut Object<'_>,
    name: &str,
    before: (i64, Currency),
    changes: impl IntoIterator<Item = (&'a str, i64)>,
) {
    let (minor, currency) = before;
    let changes: Vec<_> =
        changes.into_iter().map(|(on, minor)| object([("on", string(on)), ("value", minor.to_string())])).collect();
    let currency = string(currency.code());
    match changes.as_slice() {
        [] => out.field(name, &object([("minor", minor.to_string()), ("currency", currency)])),
        _ => out.getter(name, &format!("moneyToday({currency}, {minor}, {})", list(changes))),
    };
}

/// Imports what the getters of prices call, where one of these products has any.
pub(super) fn import_of_prices(module: &mut Module, products: &[&Product]) {
    let changing = || products.iter().flat_map(|product| &product.prices).filter(|price| !price.changes.is_empty());
    let deposits = products.iter().filter_map(|product| product.deposit.as_ref());
    let has_money = changing().any(|price| Form::of(price) == Form::Unit)
        || deposits.into_iter().any(|deposit| !deposit.changes.is_empty());
    if changing().next().is_some() {
        let names: &[&str] = if has_money { &["moneyToday", "valueToday"] } else { &["valueToday"] };
        module.import_values(names, "../days.js");
    }
}

/// Imports what the getters of configurations call, where one of these products has any.
pub(super) fn import<'a>(module: &mut Module, products: impl IntoIterator<Item = &'a Product>) {
    if products.into_iter().any(|product| product.announced().next().is_some()) {
        module.import_values(&["valueToday"], "../days.js");
    }
}
