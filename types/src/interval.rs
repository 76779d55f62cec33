//! How often a recurring price is charged.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Stripe's `recurring.interval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalUnit {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl IntervalUnit {
    /// Stripe's word: `day`, `week`, `month` or `year`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A recurring interval: `count` units, as Stripe's `recurring.interval` and `recurring.interval_count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// The unit that is counted.
    pub unit: IntervalUnit,
    /// How many units lie between two charges; at least 1, at most three years in all (Stripe's limit).
    pub count: u16,
}

impl Interval {
    /// Every month.
    pub const MONTHLY: Self = Self { unit: IntervalUnit::Month, count: 1 };
    /// Every year.
    pub const YEARLY: Self = Self { unit: IntervalUnit::Year, count: 1 };
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str(self.unit.as_str()),
            count => write!(f, "{count} {}s", self.unit.as_str()),
        }
    }
}
