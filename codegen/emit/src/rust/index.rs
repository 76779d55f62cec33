//! `catalog.index`: every id of the catalog and the Rust path that it has, for `item!`.

use std::fmt::Write;

use super::item::ItemEnum;
use super::lookup::Items;

/// Lines of `kind<TAB>id<TAB>path`, in the order of the catalog.
pub(super) fn index(items: &Items<'_>) -> String {
    let mut lines = String::new();
    for ItemEnum { what, name, variants, .. } in items.kinds.iter().chain([&items.prices, &items.features]) {
        for variant in variants {
            writeln!(lines, "{what}\t{}\t{name}::{}", variant.id, variant.name).expect("writing to a String succeeds");
        }
    }
    lines
}
