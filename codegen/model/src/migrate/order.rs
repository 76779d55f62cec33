//! The order of tables and columns.

use crate::catalog::Catalog;
use crate::lock::Schema;
use crate::schema::{Column, Table};

/// Tables in an order in which they can be created: after those that they refer to, otherwise as they come.
///
/// Where references go in a circle, the first table of the circle comes first.
pub fn creation_order(tables: Vec<Table>) -> Vec<Table> {
    let mut placed = vec![false; tables.len()];
    let mut order = Vec::with_capacity(tables.len());
    for index in 0..tables.len() {
        place(index, &tables, &mut placed, &mut order);
    }
    let mut tables: Vec<_> = tables.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| tables[index].take()).collect()
}

fn place(index: usize, tables: &[Table], placed: &mut [bool], order: &mut Vec<usize>) {
    if std::mem::replace(&mut placed[index], true) {
        return;
    }
    for foreign_key in &tables[index].foreign_keys {
        if let Some(target) = tables.iter().position(|table| table.name == foreign_key.table) {
            place(target, tables, placed, order);
        }
    }
    order.push(index);
}

/// Puts the columns of tables that were migrated before into the order that they have in databases: those of the lock
/// first, in its order, then the new ones. A database appends columns; nothing else can be the same everywhere.
pub fn keep_column_order(catalog: &mut Catalog, locked: &Schema) {
    let orders = column_orders(&catalog.tables, locked);
    for kind in &mut catalog.kinds {
        if let Some(at) = catalog.tables.iter().position(|table| table.name == kind.table) {
            kind.sources = orders[at].iter().filter_map(|&column| kind.sources.get(column).cloned()).collect();
        }
    }
    reorder(&mut catalog.tables, &orders);
}

/// The same for a schema.
#[must_use]
pub fn with_column_order(mut schema: Schema, locked: &Schema) -> Schema {
    let orders = column_orders(&schema.tables, locked);
    reorder(&mut schema.tables, &orders);
    schema
}

fn reorder(tables: &mut [Table], orders: &[Vec<usize>]) {
    for (table, order) in tables.iter_mut().zip(orders) {
        table.columns = order.iter().map(|&at| table.columns[at].clone()).collect();
    }
}

/// The positions of every table's columns in the order of the lock.
fn column_orders(tables: &[Table], locked: &Schema) -> Vec<Vec<usize>> {
    tables.iter().map(|table| column_order(table, before(table, &locked.tables, tables))).collect()
}

fn column_order(table: &Table, before: Option<&Table>) -> Vec<usize> {
    let rank = |column: &Column| {
        let before = before?;
        let name = &column_before(column, &before.columns, &table.columns)?.name;
        before.columns.iter().position(|before| &before.name == name)
    };
    let mut order: Vec<_> = (0..table.columns.len()).collect();
    order.sort_by_key(|&at| rank(&table.columns[at]).unwrap_or(usize::MAX));
    order
}

/// The table that `table` was: the one of its name, or the one that it was renamed from, if that name is free now.
pub(crate) fn before<'a>(table: &Table, from: &'a [Table], to: &[Table]) -> Option<&'a Table> {
    let find = |name: &str| from.iter().find(|before| before.name == name);
    find(&table.name).or_else(|| {
        let was = table.was.as_deref()?;
        let claimant = to.iter().find(|other| other.was.as_deref() == Some(was) && find(&other.name).is_none())?;
        let is_free = to.iter().all(|other| other.name != was);
        (is_free && claimant.name == table.name).then(|| find(was))?
    })
}

/// The column that `column` was, by the same rule.
pub(crate) fn column_before<'a>(column: &Column, from: &'a [Column], to: &[Column]) -> Option<&'a Column> {
    let find = |name: &str| from.iter().find(|before| before.name == name);
    find(&column.name).or_else(|| {
        let was = column.was.as_deref()?;
        let claimant = to.iter().find(|other| other.was.as_deref() == Some(was) && find(&other.name).is_none())?;
        let is_free = to.iter().all(|other| other.name != was);
        (is_free && claimant.name == column.name).then(|| find(was))?
    })
}
