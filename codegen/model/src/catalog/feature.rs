//! What products grant, what counts their use, and groups of products.

use pricebook_types::FeatureKind;
use serde::Serialize;

/// An entitlement.
#[derive(Clone, Debug, Serialize)]
pub struct Feature {
    /// In snake case.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What it is, or empty.
    pub description: String,
    /// The id it had before a rename.
    pub was: Option<String>,
    /// Switch or quantity.
    pub kind: FeatureKind,
    /// What a quantity counts.
    pub unit: Option<String>,
}

/// A Stripe meter.
#[derive(Clone, Debug, Serialize)]
pub struct Meter {
    /// In snake case.
    pub id: String,
    /// Stripe's `display_name`.
    pub name: String,
    /// Stripe's `event_name`.
    pub event_name: String,
    /// Stripe's `default_aggregation.formula`.
    pub aggregation: Aggregation,
}

/// How a meter adds up events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// The sum of their values.
    Sum,
    /// Their number.
    Count,
    /// The last value.
    Last,
}

/// Products of one kind, from the lowest to the highest.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// In snake case.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The kind's id.
    pub kind: String,
    /// Product ids, from the lowest to the highest.
    pub products: Vec<String>,
    /// Lint rules that are accepted for this group, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}
