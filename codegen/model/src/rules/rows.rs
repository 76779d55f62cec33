//! How long the rows of a table may be.

use super::context::Context;
use super::foreign_keys::describe;
use super::tables::{Column, Table};
use crate::diagnostic::Diagnostic;
use crate::limits::RowLimit;
use crate::schema::ColumnType;

/// Every target can create every table.
pub(super) fn rows_fit_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (target, ways) in context.limits.iter().map(|limits| (limits.target, limits.rows)) {
        for table in &context.tables {
            let mut counted = ways.iter().map(|limit| (limit, row_bytes(context, table, limit)));
            let Some((limit, bytes)) = counted.find(|(limit, bytes)| *bytes > limit.max_bytes) else {
                continue;
            };
            let message = format!("a row of `{}` may take {bytes} bytes in {target}", table.name);
            let diagnostic = Diagnostic::error("row-too-long", table.span, message)
                .label(format!("at most {} bytes in all columns", limit.max_bytes));
            let longest = table.columns.iter().max_by_key(|column| column_bytes(context, column, limit));
            found.push(
                longest
                    .iter()
                    .fold(diagnostic, |diagnostic, column| {
                        let taken = column_bytes(context, column, limit);
                        diagnostic.also(column.ty_span, format!("{} takes {taken} of them", describe(column.ty)))
                    })
                    .help(limit.advice),
            );
        }
    }
}

fn row_bytes(context: &Context<'_>, table: &Table<'_>, limit: &RowLimit) -> u64 {
    let columns: u64 = table.columns.iter().map(|column| column_bytes(context, column, limit)).sum();
    let nullable = table.columns.iter().filter(|column| column.nullable).count() as u64;
    limit.own_bytes + columns + nullable.div_ceil(limit.nullable_columns_per_byte)
}

fn column_bytes(context: &Context<'_>, column: &Column<'_>, limit: &RowLimit) -> u64 {
    let values = match column.ty {
        ColumnType::Enum(name) => context.enumeration(name).and_then(|item| item.body.as_ref()),
        _ => None,
    };
    (limit.column_bytes)(column.ty, values.map_or(0, |body| body.values.len()))
}
