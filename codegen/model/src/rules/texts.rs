//! Texts that targets limit in length and alphabet: names in Stripe, keys, descriptors, codes.

use std::borrow::Cow;
use std::collections::HashSet;

use super::context::Context;
use crate::catalog::Value;
use crate::decl::KindDecl;
use crate::diagnostic::Diagnostic;
use crate::limits::{TextLimit, TextOf};
use crate::source::{Span, Spanned};

/// A text with its place.
struct Text<'a> {
    of: TextOf,
    text: Cow<'a, str>,
    span: Span,
    /// The pattern that gave it.
    pattern: Option<&'a Spanned<String>>,
}

/// Texts are as long as every target allows, and hold only characters that it allows.
pub(super) fn texts_fit_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let texts = all(context);
    // What a pattern brings into every text that it gives is one problem.
    let mut patterns = HashSet::new();
    for target in context.limits {
        for limit in target.texts {
            for text in texts.iter().filter(|text| text.of == limit.of) {
                let problem = check(text, limit, target.target);
                let of_pattern = |span: Span| text.pattern.is_some_and(|pattern| pattern.span == span);
                found.extend(problem.filter(|problem| {
                    let place = problem.primary.0;
                    !of_pattern(place) || patterns.insert((place, target.target))
                }));
            }
        }
    }
}

fn check(text: &Text<'_>, limit: &TextLimit, target: &str) -> Option<Diagnostic> {
    let what = what(text.of);
    let chars = text.text.chars().count();
    let error = |code, message: String| Diagnostic::error(code, text.span, message);
    // Some texts follow from patterns, so what stands at the place is not what is too long.
    let shown = || format!("{what} `{}`", shortened(&text.text));
    if let Some(bad) = text.text.chars().find(|c| !(limit.allows)(*c)) {
        let message = format!("{} holds {}, which {target} does not allow", shown(), character(bad));
        let pattern = text.pattern.filter(|pattern| pattern.value.contains(bad));
        let place = pattern.map_or(text.span, |pattern| pattern.span);
        return Some(
            Diagnostic::error("text-with-forbidden-character", place, message)
                .help(format!("allowed: {}", limit.allowed)),
        );
    }
    if chars > limit.max_chars {
        let message = format!("{} has {chars} characters; {target} allows {}", shown(), limit.max_chars);
        return Some(error("text-too-long", message).help("shorten it"));
    }
    if chars < limit.min_chars {
        let message = match chars {
            0 => format!("{what} is empty, which {target} does not allow"),
            _ => format!("{} has {chars} characters; {target} demands {}", shown(), limit.min_chars),
        };
        return Some(error("text-too-short", message).help("lengthen it, or leave it out"));
    }
    let form = limit.form?;
    (!(form.holds)(&text.text)).then(|| {
        error("text-of-wrong-form", format!("{} is none for {target}", shown()))
            .help(format!("it must be {}", form.words))
    })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn character(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\n' => "a line break".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", c as u32),
        c => format!("`{c}`"),
    }
}

fn what(of: TextOf) -> &'static str {
    match of {
        TextOf::ProductName => "the name in Stripe",
        TextOf::ProductDescription => "the description",
        TextOf::LookupKey => "the lookup key",
        TextOf::LocalId => "the local id",
        TextOf::MetadataKey => "the metadata key",
        TextOf::MetadataValue => "the metadata value",
        TextOf::MarketingFeature => "the marketing feature",
        TextOf::StatementDescriptor => "the statement descriptor",
        TextOf::UnitLabel => "the unit label",
        TextOf::Image => "the address of the image",
        TextOf::Url => "the URL",
        TextOf::TaxCode => "the tax code",
        TextOf::CouponId => "the coupon's id",
        TextOf::CouponName => "the coupon's name",
        TextOf::PromotionCode => "the promotion code",
        TextOf::FeatureName => "the feature's name",
        TextOf::MeterEvent => "the event name",
    }
}

