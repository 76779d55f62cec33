//! Groups of products that upgrade and downgrade among themselves.

use std::collections::HashMap;

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A product stands in one group, once. A group of one product is reported as such, and where the group's kind lacks a
/// product, the others may be other ones than were meant.
pub(super) fn products_stand_in_one_group(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(&str, &str), Span> = HashMap::new();
    let groups = context.declared.groups.iter().filter_map(|group| group.body.as_ref());
    for group in groups.filter(|group| group.products.len() > 1) {
        let kind = group.kind.value.as_str();
        if group.products.iter().any(|product| context.place_of(kind, &product.value).is_none()) {
            continue;
        }
        for product in &group.products {
            let key = (kind, product.value.as_str());
            if let Some(earlier) = first.get(&key) {
                found.push(
                    Diagnostic::error(
                        "group-repeats-product",
                        product.span,
                        format!("`{}` is in a group already", product.value),
                    )
                    .also(*earlier, "here")
                    .help("a product has one place among its upgrades: remove one of the two"),
                );
            } else {
                first.insert(key, product.span);
            }
        }
    }
}

/// There is something to upgrade to.
pub(super) fn groups_have_several_products(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for group in &context.declared.groups {
        if group.body.as_ref().is_some_and(|body| body.products.len() < 2) {
            found.push(
                Diagnostic::error(
                    "group-too-small",
                    group.span(),
                    format!("`{}` has nothing to upgrade to", group.id.value),
                )
                .help("list at least two products, from the lowest to the highest, or remove the group"),
            );
        }
    }
}
