//! The price list and the entitlement matrix as Markdown, for everybody who does not read YAML.

mod coupons;
mod entitlements;
mod markdown;
mod price_list;

use pricebook_model::Catalog;
use pricebook_model::limits::{Form, TargetLimits, TextLimit, TextOf};

use crate::Artifact;

/// Markdown takes any text; but in a list of names, people can only tell apart what they see.
pub const LIMITS: &[TargetLimits] = &[TargetLimits { texts: &[NAME], ..TargetLimits::none("the price list") }];

const NAME: TextLimit = TextLimit {
    of: TextOf::Name,
    min_chars: 1,
    max_chars: usize::MAX,
    allows: |c| !c.is_control() && !is_invisible(c),
    allowed: "all characters of one line that can be seen",
    form: Some(Form { holds: |name| name.trim() == name, words: "a text without blanks at its ends" }),
};

/// Soft hyphens, blanks without width, and what turns the direction of the text behind it; not what joins letters.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
