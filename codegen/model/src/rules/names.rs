//! Names as targets write them: no two become one, none is reserved, none is too long.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase};

use super::context::Context;
use crate::decl::{AttributeTypeDecl, Item, KindDecl};
use crate::diagnostic::Diagnostic;
use crate::limits::{Case, NameLimit, NameOf};
use crate::lower::DEFAULT_COLUMNS;
use crate::lower::names::upper_camel;
use crate::source::{Span, Spanned};

/// A name with its place.
struct Name<'a> {
    of: NameOf,
    /// The name space that it shares with others: the table of a column, the enum of a value.
    within: Cow<'a, str>,
    name: &'a str,
    span: Span,
}

/// Two names of one name space do not become one in any target.
pub(super) fn names_stay_different_in_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let names = all(context);
    let mut reported = HashSet::new();
    for (target, limit) in limits(context) {
        let mut first: HashMap<(&str, Cow<'_, str>), &Name<'_>> = HashMap::new();
        for name in names.iter().filter(|name| limit.of.contains(&name.of)) {
            let written = convert(name.name, limit.case);
            let Some(earlier) = first.insert((&name.within, written), name) else { continue };
            // Prices of different products share their keys, and equal names in a database are reported of their own.
            let same = earlier.name == name.name && (earlier.of == name.of || limit.case == Case::AsIs);
            if same || !reported.insert(name.span) {
                continue;
            }
            let message = format!(
                "the {} `{}` and the {} `{}` both become `{}` in {target}",
                what(earlier.of),
                earlier.name,
                what(name.of),
                name.name,
                convert(name.name, limit.case)
            );
            found.push(
                Diagnostic::error("name-collision", name.span, message)
                    .also(earlier.span, "the other")
                    .help("rename one of them, so that they differ in more than case, `-` and `_`"),
            );
        }
    }
}

/// No name is a word that a target keeps for itself.
pub(super) fn names_are_not_reserved(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    each_once(context, found, |name, target, limit| {
        if limit.reserved.is_empty() && limit.reserved_prefixes.is_empty() {
            return None;
        }
        let written = convert(name.name, limit.case);
        let equal = |word: &&&str| match limit.reserved_any_case {
            true => word.eq_ignore_ascii_case(&written),
            false => **word == written,
        };
        let begins =
            |prefix: &&&str| written.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let prefix = limit.reserved_prefixes.iter().find(begins);
        if prefix.is_none() {
            limit.reserved.iter().find(equal)?;
        }
        let message = match (prefix, written == name.name) {
            (Some(prefix), _) => format!("{target} keeps names that begin with `{prefix}` for itself"),
            (None, true) => format!("`{written}` has a meaning of its own in {target}"),
            (None, false) => format!("`{}` becomes `{written}`, which has a meaning of its own in {target}", name.name),
        };
        Some(Diagnostic::error("reserved-name", name.span, message).help("choose another name"))
    });
}

