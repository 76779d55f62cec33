//! The schema that the catalog declares against the one that its migrations lead to.

use super::context::Context;
use super::unsaid_renames::{UnsaidRename, unsaid_renames};
use crate::diagnostic::Diagnostic;
use crate::lock::Lock;
use crate::migrate::{Step, diff, own_schema};
use crate::source::Span;

/// Every change of the schema has its migration. All changes together are one report: one command mends them. What probably
/// only has another name comes first, for a migration without `was:` would lose what it holds.
pub(super) fn the_schema_is_migrated(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lock) = context.lock else { return };
    let steps = diff(&lock.schema, &own_schema(context.catalog()));
    let renames = unsaid_renames(context, lock, &steps);
    let is_paired = |at: &usize| renames.iter().any(|rename| rename.steps.contains(at));
    let rest =
        (0..steps.len()).filter(|at| !is_paired(at)).map(|at| (steps[at].describe(), place(context, lock, &steps[at])));
    let paired = renames.iter().map(|rename| {
        let words = rename.steps.map(|at| steps[at].describe()).join(", ");
        (words, Place { span: rename.span, label: format!("is this what `{}` was?", rename.was) })
    });
    let mut changes = paired.chain(rest);
    let Some((words, Place { span, label })) = changes.next() else { return };
    let diagnostic =
        Diagnostic::error("schema-not-migrated", span, format!("no migration says so: {words}")).label(label);
    let diagnostic = changes.fold(diagnostic, |diagnostic, (words, Place { span, label })| {
        diagnostic.also(span, if label.is_empty() { words } else { format!("{words} ({label})") })
    });
    let diagnostic = renames.iter().fold(diagnostic, |diagnostic, UnsaidRename { was, now, .. }| {
        diagnostic.help(format!("if `{now}` is only another name for `{was}`, say so there: `was: {was}`"))
    });
    let drops = steps.iter().any(|step| matches!(step, Step::DropTable { .. } | Step::DropColumn { .. }));
    found.push(diagnostic.help(match drops {
        true => {
            "write the migration and review it: `cargo catalog migrate NAME`; what only has another name now says `was:` with \
             the former one before that, or what it held is lost"
        }
        false => "write the migration and review it: `cargo catalog migrate NAME`",
    }));
}

struct Place {
    span: Span,
    /// What it has to do with the step, where it is not what the step is about.
    label: String,
}

/// The column or else the table that a step is about; of a table that is gone the one beside which it stood.
fn place(context: &Context<'_>, lock: &Lock, step: &Step) -> Place {
    let Some(table) = context.table(step.table()) else { return beside(context, lock, step.table()) };
    let column = match step {
        Step::AddColumn { column, .. } | Step::ChangeColumn { to: column, .. } => table.column(&column.name),
        Step::RenameColumn { to, .. } => table.column(to),
        _ => None,
    };
    Place { span: column.map_or(table.span, |column| column.span), label: String::new() }
}

/// The nearest table before one that is gone, or else behind it, or else the catalog's first line.
fn beside(context: &Context<'_>, lock: &Lock, gone: &str) -> Place {
    let tables = &lock.schema.tables;
    let at = tables.iter().position(|table| table.name == gone).unwrap_or_default();
    let (before, behind) = tables.split_at(at);
    let there = |name: &str| context.table(name).filter(|table| !table.base).map(|table| table.span);
    let before = before.iter().rev().find_map(|table| there(&table.name)).map(|span| (span, "behind"));
    match before.or_else(|| Some((behind.iter().find_map(|table| there(&table.name))?, "before"))) {
        Some((span, side)) => Place { span, label: format!("it stood {side} this one") },
        None => {
            let span = context.declared.catalog.as_ref().map_or_else(Span::default, |catalog| catalog.span);
            Place { span, label: String::new() }
        }
    }
}
