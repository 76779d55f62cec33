//! How one schema becomes another: ordered typed steps, the hazards among them, and what is left afterwards.
//!
//! `apply(diff(a, b), a) == b` in the terms of [`Shape`], and `diff(a, a)` is empty.

mod apply;
mod diff;
mod hazard;
mod keys;
mod order;
mod shape;
mod step;

pub use apply::{apply, apply_step};
pub use diff::diff;
pub use hazard::{Hazard, hazards};
pub(crate) use keys::is_same_source;
pub use keys::keep_key_sources;
pub(crate) use order::{before, column_before};
pub use order::{creation_order, keep_column_order, with_column_order};
pub use shape::{ColumnShape, Shape, TableShape, Type};
pub use step::Step;

use crate::catalog::Catalog;
use crate::lock::Schema;

/// The schema of the tables that a catalog migrates itself, with the enums that they use.
pub fn own_schema(catalog: &Catalog) -> Schema {
    schema(catalog, false)
}

/// The schema of the base's tables, which are migrated on their own.
pub fn base_schema(catalog: &Catalog) -> Schema {
    schema(catalog, true)
}

fn schema(catalog: &Catalog, base: bool) -> Schema {
    let tables: Vec<_> = catalog.tables.iter().filter(|table| table.base == base).cloned().collect();
    let used = |name: &str| {
        let columns = tables.iter().flat_map(|table| &table.columns);
        columns.filter_map(|column| column.ty.enum_name()).any(|used| used == name)
    };
    let enums = catalog.enums.iter().filter(|declared| used(&declared.name)).cloned().collect();
    Schema { enums, tables: creation_order(tables) }
}
