//! Products: what they say about themselves, and what they grant.

use std::collections::HashMap;

use pricebook_types::{FeatureKind, Limit};

use super::context::{Context, Product};
use crate::decl::FeatureDecl;
use crate::diagnostic::Diagnostic;
use crate::equal_reports::MAX_PLACES;
use crate::source::Spanned;

/// What is announced only cannot be bought.
pub(super) fn coming_soon_products_are_not_active(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { item, body, .. } in &context.products {
        let Some(soon) = body.coming_soon.as_ref().filter(|soon| soon.value) else { continue };
        let active = body.active.as_ref();
        if active.is_none_or(|active| active.value) {
            let message = format!("`{}` is coming soon, and can be bought", item.id.value);
            let diagnostic = Diagnostic::error("coming-soon-but-active", soon.span, message);
            found.push(match active {
                Some(active) => {
                    diagnostic.also(active.span, "active").help("write `active: false`, or remove `coming_soon`")
                }
                None => diagnostic.help("products are active by default: add `active: false`, or remove `coming_soon`"),
            });
        }
    }
}

/// What cannot be bought yet asks for nothing.
pub(super) fn coming_soon_products_have_no_deposit(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { item, body, .. } in &context.products {
        let (Some(soon), Some(deposit)) = (body.coming_soon.as_ref().filter(|soon| soon.value), &body.deposit) else {
            continue;
        };
        let message = format!("`{}` is coming soon, and asks for a deposit", item.id.value);
        found.push(
            Diagnostic::error("coming-soon-with-deposit", deposit.span, message)
                .also(soon.span, "coming soon")
                .help("remove `deposit` until the product is sold"),
        );
    }
}

/// No picture is shown and no marketing feature is listed twice.
pub(super) fn lists_repeat_nothing(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in &context.products {
        for (what, list) in [("image", &product.body.images), ("marketing feature", &product.body.marketing_features)] {
            repeated_entries(what, list, found);
        }
    }
}

/// A kind names each price that it allows or requires once.
pub(super) fn price_policies_repeat_nothing(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for kind in context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref()) {
        for list in [&kind.prices.allowed, &kind.prices.required] {
            repeated_entries("price", list, found);
        }
    }
}

fn repeated_entries(what: &str, list: &[Spanned<String>], found: &mut Vec<Diagnostic>) {
    let mut first = HashMap::new();
    for entry in list {
        if let Some(first) = first.insert(entry.value.as_str(), entry.span) {
            found.push(
                Diagnostic::error("repeated-entry", entry.span, format!("the same {what} twice"))
                    .also(first, "first here")
                    .help("remove one of them"),
            );
        }
    }
}

/// What is not shipped has no package.
pub(super) fn packages_are_shipped(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { item, body, .. } in &context.products {
        let (Some(shippable), Some(package)) = (&body.shippable, &body.package_dimensions) else { continue };
        if !shippable.value {
            let message = format!("`{}` is not shipped, and has a package", item.id.value);
            found.push(
                Diagnostic::error("package-not-shipped", shippable.span, message)
                    .also(package.height.span, "its size")
                    .help("write `shippable: true`, or remove `package_dimensions`"),
            );
        }
    }
}

/// Metadata does not hide the marketing features, with which it shares one JSON object.
pub(super) fn metadata_has_no_key_features(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (key, _) in context.products.iter().flat_map(|product| &product.body.metadata) {
        if key.value == "features" {
            found.push(
                Diagnostic::error("metadata-key-features", key.span, "metadata cannot have the key `features`")
                    .label("would replace the marketing features in the same JSON object")
                    .help("choose another key, or list them under `marketing_features:`"),
            );
        }
    }
}

/// Metadata does not hide the keys by which objects in Stripe are found again.
pub(super) fn metadata_has_no_key_of_ours(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (key, _) in context.products.iter().flat_map(|product| product.metadata().flatten()) {
        if key.value.starts_with("pricebook_") {
            let message = format!("the metadata key `{}` is kept for finding the object again", key.value);
            found.push(
                Diagnostic::error("metadata-key-reserved", key.span, message)
                    .help("choose a key that does not begin with `pricebook_`"),
            );
        }
    }
}

/// Only quantities count something.
pub(super) fn switches_have_no_unit(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for feature in context.declared.features.iter().filter_map(|feature| feature.body.as_ref()) {
        if let Some(unit) = feature.unit.as_ref().filter(|_| feature.kind.value == FeatureKind::Switch) {
            found.push(
                Diagnostic::error("unit-of-switch", unit.span, "a switch counts nothing")
                    .also(feature.kind.span, "a switch")
                    .help("remove `unit`, or write `type: quantity`"),
            );
        }
    }
}

/// Switches are granted by `true`, quantities by a number or `unlimited`.
pub(super) fn grants_fit_their_features(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut granted: HashMap<&str, Vec<&Spanned<Limit>>> = HashMap::new();
    for (id, limit) in context.products.iter().flat_map(|product| &product.body.features) {
        granted.entry(&id.value).or_default().push(limit);
    }
    for (id, limits) in granted {
        let Some(feature) = context.feature(id) else { continue };
        let kind = feature.kind.value;
        let misfits: Vec<_> = limits.iter().filter(|limit| !fits(kind, limit.value)).collect();
        // Where all of several products agree, it is the feature that says something else.
        if misfits.len() > 1 && misfits.len() == limits.len() {
            found.push(of_another_type(id, feature, &misfits));
            continue;
        }
        let (message, help) = match kind {
            FeatureKind::Switch => {
                (format!("`{id}` is a switch and cannot be counted"), "write `true`, or leave it out".to_owned())
            }
            FeatureKind::Quantity => {
                let unit = feature.unit.as_ref().map_or("any unit", |unit| &unit.value);
                let help = format!("write how many (it counts: {unit}), or `unlimited`");
                (format!("`{id}` is a quantity: how many?"), help)
            }
        };
        found.extend(misfits.iter().map(|limit| {
            Diagnostic::error("grant-of-wrong-type", limit.span, message.clone())
                .also(feature.kind.span, "declared here")
                .help(help.clone())
        }));
    }
}

fn fits(kind: FeatureKind, limit: Limit) -> bool {
    match kind {
        FeatureKind::Switch => matches!(limit, Limit::On | Limit::Off),
        FeatureKind::Quantity => matches!(limit, Limit::AtMost(_) | Limit::Unlimited),
    }
}

fn of_another_type(id: &str, feature: &FeatureDecl, limits: &[&&Spanned<Limit>]) -> Diagnostic {
    let (is, grants, other) = match feature.kind.value {
        FeatureKind::Switch => ("a switch", "counts it", "quantity"),
        FeatureKind::Quantity => ("a quantity", "says no number", "switch"),
    };
    let message = format!("`{id}` is {is}, and every product that grants it {grants}");
    let mut diagnostic = Diagnostic::error("grant-of-wrong-type", feature.kind.span, message);
    for limit in limits.iter().take(MAX_PLACES) {
        diagnostic = diagnostic.also(limit.span, "here");
    }
    diagnostic.help(format!("write `type: {other}`, or change what {} products grant", limits.len()))
}
