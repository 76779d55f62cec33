//! Columns: their types, their defaults, and where kinds' tables get their values from.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;

use super::context::Context;
use super::foreign_keys::describe;
use super::prices::least;
use super::tables::Table;
use super::values::Digits;
use crate::decl::{AttributeDecl, AttributeTypeDecl, ColumnDecl, Item, KindDecl, foreign_types};
use crate::diagnostic::Diagnostic;
use crate::lower::{DATE_WORDS, SOURCES, is_date};
use crate::nearest;
use crate::schema::ColumnType;
use crate::source::{Span, Spanned};

fn decls<'a, 'c>(context: &'c Context<'a>) -> impl Iterator<Item = (&'c Table<'a>, &'a ColumnDecl)> {
    context.tables.iter().flat_map(|table| table.columns.iter().filter_map(move |column| Some((table, column.decl?))))
}

/// A type that is no word of the format is an enum.
pub(super) fn column_types_are_known(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let words = ["text", "integer", "boolean", "timestamp", "date", "json", "bytes"];
    for (_, column) in decls(context) {
        if let ColumnType::Enum(name) = &column.ty.value
            && context.enumeration(name).is_none()
        {
            let enums = context.declared.enums.iter().map(|item| item.id.value.as_str());
            found.push(match foreign_types::column_type(name) {
                Some(ty) => {
                    Diagnostic::error("unknown-enum", column.ty.span, format!("no type and no enum is called `{name}`"))
                        .help(format!("write `{ty}`"))
                }
                None => unknown_enum(name, column.ty.span, words.into_iter().chain(enums)),
            });
        }
    }
}

/// Attributes have the types of enums that are there.
pub(super) fn attribute_types_are_known(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for kind in context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref()) {
        for attribute in &kind.attributes {
            if let AttributeTypeDecl::Enum(name) = &attribute.ty.value
                && context.enumeration(&name.value).is_none()
            {
                let enums = context.declared.enums.iter().map(|item| item.id.value.as_str());
                found.push(unknown_enum(&name.value, name.span, enums));
            }
        }
    }
}

fn unknown_enum<'a>(name: &str, span: Span, valid: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    nearest::help(Diagnostic::error("unknown-enum", span, format!("there is no enum `{name}`")), name, valid)
}

/// A default is a value of the column's type.
pub(super) fn defaults_are_values(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let cannot_hold = |kind: &KindDecl, column: &ColumnDecl| {
        let from = column.from.as_ref()?;
        brings(kind, &from.value).filter(|(expected, _)| !expected.fits(&column.ty.value)).map(|_| column.ty.span)
    };
    // A type that is wrong for what the column gets is reported as such, and its default may well be right.
    let refused: HashSet<Span> = kinds(context)
        .flat_map(|(_, kind, columns)| {
            columns.iter().filter_map(|column| cannot_hold(kind, column)).collect::<Vec<_>>()
        })
        .collect();
    for (_, column) in decls(context).filter(|(_, column)| !refused.contains(&column.ty.span)) {
        let Some(default) = &column.default else { continue };
        let (text, ty) = (default.value.text.as_str(), &column.ty.value);
        if let ColumnType::Enum(name) = ty {
            found.extend(not_in_enum(context, name, text, default.span));
            continue;
        }
        let expected = match ty {
            ColumnType::Text { max: Some(max) } if text.chars().count() <= *max as usize => continue,
            ColumnType::Text { max: Some(_) } => "at most as many characters as its length",
            // MySQL refuses a default for text without a length.
            ColumnType::Text { max: None } => "no default at all; give the text a length: `text(255)`",
            ColumnType::Integer if text.parse::<i64>().is_ok() => continue,
            ColumnType::Integer => "a whole number",
            ColumnType::Boolean if default.value.plain && matches!(text, "true" | "false") => continue,
            ColumnType::Boolean => "`true` or `false`",
            ColumnType::Decimal { precision, scale } if fits(text, *precision, *scale) => continue,
            ColumnType::Decimal { .. } => "a decimal number with at most as many digits as it says",
            ColumnType::Timestamp if text == "now" => continue,
            ColumnType::Timestamp => "`now`",
            ColumnType::Date if is_date(text) => continue,
            ColumnType::Date => DATE_WORDS,
            ColumnType::Json | ColumnType::Bytes | ColumnType::Enum(_) => "no default at all",
        };
        let message = format!("`{text}` is no default of {}", describe(ty));
        found.push(
            Diagnostic::error("default-type-mismatch", default.span, message)
                .also(column.ty.span, "the column's type")
                .help(format!("a column of this type has {expected}")),
        );
    }
}

fn fits(text: &str, precision: u8, scale: u8) -> bool {
    Decimal::from_str_exact(text).is_ok_and(|number| Digits::of(number).fit(Digits::most(precision, scale)))
}

