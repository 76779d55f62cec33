//! `catalog.index`: every id of the catalog and the Rust path that it has, for `item!`.

use std::fmt::Write;

use pricebook_model::Catalog;

use super::{lookup, names};

/// Lines of `kind<TAB>id<TAB>path`, in the order of the catalog.
pub(super) fn index(catalog: &Catalog) -> String {
    let mut lines = String::new();
    let mut line = |kind: &str, id: &str, of: &str, name: &str| {
        writeln!(lines, "{kind}\t{id}\t{of}::{name}").expect("writing to a String succeeds");
    };
    for product in &catalog.products {
        line(&product.kind, &product.id, &names::upper_camel(&product.kind), &names::upper_camel(&product.id));
    }
    for price in lookup::price_variants(catalog) {
        line("price", price.id, "PriceId", &price.name);
    }
    for feature in &catalog.features {
        line("feature", &feature.id, "Feature", &names::upper_camel(&feature.id));
    }
    lines
}
