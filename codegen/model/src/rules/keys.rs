//! Keys, unique constraints and indexes: that they are there, and that every database can keep them.

use std::collections::HashMap;

use super::context::Context;
use super::tables::{Column, Table};
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::schema::ColumnType;
use crate::source::{Span, Spanned};

/// Characters that MySQL and MariaDB can index: 3,072 bytes of four each.
const LONGEST_KEY: u32 = 767;
/// Characters that one text in a key may have.
const LONGEST_KEY_TEXT: u32 = 255;

/// Every table has a primary key, said once.
pub(super) fn every_table_has_a_key(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in &context.tables {
        let listed = table.record.and_then(|record| record.primary_key.as_ref()).map(|key| key.span);
        let marked = table.columns.iter().filter(|column| column.key).map(|column| column.span);
        let said: Vec<Span> = listed.into_iter().chain(marked).collect();
        match said.as_slice() {
            [] => {
                let message = format!("the table `{}` has no primary key", table.name);
                found.push(
                    Diagnostic::error("table-without-key", table.span, message)
                        .help("mark a column: `key: true`, or list several: `primary_key: [a, b]`"),
                );
            }
            [_] => {}
            [first, second, ..] => found.push(
                Diagnostic::error("key-declared-twice", *second, "a second primary key")
                    .also(*first, "the first")
                    .help("a key of several columns is listed once: `primary_key: [a, b]`"),
            ),
        }
    }
}

/// A key has a value in every row.
pub(super) fn keys_allow_no_null(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in &context.tables {
        for name in table.primary_key() {
            let Some(column) = table.column(name).filter(|column| column.nullable) else { continue };
            found.push(
                Diagnostic::error("key-allows-null", column.ty_span, format!("the key column `{name}` allows NULL"))
                    .help("remove the `?` from its type"),
            );
        }
    }
}

/// Keys, indexes and references name columns of their table, each once.
pub(super) fn keys_name_columns(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in &context.tables {
        let Some(record) = table.record else { continue };
        let primary = record.primary_key.iter().map(|key| key.value.as_slice());
        let indexes = table.indexes().map(|index| index.columns.as_slice());
        let references = record.foreign_keys.iter().map(|key| key.columns.as_slice());
        for columns in primary.chain(indexes).chain(references) {
            found.extend(columns.iter().filter_map(|column| unknown_column(table, column)));
            for (index, column) in columns.iter().enumerate() {
                if let Some(first) = columns[..index].iter().find(|first| first.value == column.value) {
                    found.push(
                        Diagnostic::error(
                            "column-listed-twice",
                            column.span,
                            format!("`{}` stands here twice", column.value),
                        )
                        .also(first.span, "first here")
                        .help("remove one of them"),
                    );
                }
            }
        }
        let shape = record.interface.iter().flat_map(|shape| &shape.fields);
        found.extend(shape.filter_map(|(_, _, column)| unknown_column(table, column)));
    }
}

/// Reports a column that a table does not have.
pub(super) fn unknown_column(table: &Table<'_>, column: &Spanned<String>) -> Option<Diagnostic> {
    if table.column(&column.value).is_some() {
        return None;
    }
    let message = format!("the table `{}` has no column `{}`", table.name, column.value);
    let diagnostic = Diagnostic::error("unknown-column", column.span, message);
    Some(nearest::help(diagnostic, &column.value, table.columns.iter().map(|column| column.name)))
}

