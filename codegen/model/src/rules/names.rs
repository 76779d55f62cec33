//! Names as targets write them: no two become one, none is reserved, none is too long.

use std::collections::{HashMap, HashSet};

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::context::Context;
use crate::decl::AttributeTypeDecl;
use crate::diagnostic::Diagnostic;
use crate::limits::{Case, NameLimit, NameOf};
use crate::source::Span;

/// A name with its place.
struct Name<'a> {
    of: NameOf,
    /// What it shares a name space with: the table of a column, the enum of a value.
    within: &'a str,
    name: &'a str,
    span: Span,
}

/// Two names do not become one in any target.
pub(super) fn names_stay_different_in_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let names = all(context);
    let mut reported = HashSet::new();
    for (target, limit) in limits(context) {
        let mut first: HashMap<(NameOf, &str, String), &Name<'_>> = HashMap::new();
        for name in names.iter().filter(|name| limit.of.contains(&name.of)) {
            let written = convert(name.name, limit.case);
            let key = (space(limit, name.of), name.within, written.clone());
            let Some(earlier) =
                first.insert(key, name).filter(|earlier| earlier.name != name.name || earlier.of != name.of)
            else {
                continue;
            };
            if reported.insert(name.span) {
                let message = format!("`{}` and `{}` both become `{written}` in {target}", earlier.name, name.name);
                found.push(
                    Diagnostic::error("name-collision", name.span, message)
                        .also(earlier.span, "the other")
                        .help("rename one of them so that they differ in more than case, `-` and `_`"),
                );
            }
        }
    }
}

/// No name is a word that a target keeps for itself.
pub(super) fn names_are_not_reserved(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    each_once(context, found, |name, target, limit| {
        let written = convert(name.name, limit.case);
        let equal = |word: &&&str| match limit.reserved_any_case {
            true => word.eq_ignore_ascii_case(&written),
            false => **word == written,
        };
        limit.reserved.iter().find(equal)?;
        let message = match written == name.name {
            true => format!("`{written}` is a reserved word of {target}"),
            false => format!("`{}` becomes `{written}`, a reserved word of {target}", name.name),
        };
        let help = format!("choose another {}: `{}`", what(name.of), suggestion(name));
        Some(Diagnostic::error("reserved-name", name.span, message).help(help))
    });
}

/// No name is longer than every target can write it.
pub(super) fn names_are_short_enough(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    each_once(context, found, |name, target, limit| {
        let bytes = convert(name.name, limit.case).len();
        (bytes > limit.max_bytes).then(|| {
            let message = format!(
                "`{}` has {bytes} characters; {target} allows {} in a {}",
                name.name,
                limit.max_bytes,
                what(name.of)
            );
            Diagnostic::error("name-too-long", name.span, message).help("choose a shorter name")
        })
    });
}

/// Reports at most one thing about a name, whatever other targets say.
fn each_once(
    context: &Context<'_>,
    found: &mut Vec<Diagnostic>,
    check: impl Fn(&Name<'_>, &str, &NameLimit) -> Option<Diagnostic>,
) {
    for name in all(context) {
        let mut limits = limits(context).filter(|(_, limit)| limit.of.contains(&name.of));
        found.extend(limits.find_map(|(target, limit)| check(&name, target, limit)));
    }
}

fn limits<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'static str, &'static NameLimit)> + use<'a> {
    context.limits.iter().flat_map(|target| target.names.iter().map(move |limit| (target.target, limit)))
}

/// Kinds and enums are types of one name space where a target writes both alike.
fn space(limit: &NameLimit, of: NameOf) -> NameOf {
    match of {
        NameOf::Enum if limit.of.contains(&NameOf::Kind) => NameOf::Kind,
        of => of,
    }
}

fn convert(name: &str, case: Case) -> String {
    match case {
        Case::AsIs => name.to_owned(),
        Case::UpperCamel => name.to_upper_camel_case(),
        Case::LowerCamel => name.to_lower_camel_case(),
        Case::Snake => name.to_snake_case(),
        Case::ScreamingSnake => name.to_shouty_snake_case(),
    }
}

fn what(of: NameOf) -> &'static str {
    match of {
        NameOf::Kind => "kind",
        NameOf::Item => "id",
        NameOf::Table => "table's name",
        NameOf::Column => "column's name",
        NameOf::Index => "index's name",
        NameOf::EnumValue => "value",
        NameOf::Enum => "enum's name",
        NameOf::PriceKey => "price key",
    }
}

fn suggestion(name: &Name<'_>) -> String {
    match name.of {
        NameOf::Table => format!("{}_list", name.name),
        NameOf::Item | NameOf::EnumValue => format!("{}_{}", name.name, name.within.trim_end_matches('s')),
        _ => format!("{}_name", name.name),
    }
}

/// Every name that a target writes.
fn all<'a>(context: &Context<'a>) -> Vec<Name<'a>> {
    let mut all = Vec::new();
    let mut add = |of, within, name: &'a str, span| all.push(Name { of, within, name, span });
    let declared = context.declared;
    for (kind, products) in declared.kinds.iter().zip(&declared.products) {
        add(NameOf::Kind, "", &kind.id.value, kind.span());
        for product in products {
            add(NameOf::Item, &kind.id.value, &product.id.value, product.span());
        }
        for attribute in kind.body.iter().flat_map(|body| &body.attributes) {
            add(NameOf::Column, &kind.id.value, &attribute.id.value, attribute.id.span);
            if let AttributeTypeDecl::OneOf(values) = &attribute.ty.value {
                for value in values {
                    add(NameOf::EnumValue, &attribute.id.value, &value.value, value.span);
                }
            }
        }
    }
    for feature in &declared.features {
        add(NameOf::Item, "feature", &feature.id.value, feature.span());
    }
    for item in declared.enums.iter().filter(|item| !item.base) {
        add(NameOf::Enum, "", &item.id.value, item.span());
        for (value, _) in item.body.iter().flat_map(|body| &body.values) {
            add(NameOf::EnumValue, &item.id.value, &value.value, value.span);
        }
    }
    for price in context.prices() {
        add(NameOf::PriceKey, "", &price.key.value, price.key.span);
    }
    for record in declared.records.iter().filter(|record| !record.base) {
        add(NameOf::Table, "", &record.id.value, record.span());
        for column in record.body.iter().flat_map(|body| &body.columns) {
            add(NameOf::Column, &record.id.value, &column.name.value, column.name.span);
        }
        for index in record.body.iter().flat_map(|body| body.unique.iter().chain(&body.indexes)) {
            add(NameOf::Index, "", &index.name.value, index.name.span);
        }
    }
    for kind in declared.kinds.iter().filter_map(|kind| kind.body.as_ref()) {
        let name = kind.table.as_ref().and_then(|table| table.name.as_ref()).or(kind.plural.as_ref());
        if let Some(name) = name {
            add(NameOf::Table, "", &name.value, name.span);
        }
        for column in kind.table.iter().flat_map(|table| &table.columns).flatten() {
            add(NameOf::Column, name.map_or("", |name| &name.value), &column.name.value, column.name.span);
        }
    }
    all
}
