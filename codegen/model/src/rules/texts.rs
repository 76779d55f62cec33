//! Texts that targets limit in length and alphabet: names in Stripe, keys, descriptors, codes.

use std::borrow::Cow;
use std::collections::HashSet;

use pricebook_types::unseen::{is_unassigned_for_all, is_unseen, looks_blank};

use super::context::{Context, Product};
use crate::catalog::{StripeProductPer, Value};
use crate::decl::{KindDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::limits::{TextLimit, TextOf};
use crate::source::{Span, Spanned};

/// A text with its place.
pub(super) struct Text<'a> {
    pub(super) of: TextOf,
    pub(super) text: Cow<'a, str>,
    pub(super) span: Span,
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
    // A unit may be two texts at one place.
    let mut units = HashSet::new();
    for target in context.limits {
        for limit in target.texts {
            for text in texts.iter().filter(|text| text.of == limit.of) {
                let problem = check(text, limit, target.target);
                let of_pattern = |span: Span| text.pattern.is_some_and(|pattern| pattern.span == span);
                found.extend(problem.filter(|problem| {
                    let place = problem.primary.0;
                    let of_product = text.product.filter(|_| problem.code == "text-too-long");
                    let is_unit = matches!(text.of, TextOf::Unit | TextOf::UnitLabel);
                    (!is_unit || units.insert((place, problem.code)))
                        && (!of_pattern(place) || patterns.insert((place, target.target)))
                        && of_product.is_none_or(|product| too_long.insert((product, is_name(text.of), target.target)))
                }));
            }
        }
    }
}

/// A pattern of lookup keys holds nothing that nobody sees: then no price has the key that people read. What stands at a price
/// may be the key of an account.
pub(super) fn patterns_of_keys_can_be_read(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let kinds = context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref());
    for pattern in kinds.filter_map(|kind| kind.lookup_key.as_ref()) {
        if let Some(bad) = pattern.value.chars().find(|c| is_unseen(*c) || looks_blank(*c)) {
            let message = format!("the pattern `{}` holds {}", shortened(&pattern.value), character(bad));
            found.push(
                Diagnostic::error("text-with-forbidden-character", pattern.span, message)
                    .help("remove it: every lookup key would hold it, and nobody see it"),
            );
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
        // What a product's name brings is reported of the name.
        if text.of == TextOf::ProductName && pattern.is_none() {
            return None;
        }
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
        let help = match text.of {
            TextOf::MetadataValue => "write a value, or leave the key out",
            _ => "lengthen it, or leave it out",
        };
        return Some(error("text-too-short", message).help(help));
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
        match c.is_control() || is_unseen(c) || looks_blank(c) || is_unassigned_for_all(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    if text.chars().nth(40).is_some() { shown + "…" } else { shown }
}

fn character(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\n' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", c as u32),
        '\u{a0}' => "a blank without a break (U+00A0)".to_owned(),
        c if looks_blank(c) => format!("another blank than that of the space bar (U+{:04X})", c as u32),
        c if is_unseen(c) => format!("the invisible character U+{:04X}", c as u32),
        c if is_unassigned_for_all(c) => format!("the character without a meaning U+{:04X}", c as u32),
        c => format!("`{c}`"),
    }
}

fn what(of: TextOf) -> &'static str {
    match of {
        TextOf::Name => "the name",
        TextOf::Title => "the title",
        TextOf::Label => "the label",
        TextOf::Unit => "the unit",
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
        TextOf::MeterName => "the meter's name",
        TextOf::GroupName => "the group's name",
        TextOf::MeterEvent => "the event name",
    }
}

