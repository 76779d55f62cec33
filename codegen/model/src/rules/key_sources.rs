//! What the keys of rows are made of: something that names a product, and always the same, for a sync finds its rows by them.

use super::context::Context;
use super::tables;
use crate::catalog::ColumnSource;
use crate::diagnostic::Diagnostic;
use crate::lock::Lock;
use crate::migrate::{before, column_before, is_same_source};
use crate::schema::{Column, Table};
use crate::source::Span;

/// No column of a key is from an amount or a state of products, which change by themselves while the product stays the same.
pub(super) fn keys_name_products(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for kind in &context.catalog().kinds {
        let Some(table) = context.table(&kind.table) else { continue };
        for (column, _) in table.meant().columns.iter().zip(&kind.sources).filter(|(_, source)| changes(source)) {
            let Some(column) = table.column(&column.name).filter(|column| column.key) else { continue };
            let Some(from) = column.decl.and_then(|decl| decl.from.as_ref()) else { continue };
            let message = format!(
                "the key `{}` of `{}` is the `{}` of products, which changes",
                column.name, table.name, from.value
            );
            found.push(
                Diagnostic::error("key-of-changing-value", from.span, message)
                    .label("names no product")
                    .help("make the key of what a product keeps: `from: id`, or an attribute such as its code"),
            );
        }
    }
}

/// Whether a source is about what a product costs or whether it is on sale.
fn changes(source: &ColumnSource) -> bool {
    source.is_amount() || matches!(source, ColumnSource::Active | ColumnSource::ComingSoon)
}

/// Whether such a column is reported as one that names no product.
pub(super) fn is_refused(column: &tables::Column<'_>, source: &ColumnSource) -> bool {
    column.key && changes(source)
}

/// A column of a key gets its values from what it got them from when something of the kind was recorded.
pub(super) fn keys_stay_what_they_were(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lock) = context.lock else { return };
    for kind in &context.catalog().kinds {
        let Some(table) = context.table(&kind.table).filter(|_| was_synced(lock, &kind.id)) else { continue };
        let Some(locked) = before(table.meant(), &lock.schema.tables, &context.catalog().tables) else { continue };
        for column in &table.meant().columns {
            let Some((was, now)) = sources(locked, table.meant(), column) else { continue };
            if !is_same_source(kind, was, now) {
                let span = table.column(&column.name).map_or(table.span, |column| {
                    column.decl.and_then(|decl| decl.from.as_ref()).map_or(column.span, |from| from.span)
                });
                found.push(of_another(&table.meant().name, &column.name, span, was, now));
            }
        }
    }
}

/// Whether a sync can have written rows of the kind.
fn was_synced(lock: &Lock, kind: &str) -> bool {
    lock.items.iter().any(|item| item.what == kind)
}

/// What the values of a column of the key were and are, where both are known.
fn sources<'a>(locked: &'a Table, table: &Table, column: &'a Column) -> Option<(&'a str, &'a str)> {
    let was = column_before(column, &locked.columns, &table.columns)?;
    was.from.as_deref().zip(column.from.as_deref())
}

fn of_another(table: &str, column: &str, span: Span, was: &str, now: &str) -> Diagnostic {
    let message = format!("the key `{column}` of `{table}` was the `{was}` of products, and is their `{now}`");
    Diagnostic::error("key-of-another-source", span, message)
        .label(format!("`{was}` in the lock"))
        .help(format!("write `from: {was}`, and give `{now}` a column of its own"))
        .help(
            "if other keys are meant, let the kind have another table: change `name:` below `table:`; the rows of this one \
             cannot be found under other keys, and would stay on sale",
        )
}