fn all<'a>(context: &Context<'a>) -> Vec<Text<'a>> {
    let mut all = Vec::new();
    let mut add_from = |of, text: Cow<'a, str>, span, pattern| all.push(Text { of, text, span, pattern });
    for product in &context.products {
        let (body, meant) = (product.body, product.meant);
        let KindDecl { lookup_key, local_id, stripe_name, .. } = product.kind;
        for (price, place) in meant.prices.iter().zip(product.price_places()) {
            let span = place.span();
            let pattern = lookup_key.as_ref().filter(|_| place.written_lookup_key().is_none());
            add_from(TextOf::LookupKey, Cow::Borrowed(&price.lookup_key), span, pattern);
            if price.local_id != meant.local_id {
                add_from(TextOf::LocalId, Cow::Borrowed(&price.local_id), span, local_id.as_ref());
                add_from(TextOf::ProductName, Cow::Borrowed(&price.stripe_name), span, stripe_name.as_ref());
            }
        }
        add_from(TextOf::LocalId, Cow::Borrowed(&meant.local_id), product.item.span(), local_id.as_ref());
        add_from(TextOf::ProductName, Cow::Borrowed(&meant.stripe_name), body.name.span, stripe_name.as_ref());
        let mut add = |of, text, span| add_from(of, text, span, None);
        if let Some(text) = &body.description {
            add(TextOf::ProductDescription, Cow::Borrowed(&text.value), text.span);
        }
        if let Some(text) = &body.statement_descriptor {
            add(TextOf::StatementDescriptor, Cow::Borrowed(&text.value), text.span);
        }
        if let Some(text) = &body.tax_code {
            add(TextOf::TaxCode, Cow::Borrowed(&text.value), text.span);
        }
        if let Some(text) = &body.unit_label {
            add(TextOf::UnitLabel, Cow::Borrowed(&text.value), text.span);
        }
        if let Some(text) = &body.url {
            add(TextOf::Url, Cow::Borrowed(&text.value), text.span);
        }
        for text in &body.images {
            add(TextOf::Image, Cow::Borrowed(&text.value), text.span);
        }
        for text in &body.marketing_features {
            add(TextOf::MarketingFeature, Cow::Borrowed(&text.value), text.span);
        }
        for (key, value) in product.metadata().flatten() {
            add(TextOf::MetadataKey, Cow::Borrowed(&key.value), key.span);
            add(TextOf::MetadataValue, as_text(&value.value), value.span);
        }
    }
    let mut add = |of, text, span| add_from(of, text, span, None);
    for item in &context.declared.coupons {
        let Some(coupon) = &item.body else { continue };
        add(TextOf::CouponId, Cow::Borrowed(&item.id.value), item.span());
        add(TextOf::CouponName, Cow::Borrowed(&coupon.name.value), coupon.name.span);
        for promotion in &coupon.promotion_codes {
            add(TextOf::PromotionCode, Cow::Borrowed(&promotion.code.value), promotion.code.span);
        }
    }
    for feature in context.declared.features.iter().filter_map(|feature| feature.body.as_ref()) {
        add(TextOf::FeatureName, Cow::Borrowed(&feature.name.value), feature.name.span);
    }
    for meter in context.declared.meters.iter().filter_map(|meter| meter.body.as_ref()) {
        add(TextOf::MeterEvent, Cow::Borrowed(&meter.event_name.value), meter.event_name.span);
    }
    all
}

fn as_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Integer(number) => Cow::Owned(number.to_string()),
        Value::Decimal(number) => Cow::Owned(number.to_string()),
        Value::Boolean(value) => Cow::Owned(value.to_string()),
        Value::List(items) => Cow::Owned(items.join(", ")),
    }
}

/// A product has no more of anything than every target can hold.
pub(super) fn counts_fit_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for target in context.limits {
        let mut check = |what: &str, has: usize, most: Option<usize>, extra: &dyn Fn(usize) -> Span| {
            if let Some(most) = most.filter(|most| has > *most) {
                let message = format!("{has} {what} are more than {} can hold", target.target);
                found.push(
                    Diagnostic::error("too-many-entries", extra(most), message)
                        .help(format!("at most {most}: this is the first too many")),
                );
            }
        };
        for product in &context.products {
            let body = product.body;
            let (metadata, features) = (&body.metadata, &body.marketing_features);
            check("metadata keys", metadata.len(), target.metadata_keys, &|at| metadata[at].0.span);
            for metadata in body.prices.iter().map(|price| &price.metadata) {
                check("metadata keys", metadata.len(), target.price_metadata_keys, &|at| metadata[at].0.span);
            }
            check("marketing features", features.len(), target.marketing_features, &|at| features[at].span);
            check("images", body.images.len(), target.images, &|at| body.images[at].span);
        }
    }
}