/// MySQL and MariaDB index texts of a declared length, and only so many bytes.
pub(super) fn keys_can_be_indexed(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in &context.tables {
        let mut reported = Vec::new();
        for (span, what, columns) in keys(table) {
            let columns: Vec<&Column<'_>> = columns.iter().filter_map(|name| table.column(name)).collect();
            let fresh: Vec<&Column<'_>> =
                columns.iter().copied().filter(|column| !reported.contains(&column.name)).collect();
            let refused: Vec<Diagnostic> = fresh.iter().filter_map(|column| refuse_type(column, what)).collect();
            reported.extend(fresh.iter().map(|column| column.name));
            let total: u32 = columns.iter().map(|column| chars(column.ty)).sum();
            if refused.is_empty() && total > LONGEST_KEY {
                found.push(
                    Diagnostic::error(
                        "key-too-long",
                        span,
                        format!("the texts of {what} have {total} characters in all"),
                    )
                    .label(format!("at most {LONGEST_KEY}"))
                    .help("an index holds 3,072 bytes, at four a character: shorten the columns, or leave one out"),
                );
            }
            found.extend(refused);
        }
    }
}

fn chars(ty: &ColumnType) -> u32 {
    if let ColumnType::Text { max: Some(max) } = ty { *max } else { 0 }
}

/// Reports a column whose type no key can have.
pub(super) fn refuse_type(column: &Column<'_>, what: &str) -> Option<Diagnostic> {
    let span = column.ty_span;
    let name = column.name;
    let error = |code, message| Some(Diagnostic::error(code, span, message));
    match column.ty {
        ColumnType::Text { max: None } => {
            error("key-text-without-length", format!("`{name}` is text without a length, and part of {what}"))
                .map(|diagnostic| diagnostic.help("give it a length: `text(255)`"))
        }
        ColumnType::Text { max: Some(max) } if *max > LONGEST_KEY_TEXT => {
            error("key-too-long", format!("`{name}` has {max} characters, and is part of {what}")).map(|diagnostic| {
                diagnostic.label(format!("at most {LONGEST_KEY_TEXT}")).help("shorten it: `text(255)`")
            })
        }
        ColumnType::Json | ColumnType::Bytes => {
            error("key-of-unsuited-type", format!("databases cannot index `{name}`, which is part of {what}"))
                .map(|diagnostic| diagnostic.help("index a hash of it instead: a column of type `text(64)`"))
        }
        _ => None,
    }
}

/// Every key, constraint, index and reference of a table: its place, what it is, its columns.
pub(super) fn keys<'a>(table: &Table<'a>) -> Vec<(Span, &'static str, Vec<&'a str>)> {
    let listed = |columns: &'a [Spanned<String>]| columns.iter().map(|column| column.value.as_str()).collect();
    let primary = table.record.and_then(|record| record.primary_key.as_ref()).map_or(table.span, |key| key.span);
    let mut keys = vec![(primary, "a primary key", table.primary_key())];
    if let Some(record) = table.record {
        keys.extend(record.unique.iter().map(|index| (index.name.span, "a unique constraint", listed(&index.columns))));
        keys.extend(record.indexes.iter().map(|index| (index.name.span, "an index", listed(&index.columns))));
        keys.extend(record.foreign_keys.iter().map(|key| (key.name.span, "a foreign key", listed(&key.columns))));
    }
    for column in &table.columns {
        if column.unique {
            keys.push((column.span, "a unique constraint", vec![column.name]));
        }
        if column.decl.is_some_and(|decl| decl.references.is_some()) {
            keys.push((column.span, "a foreign key", vec![column.name]));
        }
    }
    keys
}

/// Tables and enums have different names.
pub(super) fn table_names_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, (Span, &str, bool)> = HashMap::new();
    for item in &context.declared.enums {
        first.insert(&item.id.value, (item.span(), "an enum", item.base));
    }
    for table in &context.tables {
        match first.insert(table.name, (table.span, "a table", table.base)) {
            None => {}
            Some((earlier, what, base)) => {
                let whose = if base { format!("{what} that pricebook brings") } else { what.to_owned() };
                let message = format!("`{}` is the name of {whose} already", table.name);
                let diagnostic = Diagnostic::error("duplicate-table", table.span, message).help(
                    "choose another name; a kind's table is called like its plural unless it says `table: { name: … }`",
                );
                found.push(if base { diagnostic } else { diagnostic.also(earlier, "this one") });
            }
        }
    }
}
