//! Names of generated types: enums of kinds and attributes, and rows of tables.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::context::Context;
use super::tables::Table;
use crate::decl::AttributeTypeDecl;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A type that code is generated for.
struct Type {
    name: String,
    /// What it is of: `the rows of visits`.
    of: String,
    span: Span,
    sort: Sort,
}

/// Two types of one sort have the same name only if their ids are too near, which is reported of these.
#[derive(PartialEq)]
enum Sort {
    KindOrEnum,
    /// With its kind and the name of its method.
    Attribute(String, String),
    RowOfKind,
    RowOfRecord,
}

/// Rows and enums have types of different names.
pub(super) fn type_names_are_different(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, Type> = HashMap::new();
    for ty in all(context) {
        let Some(earlier) = first.get(&ty.name) else {
            first.insert(ty.name.clone(), ty);
            continue;
        };
        if earlier.sort == ty.sort && ty.sort != Sort::RowOfRecord {
            continue;
        }
        let message = format!("{} and {} are both called `{}` in code", earlier.of, ty.of, ty.name);
        found.push(
            Diagnostic::error("duplicate-type-name", ty.span, message)
                .also(earlier.span, "the other")
                .help("rename one of them; a record's rows are called what `row:` says"),
        );
    }
}

/// API shapes have different names.
pub(super) fn interface_names_are_different(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &Table<'_>> = HashMap::new();
    for table in &context.tables {
        let Some(name) = table.interface() else { continue };
        let Some(earlier) = first.insert(&name.value, table) else { continue };
        let message =
            format!("the API shapes of `{}` and `{}` are both called `{}`", earlier.name, table.name, name.value);
        let diagnostic = Diagnostic::error("duplicate-type-name", name.span, message);
        let diagnostic = match (earlier.base, earlier.interface()) {
            (false, Some(other)) => diagnostic.also(other.span, "the other"),
            _ => diagnostic,
        };
        found.push(diagnostic.help(match earlier.base {
            true => "choose another name: that shape is one that pricebook brings",
            false => "choose another name for one of them",
        }));
    }
}

fn all(context: &Context<'_>) -> Vec<Type> {
    let mut types = Vec::new();
    let mut add = |name: String, of: String, span, sort| types.push(Type { name, of, span, sort });
    for item in &context.declared.kinds {
        let id = &item.id.value;
        add(id.to_upper_camel_case(), format!("the products of `{id}`"), item.span(), Sort::KindOrEnum);
        for attribute in item.body.iter().flat_map(|kind| &kind.attributes) {
            if let AttributeTypeDecl::OneOf(_) = attribute.ty.value {
                let name = format!("{id}_{}", attribute.id.value).to_upper_camel_case();
                let sort = Sort::Attribute(id.clone(), attribute.id.value.to_snake_case());
                add(name, format!("the values of `{id}.{}`", attribute.id.value), attribute.id.span, sort);
            }
        }
    }
    for item in context.declared.enums.iter().filter(|item| !item.base) {
        add(
            item.id.value.to_upper_camel_case(),
            format!("the enum `{}`", item.id.value),
            item.span(),
            Sort::KindOrEnum,
        );
    }
    // Of two tables with one name, the name is reported.
    let mut names = HashSet::new();
    let first_of_its_name = context.tables.iter().filter(|table| names.insert(table.name));
    for table in first_of_its_name.filter(|table| !table.base) {
        let sort = if table.record.is_some() { Sort::RowOfRecord } else { Sort::RowOfKind };
        add(table.row_name().to_owned(), format!("the rows of `{}`", table.name), table.span, sort);
    }
    types
}
