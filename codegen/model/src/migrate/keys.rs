//! What the keys of kinds' tables are made of, from one migration to the next.

use super::order::{before, column_before};
use crate::catalog::{Attribute, Catalog, Kind};
use crate::lock::Schema;

/// Leaves the key columns of `to` what the lock says that they are: a migration changes no row's key.
pub fn keep_key_sources(to: &mut Schema, locked: &Schema, catalog: &Catalog) {
    let tables = to.tables.clone();
    for kind in &catalog.kinds {
        let Some(table) = to.tables.iter_mut().find(|table| table.name == kind.table) else { continue };
        let Some(before) = before(table, &locked.tables, &tables) else { continue };
        let columns = table.columns.clone();
        for column in &mut table.columns {
            let was = column_before(column, &before.columns, &columns).and_then(|before| before.from.as_deref());
            if let Some((now, was)) = column.from.as_deref().zip(was)
                && !is_same_source(kind, was, now)
            {
                column.from = Some(was.to_owned());
            }
        }
    }
}

/// Whether two sources of one column are the same, though an attribute may have another id.
pub(crate) fn is_same_source(kind: &Kind, was: &str, now: &str) -> bool {
    let is_renamed = |attribute: &Attribute| {
        now == format!("attribute.{}", attribute.id)
            && attribute.was.as_ref().is_some_and(|former| was == format!("attribute.{former}"))
    };
    was == now || kind.attributes.iter().any(is_renamed)
}
