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
    /// The product whose name or id it is made of.
    product: Option<Span>,
}

/// Texts are as long as every target allows, and hold only characters that it allows.
pub(super) fn texts_fit_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let texts = all(context);
    // What a pattern brings into every text that it gives is one problem.
    let mut patterns = HashSet::new();
    // A name or an id that is too long is so in all that is made of it.
    let mut too_long = HashSet::new();
    for target in context.limits {
        for limit in target.texts {
            for text in texts.iter().filter(|text| text.of == limit.of) {
                let problem = check(text, limit, target.target);
                let of_pattern = |span: Span| text.pattern.is_some_and(|pattern| pattern.span == span);
                found.extend(problem.filter(|problem| {
                    let place = problem.primary.0;
                    let of_product = text.product.filter(|_| problem.code == "text-too-long");
                    (!of_pattern(place) || patterns.insert((place, target.target)))
                        && of_product.is_none_or(|product| too_long.insert((product, is_name(text.of), target.target)))
                }));
            }
        }
    }
}

fn is_name(of: TextOf) -> bool {
    matches!(of, TextOf::Name | TextOf::ProductName)
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

/// A text as a message shows it: in one line, with all that it holds.
fn shortened(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(40) {
        match c.is_control() || is_invisible(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    if text.chars().nth(40).is_some() { shown + "…" } else { shown }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{feff}')
}

fn character(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\n' => "a line break".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", c as u32),
        c if is_invisible(c) => format!("the invisible character U+{:04X}", c as u32),
        c => format!("`{c}`"),
    }
}

fn what(of: TextOf) -> &'static str {
    match of {
        TextOf::Name => "the name",
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
        TextOf::FeatureId => "the feature's id",
        TextOf::FeatureName => "the feature's name",
        TextOf::MeterEvent => "the event name",
    }
}

fn all<'a>(context: &Context<'a>) -> Vec<Text<'a>> {
    let mut all = Vec::new();
    let mut add_made = |of, text: Cow<'a, str>, span, pattern, product| {
        all.push(Text { of, text, span, pattern, product });
    };
    for product in &context.products {
        let (body, meant) = (product.body, product.meant);
        let KindDecl { lookup_key, local_id, stripe_name, .. } = product.kind;
        let owner = Some(product.item.span());
        let mut add_from = |of, text: &'a str, span, pattern| add_made(of, Cow::Borrowed(text), span, pattern, owner);
        add_from(TextOf::LocalId, &meant.local_id, product.item.span(), local_id.as_ref());
        add_from(TextOf::ProductName, &meant.stripe_name, body.name.span, stripe_name.as_ref());
        add_from(TextOf::Name, &body.name.value, body.name.span, None);
        for (price, place) in meant.prices.iter().zip(product.price_places()) {
            let span = place.span();
            match place.written_lookup_key() {
                Some(_) => add_made(TextOf::LookupKey, Cow::Borrowed(&price.lookup_key), span, None, None),
                None => add_made(TextOf::LookupKey, Cow::Borrowed(&price.lookup_key), span, lookup_key.as_ref(), owner),
            }
            if price.local_id != meant.local_id {
                let mut add_from = |of, text: &'a str, pattern| add_made(of, Cow::Borrowed(text), span, pattern, owner);
                add_from(TextOf::LocalId, &price.local_id, local_id.as_ref());
                add_from(TextOf::ProductName, &price.stripe_name, stripe_name.as_ref());
            }
        }
        let mut add = |of, text, span| add_made(of, text, span, None, None);
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
    let mut add = |of, text, span| add_made(of, text, span, None, None);
    for item in &context.declared.coupons {
        let Some(coupon) = &item.body else { continue };
        add(TextOf::CouponId, Cow::Borrowed(&item.id.value), item.span());
        add(TextOf::CouponName, Cow::Borrowed(&coupon.name.value), coupon.name.span);
        for promotion in &coupon.promotion_codes {
            add(TextOf::PromotionCode, Cow::Borrowed(&promotion.code.value), promotion.code.span);
        }
    }
    for item in &context.declared.features {
        add(TextOf::FeatureId, Cow::Borrowed(&item.id.value), item.span());
        let Some(feature) = &item.body else { continue };
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