/// Reports a value that an enum does not have.
pub(super) fn not_in_enum(context: &Context<'_>, name: &str, value: &str, span: Span) -> Option<Diagnostic> {
    let values = &context.enumeration(name)?.body.as_ref()?.values;
    if values.iter().any(|(known, _)| known.value == value) {
        return None;
    }
    let diagnostic = Diagnostic::error("unknown-enum-value", span, format!("`{value}` is no value of `{name}`"));
    Some(nearest::help(diagnostic, value, values.iter().map(|(known, _)| known.value.as_str())))
}

/// Only a timestamp can become the current time.
pub(super) fn on_update_is_for_timestamps(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, column) in decls(context).filter(|(_, column)| column.on_update_now) {
        if column.ty.value != ColumnType::Timestamp {
            let message = format!("`on_update: now` on a column of type {}", describe(&column.ty.value));
            found.push(
                Diagnostic::error("on-update-needs-timestamp", column.ty.span, message)
                    .help("write `type: timestamp`, or remove `on_update`"),
            );
        }
    }
}

/// `on_delete` says what happens to a reference.
pub(super) fn on_delete_is_for_references(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, column) in decls(context).filter(|(_, column)| column.references.is_none()) {
        if let Some(on_delete) = &column.on_delete {
            let message = format!("`{}` refers to no other table", column.name.value);
            found.push(
                Diagnostic::error("on-delete-without-reference", on_delete.span, message)
                    .help("add `references: table.column`, or remove `on_delete`"),
            );
        }
    }
}

/// Kinds that declare columns, with them.
fn kinds<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Item<KindDecl>, &'a KindDecl, &'a [ColumnDecl])> {
    context.declared.kinds.iter().filter_map(|item| {
        let kind = item.body.as_ref()?;
        Some((item, kind, kind.table.as_ref()?.columns.as_deref()?))
    })
}

/// A column of a kind's table gets its value from something that products have.
pub(super) fn column_sources_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (item, kind, columns) in kinds(context) {
        for from in columns.iter().filter_map(|column| column.from.as_ref()) {
            match from.value.strip_prefix("attribute.") {
                Some(id) => found.extend(unknown_attribute(item, kind, id, from.span)),
                None if SOURCES.iter().any(|(word, _)| *word == from.value) => {}
                None => {
                    let message = format!("products have no `{}`", from.value);
                    let diagnostic = Diagnostic::error("unknown-column-source", from.span, message);
                    found.push(nearest::help(
                        diagnostic,
                        &from.value,
                        SOURCES.iter().map(|(word, _)| *word).chain(["attribute.NAME"]),
                    ));
                }
            }
        }
    }
}

/// Reports an attribute that a kind does not declare.
pub(super) fn unknown_attribute(item: &Item<KindDecl>, kind: &KindDecl, id: &str, span: Span) -> Option<Diagnostic> {
    if kind.attributes.iter().any(|attribute| attribute.id.value == id) {
        return None;
    }
    let message = format!("the kind `{}` has no attribute `{id}`", item.id.value);
    let diagnostic = Diagnostic::error("unknown-attribute", span, message);
    let is_it = |attribute: &&AttributeDecl| attribute.was.as_ref().is_some_and(|was| was.value == id);
    if let Some(renamed) = kind.attributes.iter().find(is_it) {
        return Some(diagnostic.also(renamed.id.span, "renamed here").help(format!("write `{}`", renamed.id.value)));
    }
    let attributes = kind.attributes.iter().map(|attribute| attribute.id.value.as_str());
    Some(match kind.attributes.is_empty() {
        true => diagnostic.help("declare it below the kind's `attributes:`, or move it to `metadata:`"),
        false => nearest::help(diagnostic, id, attributes),
    })
}

/// A sync can fill every column of a kind's table.
pub(super) fn every_column_gets_a_value(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, _, columns) in kinds(context) {
        for column in columns {
            if column.from.is_none() && column.default.is_none() && !column.nullable {
                let message = format!("nothing says what stands in `{}`", column.name.value);
                found.push(
                    Diagnostic::error("column-without-value", column.name.span, message)
                        .help("add `from:` or `default:`, or let it be NULL: a `?` after the type"),
                );
            }
        }
    }
}

/// A column's type holds what its source brings, and NULL where there may be nothing.
pub(super) fn columns_hold_their_sources(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, kind, columns) in kinds(context) {
        for column in columns {
            let Some(from) = &column.from else { continue };
            let Some((expected, optional)) = brings(kind, &from.value) else { continue };
            if matches!(&column.ty.value, ColumnType::Enum(name) if context.enumeration(name).is_none()) {
                continue;
            }
            if !expected.fits(&column.ty.value) {
                let null = if optional || column.nullable { "?" } else { "" };
                let message = format!("a column of type {} cannot hold `{}`", describe(&column.ty.value), from.value);
                found.push(
                    Diagnostic::error("column-cannot-hold", column.ty.span, message)
                        .also(from.span, "what it gets")
                        .help(format!("write `type: {}{null}`", expected.fitting())),
                );
            } else if optional && !column.nullable {
                let message = format!("`{}` may be nothing, and the column does not allow NULL", from.value);
                found.push(
                    Diagnostic::error("column-cannot-hold", column.ty.span, message)
                        .also(from.span, "what it gets")
                        .help(format!("write `type: {}?`", describe(&column.ty.value))),
                );
            }
        }
    }
}

