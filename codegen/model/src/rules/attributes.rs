//! Attributes: what products say, against what their kinds declare.

use super::columns::unknown_attribute;
use super::context::{Context, Product};
use crate::decl::AttributeTypeDecl;
use crate::diagnostic::Diagnostic;
use crate::lower::DEFAULT_COLUMNS;
use crate::nearest;

/// Products have the attributes of their kind, and no others.
pub(super) fn attributes_are_declared(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind_item, kind, body, .. } in &context.products {
        for (id, _) in &body.attributes {
            found.extend(unknown_attribute(kind_item, kind, &id.value, id.span));
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
    }
}

/// Products have every attribute that their kind requires.
pub(super) fn required_attributes_are_there(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind, item, body, .. } in &context.products {
        for attribute in &kind.attributes {
            let Some(required) = attribute.required.as_ref().filter(|required| required.value) else { continue };
            let id = &attribute.id.value;
            // A misspelt attribute is reported as such, and not as missing too.
            let near = |given: &str| {
                given == id
                    || !kind.attributes.iter().any(|known| known.id.value == given) && nearest::is_near(given, id)
            };
            if attribute.default.is_none() && !body.attributes.iter().any(|(given, _)| near(&given.value)) {
                found.push(
                    Diagnostic::error(
                        "attribute-required",
                        item.span(),
                        format!("`{}` has no attribute `{id}`", item.id.value),
                    )
                    .also(required.span, "its kind requires it")
                    .help(format!("add it: `attributes: {{ {id}: … }}`")),
                );
            }
        }
    }
}
