//! What the keys of rows are made of stays the same, for a sync finds its rows by them.

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::lock::Lock;
use crate::migrate::{before, column_before, is_same_source};
use crate::schema::{Column, Table};
use crate::source::Span;

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
