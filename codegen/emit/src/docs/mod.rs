//! The price list and the entitlement matrix as Markdown, for everybody who does not read YAML.

mod entitlements;
mod markdown;
mod price_list;

use pricebook_model::{Catalog, limits::TargetLimits};

use crate::Artifact;

/// Markdown takes any text.
pub const LIMITS: &[TargetLimits] = &[TargetLimits::none("docs")];

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
