//! `catalog.index`: every id of the catalog and the Rust path that it has, for `item!`.

use std::fmt::Write;

use pricebook_model::Catalog;

use super::names;

/// Lines of `kind<TAB>id<TAB>path`, in the order of the catalog.
pub(super) fn index(catalog: &Catalog) -> String {
    let mut lines = String::new();
    let mut line = |kind: &str, id: &str, of: &str| {
        writeln!(lines, "{kind}\t{id}\t{of}::{}", names::upper_camel(id)).expect("writing to a String succeeds");
    };
    for product in &catalog.products {
        line(&product.kind, &product.id, &names::upper_camel(&product.kind));
    }
    for price in catalog.products.iter().flat_map(|product| &product.prices) {
        line("price", &price.lookup_key, "PriceId");
    }
    for feature in &catalog.features {
        line("feature", &feature.id, "Feature");
    }
    lines
}
