//! The schema that the catalog declares against the one that its migrations lead to.

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::migrate::{Step, diff, own_schema};
use crate::source::Span;

/// Every change of the schema has its migration. All changes together are one report: one command mends them.
pub(super) fn the_schema_is_migrated(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lock) = context.lock else { return };
    let steps = diff(&lock.schema, &own_schema(context.catalog()));
    let Some((first, others)) = steps.split_first() else { return };
    let message = format!("no migration says so: {}", first.describe());
    let diagnostic = Diagnostic::error("schema-not-migrated", place(context, first), message);
    let diagnostic =
        others.iter().fold(diagnostic, |diagnostic, step| diagnostic.also(place(context, step), step.describe()));
    let drops = steps.iter().any(|step| matches!(step, Step::DropTable { .. } | Step::DropColumn { .. }));
    found.push(diagnostic.help(match drops {
        true => {
            "write the migration and review it: `cargo catalog migrate NAME`; what only has another name now says `was:` with \
             the former one before that, or what it held is lost"
        }
        false => "write the migration and review it: `cargo catalog migrate NAME`",
    }));
}

/// The column or else the table that a step is about, or else the catalog's first line.
fn place(context: &Context<'_>, step: &Step) -> Span {
    let Some(table) = context.table(step.table()) else {
        return context.declared.catalog.as_ref().map_or_else(Span::default, |catalog| catalog.span);
    };
    let column = match step {
        Step::AddColumn { column, .. } | Step::ChangeColumn { to: column, .. } => table.column(&column.name),
        Step::RenameColumn { to, .. } => table.column(to),
        _ => None,
    };
    column.map_or(table.span, |column| column.span)
}
