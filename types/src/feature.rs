//! Typed entitlements and what products grant of them.

use serde::{Deserialize, Serialize};

/// Whether a feature is a yes-or-no or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    /// On or off.
    Switch,
    /// A number of units, or unlimited.
    Quantity,
}

/// An entitlement that products can grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The id in the catalog, in snake case.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is, or empty.
    pub description: &'static str,
    /// Switch or quantity.
    pub kind: FeatureKind,
    /// What a quantity counts (`contact`, `GB`), for quantities only.
    pub unit: Option<&'static str>,
}

/// How much of a feature is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Limit {
    /// A switch that is off; the same as not being listed.
    Off,
    /// A switch that is on.
    On,
    /// At most so many units.
    AtMost(u64),
    /// As many units as wanted.
    Unlimited,
}

impl Limit {
    /// Whether `quantity` units are within the limit; a switch that is on allows any.
    pub const fn allows(self, quantity: u64) -> bool {
        match self {
            Self::Off => quantity == 0,
            Self::On | Self::Unlimited => true,
            Self::AtMost(most) => quantity <= most,
        }
    }
}

/// One feature as one product grants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The feature's id.
    pub feature: &'static str,
    /// How much of it.
    pub limit: Limit,
}
