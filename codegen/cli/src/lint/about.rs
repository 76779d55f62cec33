//! What a change is about.

use crate::changes::{Change, Subject};

pub(super) fn is_price(change: &Change) -> bool {
    matches!(change.subject, Subject::Price { .. })
}

pub(super) fn is_product(change: &Change) -> bool {
    matches!(change.subject, Subject::Product { .. })
}

/// Products, features and coupons: what customers have.
pub(super) fn is_sold(change: &Change) -> bool {
    is_product(change) || matches!(section(change), Some("feature" | "coupon"))
}

pub(super) fn section(change: &Change) -> Option<&str> {
    match &change.subject {
        Subject::Entry { section, .. } => Some(section),
        _ => None,
    }
}
