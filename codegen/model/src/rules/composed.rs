//! Texts for people in their composed form: `é` in two characters looks like `é` in one, and is another text to programs.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::context::Context;
use super::texts;
use crate::decl::AttributeTypeDecl;
use crate::diagnostic::Diagnostic;
use crate::limits::TextOf;
use crate::source::Spanned;

/// What the catalog itself calls things, and values of enums, stand in Unicode's form NFC. Keys and values that an account or a
/// meter already has are taken as they are.
pub(super) fn texts_are_composed(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for text in texts::all(context).iter().filter(|text| is_ours(text.of)) {
        if !is_nfc(&text.text) {
            found.push(not_composed(&text.text, text.span));
        }
    }
    for value in values(context).filter(|value| !is_nfc(&value.value)) {
        found.push(not_composed(&value.value, value.span));
    }
}

fn is_ours(of: TextOf) -> bool {
    match of {
        TextOf::Name
        | TextOf::Title
        | TextOf::Label
        | TextOf::Unit
        | TextOf::ProductDescription
        | TextOf::MarketingFeature
        | TextOf::UnitLabel
        | TextOf::CouponName
        | TextOf::FeatureName
        | TextOf::MeterName
        | TextOf::GroupName => true,
        // Made of others, or of letters that have one form only, or what others know them by.
        TextOf::ProductName
        | TextOf::LookupKey
        | TextOf::LocalId
        | TextOf::MetadataKey
        | TextOf::MetadataValue
        | TextOf::StatementDescriptor
        | TextOf::Image
        | TextOf::Url
        | TextOf::TaxCode
        | TextOf::CouponId
        | TextOf::PromotionCode
        | TextOf::FeatureId
        | TextOf::MeterEvent => false,
    }
}

/// The values of enums and choices.
fn values<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Spanned<String>> {
    let enums = context.declared.enums.iter().filter_map(|item| item.body.as_ref());
    let kinds = context.declared.kinds.iter().filter_map(|kind| kind.body.as_ref());
    let choices = kinds.flat_map(|kind| &kind.attributes).filter_map(|attribute| match &attribute.ty.value {
        AttributeTypeDecl::OneOf(values) => Some(values),
        _ => None,
    });
    enums.flat_map(|body| body.values.iter().map(|(value, _)| value)).chain(choices.flatten())
}

fn not_composed(text: &str, span: crate::source::Span) -> Diagnostic {
    let escaped: String = text
        .chars()
        .map(|char| if char.is_ascii() { char.to_string() } else { char.escape_unicode().to_string() })
        .collect();
    Diagnostic::error("text-not-composed", span, "this text has letters in parts that are one character elsewhere")
        .label(format!("`{escaped}`"))
        .help(format!("write it composed (Unicode's form NFC): `{}`", text.nfc()))
}
