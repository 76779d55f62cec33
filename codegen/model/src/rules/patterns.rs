//! Ids that patterns give to prices and Stripe products.

use std::collections::{HashMap, HashSet};

use super::context::{Context, Product};
use crate::catalog::StripeProductPer;
use crate::decl::KindDecl;
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// An id that a pattern gave.
struct Given<'a> {
    id: &'a str,
    span: Span,
    product: &'a Product<'a>,
}

/// A lookup key is one price's.
pub(super) fn lookup_keys_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let given = context.products.iter().flat_map(|product| {
        let places = product.price_places().map(|(_, span)| span);
        let keys = product.meant.prices.iter().map(|price| price.lookup_key.as_str());
        keys.zip(places).map(move |(id, span)| Given { id, span, product })
    });
    let what = ("duplicate-lookup-key", "prices get the lookup key", "lookup_key");
    report_twins(given, what, |kind| kind.lookup_key.as_ref(), found);
}

/// A local id is one Stripe product's.
pub(super) fn local_ids_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let given = context.products.iter().flat_map(|product| {
        let per_price = product.kind.product_per.as_ref().is_some_and(|per| per.value == StripeProductPer::Price);
        let ids: Vec<(&str, Span)> = match per_price {
            true => {
                let ids = product.meant.prices.iter().map(|price| price.local_id.as_str());
                ids.zip(product.price_places().map(|(_, span)| span)).collect()
            }
            false => vec![(&product.meant.local_id, product.item.span())],
        };
        ids.into_iter().map(move |(id, span)| Given { id, span, product })
    });
    let what = ("duplicate-local-id", "Stripe products get the local id", "local_id");
    report_twins(given, what, |kind| kind.local_id.as_ref(), found);
}

/// Reports equal ids, once for two kinds: they follow from patterns, so that one mistake gives many.
fn report_twins<'a>(
    given: impl Iterator<Item = Given<'a>>,
    (code, what, key): (&'static str, &str, &str),
    pattern: impl Fn(&'a KindDecl) -> Option<&'a Spanned<String>>,
    found: &mut Vec<Diagnostic>,
) {
    let mut first: HashMap<&str, Given<'_>> = HashMap::new();
    let mut reported = HashSet::new();
    for twin in given {
        let Some(earlier) = first.get(twin.id) else {
            first.insert(twin.id, twin);
            continue;
        };
        let kinds = (earlier.product.kind_item.id.span, twin.product.kind_item.id.span);
        if !reported.insert(kinds) {
            continue;
        }
        let message = format!("two {what} `{}`", twin.id);
        found.push(match pattern(twin.product.kind) {
            Some(pattern) => Diagnostic::error(code, pattern.span, message)
                .also(earlier.span, "this one")
                .also(twin.span, "and this one")
                .help("put into the pattern what tells the two apart, such as `{id}` and `{price}`"),
            None => Diagnostic::error(code, twin.span, message)
                .also(earlier.span, "the other")
                .help(format!("give the kind a pattern of its own: `{key}: …`")),
        });
    }
}