/// No name is longer than every target can write it.
pub(super) fn names_are_short_enough(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    each_once(context, found, |name, target, limit| {
        // A conversion puts at most one `_` behind each letter.
        if 2 * name.name.len() <= limit.max_bytes {
            return None;
        }
        let bytes = convert(name.name, limit.case).len();
        (bytes > limit.max_bytes).then(|| {
            let message = format!(
                "the {} `{}` has {bytes} characters; {target} allows {}",
                what(name.of),
                name.name,
                limit.max_bytes
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

fn convert(name: &str, case: Case) -> Cow<'_, str> {
    match case {
        Case::AsIs => Cow::Borrowed(name),
        Case::UpperCamel => Cow::Owned(upper_camel(name)),
        Case::LowerCamel => Cow::Owned(name.to_lower_camel_case()),
        Case::Snake => Cow::Owned(name.to_snake_case()),
        Case::ScreamingSnake => Cow::Owned(name.to_shouty_snake_case()),
    }
}

fn what(of: NameOf) -> &'static str {
    match of {
        NameOf::Kind => "kind",
        NameOf::Plural => "plural",
        NameOf::Item | NameOf::Feature => "id",
        NameOf::Table => "table",
        NameOf::Column => "column",
        NameOf::Index => "index",
        NameOf::ForeignKey => "foreign key",
        NameOf::EnumValue => "value",
        NameOf::Enum => "enum",
        NameOf::PriceKey => "price key",
        NameOf::Attribute => "attribute",
        NameOf::LookupKey => "lookup key",
        NameOf::Interface => "interface",
        NameOf::Field => "field",
    }
}

/// Every name that a target writes; the base's are its own affair.
fn all<'a>(context: &'a Context<'_>) -> Vec<Name<'a>> {
    let mut names = Names(Vec::new());
    let declared = context.declared;
    for (kind, products) in declared.kinds.iter().zip(&declared.products) {
        names.item(NameOf::Kind, "", kind);
        products.iter().for_each(|product| names.item(NameOf::Item, &kind.id.value, product));
        kind.body.iter().for_each(|body| of_kind(&kind.id, body, &mut names));
    }
    for (kind, item) in context.catalog().kinds.iter().zip(&context.lowered.places.kinds) {
        let written = item.body.as_ref().and_then(|body| body.plural.as_ref());
        names.add(NameOf::Plural, "", &kind.plural, written.map_or(item.span(), |plural| plural.span));
    }
    declared.features.iter().for_each(|feature| names.item(NameOf::Feature, "feature", feature));
    declared.enums.iter().filter(|item| !item.base).for_each(|item| {
        names.item(NameOf::Enum, "", item);
        for (value, _) in item.body.iter().flat_map(|body| &body.values) {
            names.text(NameOf::EnumValue, item.id.value.as_str(), value);
        }
    });
    for product in &context.products {
        let kind = product.kind_item.id.value.as_str();
        for (price, place) in product.meant.prices.iter().zip(product.price_places()) {
            let span = place.span();
            names.add(NameOf::PriceKey, kind, &price.key, span);
            names.add(NameOf::LookupKey, "", &price.lookup_key, span);
        }
    }
    for table in context.tables.iter().filter(|table| !table.base) {
        names.add(NameOf::Table, "", table.name, table.span);
        for column in table.columns.iter().filter(|column| column.decl.is_some()) {
            names.add(NameOf::Column, table.name, column.name, column.span);
        }
        table.indexes().for_each(|index| names.text(NameOf::Index, "", &index.name));
        table.foreign_key_names().for_each(|name| names.text(NameOf::ForeignKey, "", name));
        if let Some(interface) = table.record.and_then(|record| record.interface.as_ref()) {
            names.text(NameOf::Interface, "", &interface.name);
            interface.fields.iter().for_each(|(name, ..)| names.text(NameOf::Field, table.name, name));
        }
    }
    names.0
}

struct Names<'a>(Vec<Name<'a>>);

impl<'a> Names<'a> {
    fn add(&mut self, of: NameOf, within: impl Into<Cow<'a, str>>, name: &'a str, span: Span) {
        self.0.push(Name { of, within: within.into(), name, span });
    }

    fn text(&mut self, of: NameOf, within: impl Into<Cow<'a, str>>, name: &'a Spanned<String>) {
        self.add(of, within, &name.value, name.span);
    }

    fn item<T>(&mut self, of: NameOf, within: &'a str, item: &'a Item<T>) {
        self.text(of, within, &item.id);
    }
}

/// Attributes are methods in code and columns of the kind's default table, behind those that every such table has.
fn of_kind<'a>(kind_id: &'a Spanned<String>, kind: &'a KindDecl, names: &mut Names<'a>) {
    let id = kind_id.value.as_str();
    let default_table = kind.table.as_ref().is_none_or(|table| table.columns.is_none());
    if default_table {
        for column in DEFAULT_COLUMNS {
            names.add(NameOf::Column, format!("the table of {id}"), column, kind_id.span);
        }
    }
    for attribute in &kind.attributes {
        names.text(NameOf::Attribute, id, &attribute.id);
        if default_table {
            names.text(NameOf::Column, format!("the table of {id}"), &attribute.id);
        }
        if let AttributeTypeDecl::OneOf(values) = &attribute.ty.value {
            let within = format!("{id}.{}", attribute.id.value);
            values.iter().for_each(|value| names.text(NameOf::EnumValue, within.clone(), value));
        }
    }
}
