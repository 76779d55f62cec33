//! Attributes: what products say, against what their kinds declare.

use std::collections::{HashMap, HashSet};

use super::columns::unknown_attribute;
use super::context::{Context, Product};
use super::history::{former, had_name};
use crate::decl::{AttributeTypeDecl, KindDecl};
use crate::diagnostic::Diagnostic;
use crate::equal_reports::MAX_PLACES;
use crate::lower::DEFAULT_COLUMNS;
use crate::schema::Table;
use crate::source::Span;

/// Products have the attributes of their kind, and no others.
pub(super) fn attributes_are_declared(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut without_any = HashSet::new();
    for Product { kind_item, kind, body, .. } in &context.products {
        let unknown =
            body.attributes.iter().filter_map(|(id, _)| unknown_attribute(kind_item, kind, &id.value, id.span));
        // A kind without attributes lacks all of them for one reason.
        match kind.attributes.is_empty() {
            true if body.attributes.is_empty() || !without_any.insert(&kind_item.id.value) => {}
            true => found.extend(unknown.take(1)),
            false => found.extend(unknown),
        }
    }
}

/// An attribute has no name of a column that the kind's default table has anyway.
pub(super) fn attributes_are_no_default_columns(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref());
    let by_default = kinds.filter(|kind| kind.table.as_ref().is_none_or(|table| table.columns.is_none()));
    for attribute in by_default.flat_map(|kind| &kind.attributes) {
        let id = &attribute.id.value;
        if DEFAULT_COLUMNS.contains(&&**id) {
            let message = format!("every product has a column `{id}` already");
            found.push(
                Diagnostic::error("attribute-is-column", attribute.id.span, message)
                    .help("give the attribute another name, or declare the kind's table with `table: { columns: … }`"),
            );
        }
    }
}

/// The bounds of an attribute leave something between them.
pub(super) fn attribute_bounds_leave_values(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for attribute in
        context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref()).flat_map(|kind| &kind.attributes)
    {
        if let AttributeTypeDecl::Integer { min: Some(min), max: Some(max) } = attribute.ty.value
            && min > max
        {
            let message = format!("no number is at least {min} and at most {max}");
            found.push(
                Diagnostic::error("bounds-contradict", attribute.id.span, message).help("let `min` be at most `max`"),
            );
        }
        if let AttributeTypeDecl::Text { max: Some(0) } = attribute.ty.value {
            found.push(
                Diagnostic::error("bounds-contradict", attribute.id.span, "no text has at most 0 characters")
                    .help("let `max` be at least 1, or leave it out"),
            );
        }
    }
}

/// Products have every attribute that their kind requires.
pub(super) fn required_attributes_are_there(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut by_kind: HashMap<&str, Vec<&Product<'_>>> = HashMap::new();
    for product in &context.products {
        by_kind.entry(&product.kind_item.id.value).or_default().push(product);
    }
    for products in by_kind.values() {
        let kind = products[0].kind;
        for attribute in kind.attributes.iter().filter(|attribute| attribute.default.is_none()) {
            let Some(required) = attribute.required.as_ref().filter(|required| required.value) else { continue };
            let id = &attribute.id.value;
            let lacks = |product: &&&Product<'_>| !may_have(product, id);
            let lacking: Vec<_> = products.iter().filter(lacks).collect();
            // Where none of several products has it, it is the kind that says something else.
            if lacking.len() > 1 && lacking.len() == products.len() {
                found.push(required_of_all(id, required.span, &lacking));
                continue;
            }
            found.extend(lacking.iter().map(|product| {
                let message = format!("`{}` has no attribute `{id}`", product.item.id.value);
                Diagnostic::error("attribute-required", product.item.span(), message)
                    .also(required.span, "its kind requires it")
                    .help(format!("add it: `attributes: {{ {id}: … }}`"))
            }));
        }
    }
}

/// Whether a product has an attribute, or an unknown one, which is reported as such, and not as missing what it may
/// stand for too.
fn may_have(product: &Product<'_>, id: &str) -> bool {
    let is_known = |given: &str| product.kind.attributes.iter().any(|known| known.id.value == given);
    product.body.attributes.iter().any(|(given, _)| given.value == id || !is_known(&given.value))
}

fn required_of_all(id: &str, required: Span, products: &[&&Product<'_>]) -> Diagnostic {
    let message = format!("no product has the attribute `{id}`, which their kind requires");
    let mut diagnostic = Diagnostic::error("attribute-required", required, message);
    for product in products.iter().take(MAX_PLACES) {
        diagnostic = diagnostic.also(product.item.span(), "here");
    }
    let count = products.len();
    diagnostic.help(format!("write `default: …` in place of `required: true`, or add it to {count} products"))
}

/// `was:` of an attribute names one that is there no more, and that had the column of its kind's default table.
pub(super) fn former_attributes_were_migrated(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (item, kind) in context.declared.kinds.iter().filter_map(|item| Some((item, item.body.as_ref()?))) {
        for (attribute, was) in kind.attributes.iter().filter_map(|decl| Some((decl, decl.was.as_ref()?))) {
            let there = kind.attributes.iter().find(|other| other.id.value == was.value).map(|other| other.id.span);
            let id = &attribute.id.value;
            let before = table_before(context, &item.id.value, kind);
            let known = before.is_none_or(|before| had_name(before, id, &was.value));
            let is_there = |name: &str| kind.attributes.iter().any(|other| other.id.value == name);
            let migrated = before.iter().flat_map(|before| &before.columns).map(|column| column.name.as_str());
            found.extend(former("attribute", id, was, there, known, migrated.filter(|name| !is_there(name))));
        }
    }
}

/// The migrated table whose columns are the attributes of a kind; a table with columns of its own remembers none.
fn table_before<'a>(context: &Context<'a>, kind: &str, decl: &KindDecl) -> Option<&'a Table> {
    let tables = &context.lock?.schema.tables;
    let declared = decl.table.as_ref();
    if declared.is_some_and(|table| table.columns.is_some()) {
        return None;
    }
    let meant = context.catalog().kind(kind)?;
    let find = |name: &str| tables.iter().find(|table| table.name == name);
    find(&meant.table).or_else(|| find(&declared?.was.as_ref()?.value))
}
