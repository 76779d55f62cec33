//! Rows of kinds' tables under keys that no product has any more: a name in the key was changed, or its product is sold no more.

use std::collections::HashSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, FormerKey};
use pricebook_model::schema::{Column, ColumnType, Table};
use pricebook_types::Dialect;

use super::ddl::quote;
use super::handed_on::handed_on;
use super::rows::{Cell, RowText};
use super::surplus::{Becomes, Ended, Surplus, lists};

/// The former keys of one table.
pub(super) struct FormerKeys<'a> {
    table: &'a Table,
    /// What becomes of the rows: they lose values that other rows may get, and are taken from sale.
    becomes: Vec<Becomes<'a>>,
    /// The column of the key.
    column: &'a Column,
    keys: Vec<&'a str>,
    /// The keys that products have now.
    now: Vec<String>,
}

/// Those of every kind.
pub(super) fn former_keys(catalog: &Catalog) -> Vec<FormerKeys<'_>> {
    if catalog.former_keys.is_empty() {
        return Vec::new();
    }
    let ended = Ended::of(catalog);
    let of_kind = catalog.kinds.iter().filter_map(|kind| {
        let table = catalog.table_of(kind)?;
        let (column, _) = kind.key_column(table)?;
        let named = |wanted: &ColumnSource| kind.sources.iter().position(|source| source == wanted);
        let active = named(&ColumnSource::Active).map(|at| Becomes::Inactive(&table.columns[at]));
        let becomes: Vec<_> = handed_on(table, kind).into_iter().map(Becomes::Without).chain(active).collect();
        // Where the table has the ids of products, rows of those that are sold no more are found by them.
        let found_by_id: HashSet<&str> = match named(&ColumnSource::Id) {
            Some(_) => ended.ids(&kind.id).iter().copied().collect(),
            None => HashSet::new(),
        };
        let is_of_it = |key: &&FormerKey| key.kind == kind.id && !found_by_id.contains(key.id.as_str());
        let keys: Vec<_> = catalog.former_keys.iter().filter(is_of_it).map(|key| key.value.as_str()).collect();
        let now = catalog.row_keys().filter(|(product, _)| product.kind == kind.id).map(|(_, value)| value);
        let has_any = !keys.is_empty() && !becomes.is_empty();
        has_any.then(|| FormerKeys { table, becomes, column, keys, now: now.collect() })
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
        let name = quote(dialect, &self.column.name);
        let surplus = |list: &String, becomes: &Becomes<'a>| Surplus {
            table: self.table,
            condition: format!("{name} IN ({list})"),
            becomes: *becomes,
            values: Vec::new(),
        };
        let of_list = |list| self.becomes.iter().map(move |becomes| surplus(list, becomes));
        literals.iter().flat_map(of_list).collect()
    }

    /// Whether a sync writes the row.
    pub(super) fn end(&self, row: &RowText) -> bool {
        self.table.name == row.table
            && self.becomes.iter().any(|becomes| becomes.is_to_be_made_of(row))
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
