//! The price list and the entitlement matrix as Markdown, for everybody who does not read YAML.

mod coupons;
mod entitlements;
mod markdown;
mod price_list;

use pricebook_model::Catalog;
use pricebook_model::limits::{Form, TargetLimits, TextLimit, TextOf};
use pricebook_types::unseen::is_of_a_name;

use crate::Artifact;

/// Markdown takes any text; but in a list of names, people can only tell apart what they see.
pub const LIMITS: &[TargetLimits] = &[TargetLimits {
    texts: &[
        name(TextOf::Name),
        name(TextOf::Title),
        name(TextOf::Label),
        name(TextOf::Unit),
        name(TextOf::FeatureName),
        name(TextOf::MeterName),
        name(TextOf::GroupName),
        name(TextOf::CouponName),
        TextLimit { form: None, ..name(TextOf::UnitLabel) },
        TextLimit { form: None, ..name(TextOf::MarketingFeature) },
    ],
    ..TargetLimits::none("the price list")
}];

const fn name(of: TextOf) -> TextLimit {
    TextLimit {
        of,
        min_chars: 1,
        max_chars: usize::MAX,
        allows: is_of_a_name,
        allowed: "all characters of one line that can be seen, and the blank of the space bar",
        form: Some(Form { holds: |name| name.trim() == name, words: "a text without blanks at its ends" }),
    }
}

/// `docs/price-list.md` and `docs/entitlements.md`.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    vec![
        Artifact::new("docs/price-list.md", price_list::page(catalog)),
        Artifact::new("docs/entitlements.md", entitlements::page(catalog)),
    ]
}

/// The header as an HTML comment, which Markdown does not show.
fn header(lines: &[String]) -> String {
    format!("<!--\n{}\n-->", lines.join("\n"))
}