/// Every text that some target limits.
pub(super) fn all<'a>(context: &Context<'a>) -> Vec<Text<'a>> {
    let mut texts = Texts(Vec::new());
    for product in &context.products {
        texts.made_of(product);
        texts.written_at(product);
    }
    for item in &context.declared.coupons {
        let Some(coupon) = &item.body else { continue };
        texts.add(TextOf::CouponId, &item.id);
        texts.add(TextOf::CouponName, &coupon.name);
        texts.add_all(TextOf::PromotionCode, coupon.promotion_codes.iter().map(|promotion| &promotion.code));
    }
    for item in &context.declared.features {
        texts.add(TextOf::FeatureId, &item.id);
        let Some(feature) = &item.body else { continue };
        texts.add(TextOf::FeatureName, &feature.name);
        texts.add_all(TextOf::Unit, &feature.unit);
    }
    for meter in context.declared.meters.iter().filter_map(|meter| meter.body.as_ref()) {
        texts.add(TextOf::MeterName, &meter.name);
        texts.add(TextOf::MeterEvent, &meter.event_name);
    }
    let catalog = context.declared.catalog.iter().filter_map(|catalog| catalog.body.as_ref());
    texts.add_all(TextOf::Title, catalog.map(|catalog| &catalog.title));
    let kinds = context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref());
    texts.add_all(TextOf::Title, kinds.filter_map(|kind| kind.title.as_ref()));
    let groups = context.declared.groups.iter().filter_map(|group| group.body.as_ref());
    texts.add_all(TextOf::GroupName, groups.map(|group| &group.name));
    texts.0
}

struct Texts<'a>(Vec<Text<'a>>);

impl<'a> Texts<'a> {
    fn add(&mut self, of: TextOf, text: &'a Spanned<String>) {
        self.0.push(Text { of, text: Cow::Borrowed(&text.value), span: text.span, pattern: None, product: None });
    }

    fn add_all(&mut self, of: TextOf, texts: impl IntoIterator<Item = &'a Spanned<String>>) {
        texts.into_iter().for_each(|text| self.add(of, text));
    }

    /// What is made of a product's name and id, by the patterns of its kind.
    fn made_of(&mut self, product: &Product<'a>) {
        let (body, meant) = (product.body, product.meant);
        let KindDecl { lookup_key, local_id, stripe_name, .. } = product.kind;
        let owner = Some(product.item.span());
        let mut add = |of, text: &'a str, span, pattern, product| {
            self.0.push(Text { of, text: Cow::Borrowed(text), span, pattern, product });
        };
        add(TextOf::LocalId, &meant.local_id, product.item.span(), local_id.as_ref(), owner);
        add(TextOf::ProductName, &meant.stripe_name, body.name.span, stripe_name.as_ref(), owner);
        add(TextOf::Name, &body.name.value, body.name.span, None, owner);
        for (price, place) in meant.prices.iter().zip(product.price_places()) {
            let span = place.span();
            match place.written_lookup_key() {
                Some(_) => add(TextOf::LookupKey, &price.lookup_key, span, None, None),
                None => add(TextOf::LookupKey, &price.lookup_key, span, lookup_key.as_ref(), owner),
            }
            if price.local_id != meant.local_id {
                add(TextOf::LocalId, &price.local_id, span, local_id.as_ref(), owner);
                add(TextOf::ProductName, &price.stripe_name, span, stripe_name.as_ref(), owner);
            }
        }
    }

    /// What stands at a product as it is written.
    fn written_at(&mut self, product: &Product<'a>) {
        let body = product.body;
        self.add_all(TextOf::ProductDescription, &body.description);
        self.add_all(TextOf::StatementDescriptor, &body.statement_descriptor);
        self.add_all(TextOf::TaxCode, &body.tax_code);
        self.add_all(TextOf::UnitLabel, &body.unit_label);
        self.add_all(TextOf::Url, &body.url);
        self.add_all(TextOf::Image, &body.images);
        self.add_all(TextOf::MarketingFeature, &body.marketing_features);
        for price in &body.prices {
            self.add_all(TextOf::Label, &price.label);
            self.add_all(TextOf::Unit, &price.unit);
            if names_the_unit(product, price) {
                self.add_all(TextOf::UnitLabel, &price.unit);
            }
        }
        for (key, value) in product.metadata().flatten() {
            self.add(TextOf::MetadataKey, key);
            let (of, text) = (TextOf::MetadataValue, as_text(&value.value));
            self.0.push(Text { of, text, span: value.span, pattern: None, product: None });
        }
    }
}

/// Whether a product without a unit label has the unit of its price for one: of every price that it stands for.
fn names_the_unit(product: &Product<'_>, price: &PriceDecl) -> bool {
    let per_price = product.kind.product_per.as_ref().is_some_and(|per| per.value == StripeProductPer::Price);
    let mut sold = product.meant.prices.iter().filter(|price| price.grandfathered.is_none());
    let unit = price.unit.as_ref().map(|unit| unit.value.as_str());
    product.body.unit_label.is_none() && (per_price || sold.all(|sold| sold.unit.as_deref() == unit))
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
