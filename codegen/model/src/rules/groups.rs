//! Groups of products that upgrade and downgrade among themselves.

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// A product stands in one group, once; all that two groups share is one report. A group of one product is reported as such, and where the group's kind lacks a
/// product, the others may be other ones than were meant.
pub(super) fn products_stand_in_one_group(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(&str, &str), (usize, Span)> = HashMap::new();
    let groups = context.declared.groups.iter().filter_map(|group| group.body.as_ref());
    for (number, group) in groups.enumerate().filter(|(_, group)| group.products.len() > 1) {
        let kind = group.kind.value.as_str();
        if group.products.iter().any(|product| context.place_of(kind, &product.value).is_none()) {
            continue;
        }
        let mut shared: BTreeMap<usize, Vec<(&Spanned<String>, Span)>> = BTreeMap::new();
        for product in &group.products {
            match first.get(&(kind, product.value.as_str())) {
                Some((of, earlier)) => shared.entry(*of).or_default().push((product, *earlier)),
                None => drop(first.insert((kind, &product.value), (number, product.span))),
            }
        }
        found.extend(shared.into_values().map(|shared| in_a_group_already(&shared)));
    }
}

fn in_a_group_already(shared: &[(&Spanned<String>, Span)]) -> Diagnostic {
    let named: Vec<String> = shared.iter().map(|(product, _)| format!("`{}`", product.value)).collect();
    let is = if named.len() == 1 { "is" } else { "are" };
    let message = format!("{} {is} in a group already", named.join(", "));
    let diagnostic = Diagnostic::error("group-repeats-product", shared[0].0.span, message).also(shared[0].1, "here");
    let diagnostic = shared[1..].iter().fold(diagnostic, |diagnostic, (product, earlier)| {
        diagnostic.also(product.span, "and this").also(*earlier, "here")
    });
    diagnostic.help("a product has one place among its upgrades: remove one of the two")
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
