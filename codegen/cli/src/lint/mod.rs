//! Changes that break a promise to customers, unless the catalog gives a reason.

mod rules;

use pricebook_model::Catalog;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::changes::{Change, Subject, changes};
pub use rules::RULES;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// To be known.
    Note,
    /// To be thought about.
    Warning,
    /// To be accepted with a reason, or undone.
    Error,
}

/// How far prices may move without a reason, in percent.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Upwards.
    pub max_raise: Decimal,
    /// Downwards.
    pub max_cut: Decimal,
}

/// A rule about one change.
#[derive(Debug)]
pub struct Rule {
    /// In kebab case; what `accept:` names.
    pub id: &'static str,
    /// How bad it is to break it.
    pub level: Level,
    /// What it forbids and why, in one or two sentences.
    pub about: &'static str,
    /// Whether a change breaks it.
    pub breaks: fn(&Change, &Bounds) -> bool,
}

/// A broken rule.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's level.
    pub level: Level,
    /// What changed, in words.
    pub message: String,
    /// What it is about.
    pub subject: Subject,
    /// Why the catalog says that it is meant.
    pub accepted: Option<String>,
}

impl Rule {
    /// For `cargo catalog explain`.
    pub fn explanation(&self) -> String {
        let level = match self.level {
            Level::Note => "a note",
            Level::Warning => "a warning",
            Level::Error => "an error",
        };
        let Self { id, about, .. } = self;
        format!(
            "# {id}\n\n{about}\n\n`cargo catalog lint` reports it as {level}. Where it is meant, say why at the product or \
             the price:\n\n```yaml\naccept: {{ {id}: \"Agreed with every customer.\" }}\n```"
        )
    }
}

impl Level {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Every rule that the changes from `old` to `new` break, in the order of the changes.
pub fn lint(old: &Catalog, new: &Catalog, bounds: &Bounds) -> Vec<Finding> {
    let mut findings = Vec::new();
    for change in changes(old, new) {
        let broken = RULES.iter().filter(|rule| (rule.breaks)(&change, bounds));
        findings.extend(broken.map(|rule| Finding {
            rule: rule.id,
            level: rule.level,
            message: change.to_string(),
            subject: change.subject.clone(),
            accepted: reason(new, &change.subject, rule.id),
        }));
    }
    findings
}

/// The reason that the price gives, or else its product.
fn reason(catalog: &Catalog, subject: &Subject, rule: &str) -> Option<String> {
    let (kind, id) = subject.of_product()?;
    let product = catalog.products.iter().find(|product| product.kind == kind && product.id == id)?;
    let of_price = match subject {
        Subject::Price { key, .. } => product.prices.iter().find(|price| price.key == *key),
        _ => None,
    };
    let accepts = of_price.into_iter().flat_map(|price| &price.accepts).chain(&product.accepts);
    accepts.into_iter().find(|(accepted, _)| accepted == rule).map(|(_, reason)| reason.clone())
}
