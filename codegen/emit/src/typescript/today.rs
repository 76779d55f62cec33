//! Fields that follow announced changes: a literal where nothing is announced, otherwise a getter that looks at the day.

use pricebook_model::catalog::Product;

use super::literal::{Object, list, object, string};
use super::module::Module;

/// Adds a field with what stands before any announced change, and what stands from each day on.
pub(super) fn field<'a>(
    out: &mut Object,
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

/// Imports what the getters call, where one of these products has any.
pub(super) fn import<'a>(module: &mut Module, products: impl IntoIterator<Item = &'a Product>) {
    if products.into_iter().any(|product| product.announced().next().is_some()) {
        module.import_values(&["valueToday"], "../days.js");
    }
}