/// What a source brings.
#[derive(Clone, Copy)]
enum Brings<'a> {
    Text,
    Json,
    Amount,
    Boolean,
    Attribute(&'a AttributeDecl),
}

impl Brings<'_> {
    fn fits(self, ty: &ColumnType) -> bool {
        match (self, ty) {
            (Brings::Text, ColumnType::Text { .. }) | (Brings::Json, ColumnType::Text { max: None }) => true,
            (Brings::Json, ColumnType::Json) | (Brings::Boolean, ColumnType::Boolean) => true,
            (Brings::Amount, ColumnType::Integer) | (Brings::Boolean, ColumnType::Integer) => true,
            (Brings::Attribute(attribute), ty) => holds(attribute, ty),
            _ => false,
        }
    }

    fn fitting(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Amount => "integer",
            Self::Boolean => "boolean",
            Self::Attribute(attribute) => match attribute.ty.value {
                AttributeTypeDecl::Integer { .. } => "integer",
                AttributeTypeDecl::Boolean => "boolean",
                AttributeTypeDecl::Date => "date",
                AttributeTypeDecl::List => "json",
                _ => "text(255)",
            },
        }
    }
}

/// What a source brings, and whether it may be nothing.
fn brings<'a>(kind: &'a KindDecl, source: &str) -> Option<(Brings<'a>, bool)> {
    Some(match source {
        "id" | "name" | "local_id" | "billing_type" => (Brings::Text, false),
        "description" => (Brings::Text, true),
        "metadata" | "features" => (Brings::Json, false),
        "price.min" | "price.max" | "deposit.amount" => (Brings::Amount, true),
        "price.currency" => (Brings::Text, least(&kind.prices) == 0),
        "active" | "coming_soon" => (Brings::Boolean, false),
        _ => {
            let id = source.strip_prefix("attribute.")?;
            let attribute = kind.attributes.iter().find(|attribute| attribute.id.value == id)?;
            let always =
                attribute.default.is_some() || attribute.required.as_ref().is_some_and(|required| required.value);
            (Brings::Attribute(attribute), !always)
        }
    })
}

fn holds(attribute: &AttributeDecl, ty: &ColumnType) -> bool {
    match (&attribute.ty.value, ty) {
        (AttributeTypeDecl::Enum(name), ColumnType::Enum(column)) => name.value == *column,
        (AttributeTypeDecl::Integer { .. }, ColumnType::Integer)
        | (AttributeTypeDecl::Decimal, ColumnType::Decimal { .. })
        | (AttributeTypeDecl::Boolean, ColumnType::Boolean | ColumnType::Integer)
        | (AttributeTypeDecl::Date, ColumnType::Date)
        | (AttributeTypeDecl::List, ColumnType::Json) => true,
        (AttributeTypeDecl::OneOf(_), ColumnType::Enum(_)) => true,
        (
            AttributeTypeDecl::Text { .. } | AttributeTypeDecl::OneOf(_) | AttributeTypeDecl::Enum(_),
            ColumnType::Text { .. },
        ) => true,
        _ => false,
    }
}

/// A column of an enum's type has a value for everything that the attribute with `type: one_of` may be.
pub(super) fn enums_hold_their_choices(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, kind, columns) in kinds(context) {
        for column in columns {
            let ColumnType::Enum(name) = &column.ty.value else { continue };
            let Some((Brings::Attribute(attribute), _)) =
                column.from.as_ref().and_then(|from| brings(kind, &from.value))
            else {
                continue;
            };
            let AttributeTypeDecl::OneOf(values) = &attribute.ty.value else { continue };
            let unknown = values.iter().filter_map(|value| not_in_enum(context, name, &value.value, value.span));
            found.extend(unknown.map(|diagnostic| diagnostic.also(column.ty.span, "the column that holds it")));
        }
    }
}

/// An enum has each value once.
pub(super) fn enums_have_different_values(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for values in context.declared.enums.iter().filter_map(|item| Some(&item.body.as_ref()?.values)) {
        repeated(values.iter().map(|(value, _)| value), "the enum", found);
    }
}

/// An attribute with `type: one_of` has each value once.
pub(super) fn choices_are_different(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = context.declared.kinds.iter().filter_map(|item| item.body.as_ref());
    for attribute in kinds.flat_map(|kind| &kind.attributes) {
        if let AttributeTypeDecl::OneOf(values) = &attribute.ty.value {
            repeated(values.iter(), "the list", found);
        }
    }
}

fn repeated<'a>(values: impl Iterator<Item = &'a Spanned<String>>, within: &str, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for value in values {
        let Some(earlier) = first.get(&*value.value) else {
            first.insert(&value.value, value.span);
            continue;
        };
        found.push(
            Diagnostic::error(
                "duplicate-enum-value",
                value.span,
                format!("`{}` stands in {within} twice", value.value),
            )
            .also(*earlier, "first here")
            .help("remove one of them"),
        );
    }
}
