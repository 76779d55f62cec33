//! References between tables.

use super::context::Context;
use super::keys::{refuse_type, unknown_column};
use super::tables::Table;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::schema::{ColumnType, OnDelete};
use crate::source::{Span, Spanned};

/// A reference of one or several columns.
struct Reference<'a> {
    table: &'a Table<'a>,
    columns: Vec<&'a str>,
    /// The place of the reference.
    span: Span,
    to_table: &'a str,
    to_columns: Vec<Spanned<String>>,
    on_delete: Option<&'a Spanned<OnDelete>>,
}

fn all<'a>(context: &'a Context<'_>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    for table in &context.tables {
        for decl in table.columns.iter().filter_map(|column| column.decl) {
            let Some(reference) = &decl.references else { continue };
            all.push(Reference {
                table,
                columns: vec![&decl.name.value],
                span: reference.span,
                to_table: &reference.value.table,
                to_columns: vec![Spanned { value: reference.value.column.clone(), span: reference.span }],
                on_delete: decl.on_delete.as_ref(),
            });
        }
        for key in table.record.into_iter().flat_map(|record| &record.foreign_keys) {
            all.push(Reference {
                table,
                columns: key.columns.iter().map(|column| column.value.as_str()).collect(),
                span: key.references.span,
                to_table: &key.references.value,
                to_columns: key.to.clone(),
                on_delete: key.on_delete.as_ref(),
            });
        }
    }
    all
}

/// A reference names a table and columns that are there, of the same types, which name one row.
pub(super) fn references_lead_to_one_row(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for reference in all(context) {
        found.extend(check(context, &reference));
    }
}

fn check(context: &Context<'_>, reference: &Reference<'_>) -> Option<Diagnostic> {
    let Some(target) = context.table(reference.to_table) else {
        let unsound_kind = context.lowered.places.kinds.len() < context.declared.kinds.len();
        let unsound =
            unsound_kind || context.declared.records.iter().any(|record| record.id.value == reference.to_table);
        let message = format!("there is no table `{}`", reference.to_table);
        let diagnostic = Diagnostic::error("unknown-table", reference.span, message);
        let tables = context.tables.iter().map(|table| table.name);
        return (!unsound).then(|| nearest::help(diagnostic, reference.to_table, tables));
    };
    if let Some(unknown) = reference.to_columns.iter().find_map(|column| unknown_column(target, column)) {
        return Some(unknown);
    }
    if reference.columns.len() != reference.to_columns.len() {
        let (here, there) = (reference.columns.len(), reference.to_columns.len());
        let message = format!("{here} columns refer to {there}");
        return Some(
            Diagnostic::error("foreign-key-columns-differ", reference.span, message)
                .help("list as many columns below `to:` as below `columns:`, in the same order"),
        );
    }
    for (name, to) in reference.columns.iter().zip(&reference.to_columns) {
        let (Some(column), Some(to)) = (reference.table.column(name), target.column(&to.value)) else { return None };
        if column.ty != to.ty && refuse_type(column, "").is_none() {
            let message = format!(
                "`{name}` is {}, but refers to `{}.{}`, which is {}",
                describe(column.ty),
                target.name,
                to.name,
                describe(to.ty)
            );
            let span = column.ty_span;
            return Some(
                Diagnostic::error("foreign-key-type", span, message)
                    .also(to.span, "declared here")
                    .help(format!("write `type: {}`", describe(to.ty))),
            );
        }
    }
    let columns: Vec<&str> = reference.to_columns.iter().map(|column| column.value.as_str()).collect();
    if !target.is_unique(&columns) {
        let key = target.primary_key().join("`, `");
        let message = format!("`{}` does not say which row of `{}` is meant", columns.join("`, `"), target.name);
        return Some(
            Diagnostic::error("foreign-key-target", reference.span, message)
                .also(target.span, format!("its key is `{key}`"))
                .help("refer to the key, or make the columns unique there"),
        );
    }
    None
}

/// A column that is set to NULL allows it.
pub(super) fn columns_that_become_null_allow_it(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for reference in all(context) {
        let Some(on_delete) = reference.on_delete.filter(|on_delete| on_delete.value == OnDelete::SetNull) else {
            continue;
        };
        let mut columns = reference.columns.iter().filter_map(|name| reference.table.column(name));
        if let Some(column) = columns.find(|column| !column.nullable) {
            let message = format!("`{}` does not allow NULL, and cannot be set to it", column.name);
            let span = column.ty_span;
            found.push(
                Diagnostic::error("set-null-on-required-column", on_delete.span, message)
                    .also(span, "its type")
                    .help(format!("write `{}?`, or choose `cascade` or `restrict`", describe(column.ty))),
            );
        }
    }
}

/// A column's type as it is written.
pub(super) fn describe(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Text { max: None } => "text".to_owned(),
        ColumnType::Text { max: Some(max) } => format!("text({max})"),
        ColumnType::Integer => "integer".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
        ColumnType::Timestamp => "timestamp".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Json => "json".to_owned(),
        ColumnType::Bytes => "bytes".to_owned(),
        ColumnType::Enum(name) => name.clone(),
    }
}
