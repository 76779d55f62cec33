//! Rows of kinds' tables under keys that no product has any more: a name in the key was changed, or its product is sold no more.

use std::collections::HashSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, FormerKey};
use pricebook_model::schema::{Column, ColumnType, Table};
use pricebook_types::Dialect;

use super::ddl::quote;
use super::rows::{Cell, RowText};
use super::surplus::{Ended, Surplus, lists};

/// The former keys of one table.
pub(super) struct FormerKeys<'a> {
    table: &'a Table,
    /// The column that says whether a row is for sale.
    active: &'a str,
    /// The column of the key.
    column: &'a Column,
    keys: Vec<&'a str>,
    /// The keys that products have now.
    now: Vec<String>,
}

/// Those of every kind whose table says what is for sale.
pub(super) fn former_keys(catalog: &Catalog) -> Vec<FormerKeys<'_>> {
    if catalog.former_keys.is_empty() {
        return Vec::new();
    }
    let ended = Ended::of(catalog);
    let of_kind = catalog.kinds.iter().filter_map(|kind| {
        let table = catalog.table_of(kind)?;
        let (column, _) = kind.key_column(table)?;
        let named = |wanted: &ColumnSource| kind.sources.iter().position(|source| source == wanted);
        let active = &table.columns[named(&ColumnSource::Active)?].name;
        // Where the table has the ids of products, rows of those that are sold no more are found by them.
        let found_by_id: HashSet<&str> = match named(&ColumnSource::Id) {
            Some(_) => ended.ids(&kind.id).iter().copied().collect(),
            None => HashSet::new(),
        };
        let is_of_it = |key: &&FormerKey| key.kind == kind.id && !found_by_id.contains(key.id.as_str());
        let keys: Vec<_> = catalog.former_keys.iter().filter(is_of_it).map(|key| key.value.as_str()).collect();
        let now = catalog.row_keys().filter(|(product, _)| product.kind == kind.id).map(|(_, value)| value);
        (!keys.is_empty()).then(|| FormerKeys { table, active, column, keys, now: now.collect() })
    });
    of_kind.collect()
}

impl<'a> FormerKeys<'a> {
    /// Conditions that are each small enough for a statement.
    pub(super) fn surplus(&self, dialect: Dialect) -> Vec<Surplus<'a>> {
        let now: HashSet<&str> = self.now.iter().map(|value| compared(dialect, value)).collect();
        let gone = self.keys.iter().filter(|value| !now.contains(compared(dialect, value)));
        let literals = lists(gone.map(|value| {
            let mut text = String::new();
            cell(value, &self.column.ty).write(&mut text, dialect, &self.column.ty);
            text
        }));
        let surplus = |list| Surplus {
            table: self.table,
            condition: format!("{} IN ({list})", quote(dialect, &self.column.name)),
            active: Some(self.active.to_owned()),
            values: Vec::new(),
        };
        literals.into_iter().map(surplus).collect()
    }

    /// Whether a sync takes the row from sale.
    pub(super) fn end(&self, row: &RowText) -> bool {
        self.table.name == row.table
            && row.value(self.active) != Some("false")
            && row.value(&self.column.name).is_some_and(|value| self.keys.contains(&value))
    }
}

/// A key as a database compares it: MySQL takes texts for equal that differ in blanks at their end, so that the row of a former
/// one may be that of today's.
fn compared(dialect: Dialect, value: &str) -> &str {
    if dialect == Dialect::Mysql { value.trim_end_matches(' ') } else { value }
}

/// A value of the lock as its column holds it.
fn cell<'v>(value: &'v str, ty: &ColumnType) -> Cell<'v> {
    match ty {
        ColumnType::Integer => value.parse().map_or(Cell::text(value), Cell::Integer),
        ColumnType::Boolean => value.parse().map_or(Cell::text(value), Cell::Boolean),
        ColumnType::Decimal { .. } => Cell::Decimal(value.to_owned()),
        _ => Cell::text(value),
    }
}
