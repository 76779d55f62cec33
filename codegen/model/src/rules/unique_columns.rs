//! Columns of kinds' tables of which no two rows have the same, over time: products swap names, and leave theirs to others.

use super::context::Context;
use super::foreign_keys::describe;
use super::tables::Column;
use crate::catalog::ColumnSource;
use crate::diagnostic::Diagnostic;

/// The columns of kinds' tables that must be unique by themselves, with their sources.
fn unique<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (&'a Column<'a>, &'a ColumnSource)> {
    // A kind's table that is called like one of the base's is reported as such.
    let own = |name: &str| context.table(name).filter(|table| !table.base);
    let kinds = context.catalog().kinds.iter();
    kinds.filter_map(move |kind| Some((kind, own(&kind.table)?))).flat_map(|(kind, table)| {
        let columns = table.meant().columns.iter().zip(&kind.sources);
        let columns = columns.filter_map(|(column, source)| Some((table.column(&column.name)?, source)));
        columns.filter(|(column, _)| table.is_unique(&[column.name]))
    })
}

/// A unique column can be NULL: a sync takes the value from the rows that are to lose it before it gives it to others.
pub(super) fn unique_values_can_be_handed_on(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let filled = unique(context).filter(|(column, source)| column.unique && **source != ColumnSource::Default);
    for (column, _) in filled.filter(|(column, _)| !column.nullable) {
        let message =
            format!("no row can give up its value of `{}` to another, as the column allows no NULL", column.name);
        let diagnostic = Diagnostic::error("unique-without-null", column.ty_span, message);
        found.push(match column.key {
            true => diagnostic.help("remove `unique: true`: it is part of the key, which stays what it is"),
            false => diagnostic.help(format!("write `type: {}?`", describe(column.ty))),
        });
    }
}

/// No unique column, and no key, has the same default for all products.
pub(super) fn unique_columns_have_no_default(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (column, _) in unique(context).filter(|(_, source)| **source == ColumnSource::Default) {
        let Some(default) = column.decl.and_then(|decl| decl.default.as_ref()) else { continue };
        let message =
            format!("every product has `{}` in the column `{}`, which is unique", default.value.text, column.name);
        found.push(
            Diagnostic::error("duplicate-key-value", default.span, message)
                .also(column.span, "the column")
                .help("give it a `from:` by which products differ, such as `id`, or remove the default"),
        );
    }
}
