//! Ids that patterns give to prices and Stripe products.

use std::collections::{HashMap, HashSet};

use super::context::{Context, Product};
use crate::catalog::StripeProductPer;
use crate::decl::KindDecl;
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use pricebook_types::unseen::is_unseen;
use unicode_normalization::UnicodeNormalization;

/// An id that a pattern gave.
struct Given<'a> {
    id: &'a str,
    span: Span,
    /// Where it was written out, rather than given by the pattern.
    written: Option<Span>,
    product: &'a Product<'a>,
}

/// A lookup key is one price's.
pub(super) fn lookup_keys_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let given = context.products.iter().flat_map(|product| {
        let keys = product.meant.prices.iter().map(|price| price.lookup_key.as_str());
        keys.zip(product.price_places()).map(move |(id, place)| {
            let written = place.written_lookup_key().map(|key| key.span);
            Given { id, span: place.span(), written, product }
        })
    });
    let what = ("duplicate-lookup-key", "prices get the lookup key", "lookup_key");
    report_twins(given, what, |kind| kind.lookup_key.as_ref(), found);
}

/// A local id is one Stripe product's.
pub(super) fn local_ids_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let given = context.products.iter().flat_map(|product| {
        let per_price = has_product_per_price(product);
        let ids: Vec<(&str, Span)> = match per_price {
            true => {
                let ids = product.meant.prices.iter().map(|price| price.local_id.as_str());
                ids.zip(product.price_places().map(|place| place.span())).collect()
            }
            false => vec![(&product.meant.local_id, product.item.span())],
        };
        ids.into_iter().map(move |(id, span)| Given { id, span, written: None, product })
    });
    let what = ("duplicate-local-id", "Stripe products get the local id", "local_id");
    report_twins(given, what, |kind| kind.local_id.as_ref(), found);
}

/// A name in Stripe is one product's: people find and adopt products by it, and customers read it on their invoices.
pub(super) fn stripe_names_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, (&str, Span)> = HashMap::new();
    let mut reported = HashSet::new();
    for product in &context.products {
        let per_price = has_product_per_price(product);
        let sold = product.meant.prices.iter().filter(|price| price.grandfathered.is_none());
        let names: Vec<&str> = match per_price {
            true => sold.map(|price| price.stripe_name.as_str()).collect(),
            false => vec![&product.meant.stripe_name],
        };
        let span = product.body.name.span;
        for name in names {
            let Some((twin, earlier)) = first.insert(as_read(name), (name, span)) else { continue };
            // Two products share the names of all their prices; a pattern without the price gives one product's twice.
            let place = if earlier == span { pattern_of(product) } else { span };
            if !reported.insert(place) {
                continue;
            }
            let message = match twin == name {
                true => format!("two Stripe products are called `{name}`"),
                false => {
                    format!("two Stripe products are called `{}` and `{}`, which reads alike", told(twin), told(name))
                }
            };
            found.push(match earlier == span {
                true => Diagnostic::error("duplicate-stripe-name", place, message)
                    .also(span, "for two prices of this product")
                    .help(match names_the_label(product) {
                        true => "give one of the two prices another `label`",
                        false => "put `{price.label}` into the pattern: `stripe: { name: … }`",
                    }),
                false => Diagnostic::error("duplicate-stripe-name", place, message)
                    .also(earlier, "the other")
                    .help("give one of them another name"),
            });
        }
    }
}

/// Whether a Stripe product stands for each price.
fn has_product_per_price(product: &Product<'_>) -> bool {
    product.kind.product_per.as_ref().is_some_and(|per| per.value == StripeProductPer::Price)
}

/// A name as people tell it from others: in any case and form of its letters (`Ｐ` is `P`), with blanks of any sort and number,
/// without what nobody sees.
fn as_read(name: &str) -> String {
    let seen = name.chars().filter(|char| !is_unseen(*char)).nfkc().collect::<String>();
    // By way of capitals `ß` and `ss` are one, as in Unicode's case folding.
    let folded = seen.to_uppercase().to_lowercase().nfkc().collect::<String>();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name with what nobody sees as its number.
fn told(name: &str) -> String {
    let told = |char: char| match is_unseen(char) {
        true => char.escape_unicode().to_string(),
        false => char.to_string(),
    };
    name.chars().map(told).collect()
}

/// Whether the names of a product's prices hold their labels, as they do without a pattern of the kind's own.
fn names_the_label(product: &Product<'_>) -> bool {
    product.kind.stripe_name.as_ref().is_none_or(|pattern| pattern.value.contains("{price.label}"))
}

/// Where the kind says what its products are called in Stripe, or else the kind.
fn pattern_of(product: &Product<'_>) -> Span {
    product.kind.stripe_name.as_ref().map_or(product.kind_item.id.span, |pattern| pattern.span)
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
        // What was written is what can be changed; of two that were, the later one is.
        let by_hand = twin.written.map(|written| (written, earlier.written.unwrap_or(earlier.span)));
        if let Some((written, other)) = by_hand.or_else(|| Some((earlier.written?, twin.span))) {
            found.push(
                Diagnostic::error(code, written, message)
                    .also(other, "the other")
                    .help("write another one, or remove it: the kind's pattern gives one"),
            );
            continue;
        }
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
