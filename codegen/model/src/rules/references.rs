//! References by id: features, meters, kinds and products.

use std::collections::HashMap;

use super::context::{Context, is_metered};
use crate::decl::ProductRef;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::source::{Span, Spanned};

/// Products grant features that are declared.
pub(super) fn granted_features_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (id, _) in context.products.iter().flat_map(|product| &product.body.features) {
        found.extend(unknown(context, "feature", id));
    }
}

/// Metered prices name meters that are declared.
pub(super) fn named_meters_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for meter in context.prices().filter(|price| is_metered(price)).filter_map(|price| price.meter.as_ref()) {
        found.extend(unknown(context, "meter", meter));
    }
}

/// Meters count different events.
pub(super) fn meter_events_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for event in context.declared.meters.iter().filter_map(|meter| Some(&meter.body.as_ref()?.event_name)) {
        if let Some(earlier) = first.insert(&event.value, event.span) {
            found.push(
                Diagnostic::error(
                    "duplicate-meter-event",
                    event.span,
                    format!("another meter counts `{}`", event.value),
                )
                .also(earlier, "this one")
                .help("let prices share the meter, or count another event"),
            );
        }
    }
}

/// Groups hold products of their kind.
pub(super) fn grouped_products_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for group in context.declared.groups.iter().filter_map(|group| group.body.as_ref()) {
        if let Some(diagnostic) = unknown(context, "kind", &group.kind) {
            found.push(diagnostic);
            continue;
        }
        for product in &group.products {
            found.extend(unknown_product(context, &group.kind.value, &product.value, product.span));
        }
    }
}

/// Coupons are limited to products that are declared.
pub(super) fn discounted_products_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in context.declared.coupons.iter().filter_map(|coupon| coupon.body.as_ref()) {
        for Spanned { value: ProductRef { what, id }, span } in &coupon.applies_to {
            let kind = Spanned { value: what.clone(), span: *span };
            match unknown(context, "kind", &kind) {
                Some(diagnostic) => found.push(diagnostic),
                None => found.extend(unknown_product(context, what, id, *span)),
            }
        }
    }
}

/// `retired:` says of what sort an id is.
pub(super) fn retired_sorts_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for line in &context.declared.retired {
        let what = line.value.what.as_str();
        if !matches!(what, "feature" | "price" | "coupon") && context.place_of("kind", what).is_none() {
            let sorts =
                context.ids_of("kind").iter().copied().chain(["feature", "price", "coupon"]).collect::<Vec<_>>();
            let diagnostic = Diagnostic::error("unknown-kind", line.span, format!("there is no kind `{what}`"));
            found.push(nearest::help(diagnostic, what, sorts.into_iter()));
        }
    }
}

fn unknown(context: &Context<'_>, what: &str, id: &Spanned<String>) -> Option<Diagnostic> {
    if context.place_of(what, &id.value).is_some() {
        return None;
    }
    let code = match what {
        "feature" => "unknown-feature",
        "meter" => "unknown-meter",
        _ => "unknown-kind",
    };
    let diagnostic = Diagnostic::error(code, id.span, format!("there is no {what} `{}`", id.value));
    Some(nearest::help(diagnostic, &id.value, context.ids_of(what).iter().copied()))
}

fn unknown_product(context: &Context<'_>, kind: &str, id: &str, span: Span) -> Option<Diagnostic> {
    if context.place_of(kind, id).is_some() {
        return None;
    }
    let diagnostic = Diagnostic::error("unknown-product", span, format!("there is no {kind} `{id}`"));
    Some(nearest::help(diagnostic, id, context.ids_of(kind).iter().copied()))
}
