//! How many columns and indexes a table may have.

use super::context::Context;
use super::keys::keys;
use crate::diagnostic::Diagnostic;
use crate::limits::TableLimit;

/// The strictest of the targets' limits.
fn strictest(context: &Context<'_>, of: fn(&TableLimit) -> Option<usize>) -> Option<(usize, &'static str, TableLimit)> {
    let limits = context.limits.iter().filter_map(|limits| Some((limits.target, limits.tables?)));
    let limits = limits.filter(|(_, limit)| (limit.holds)(context.catalog()));
    limits.filter_map(|(target, limit)| Some((of(&limit)?, target, limit))).min_by_key(|(most, ..)| *most)
}

/// A table has so many columns that every target can make it.
pub(super) fn tables_are_not_too_wide(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some((most, target, _)) = strictest(context, |limit| Some(limit.max_columns)) else { return };
    for table in context.tables.iter().filter(|table| table.columns.len() > most) {
        let message = format!("`{}` has {} columns, more than {target} takes", table.name, table.columns.len());
        found.push(Diagnostic::error("too-many-columns", table.span, message).label(format!("at most {most}")).help(
            "move columns into a table of their own, or what is only read together into one column of type `json`",
        ));
    }
}

/// A key, an index or a reference has so many columns that every target can keep it.
pub(super) fn keys_are_not_too_wide(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some((most, target, _)) = strictest(context, |limit| Some(limit.max_index_columns)) else { return };
    for (span, what, columns) in context.tables.iter().flat_map(keys).filter(|(.., columns)| columns.len() > most) {
        let message = format!("{what} of {} columns, more than {target} takes", columns.len());
        found.push(
            Diagnostic::error("too-many-columns", span, message)
                .label(format!("at most {most}"))
                .help("leave out those that tell no rows apart, or index a hash of them: a column of type `text(64)`"),
        );
    }
}

/// A table has so many indexes that every target can keep them.
pub(super) fn tables_have_not_too_many_indexes(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some((most, target, limit)) = strictest(context, |limit| limit.max_indexes) else { return };
    for table in &context.tables {
        let count = (limit.indexes)(table.meant());
        if count > most {
            let message = format!("`{}` has {count} keys and indexes, more than {target} takes", table.name);
            found.push(
                Diagnostic::error("too-many-indexes", table.span, message)
                    .label(format!("at most {most}, the primary key and those of references among them"))
                    .help("every write keeps all of them: remove those that no query needs"),
            );
        }
    }
}
