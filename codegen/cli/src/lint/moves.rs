//! How far a change moves what customers pay, as far as it is to be judged.

use rust_decimal::Decimal;

use super::Bounds;
use crate::changes::{Change, What};

/// In percent; what was announced was judged when it was, and counts again where its day is still to come.
pub(super) fn raise_of(change: &Change, bounds: &Bounds) -> Option<Decimal> {
    match change.what {
        _ if bounds.is_due(&change.what) || !change.what.goes_on(true) => None,
        What::Amount { percent, .. } | What::Announced { percent, .. } => percent,
        What::Tiers { raise, .. } | What::Moved { raise, .. } => raise,
        _ => None,
    }
}

/// As [`raise_of`], below 0.
pub(super) fn cut_of(change: &Change, bounds: &Bounds) -> Option<Decimal> {
    match change.what {
        _ if bounds.is_due(&change.what) || !change.what.goes_on(false) => None,
        What::Amount { percent, .. } | What::Announced { percent, .. } => percent,
        What::Tiers { cut, .. } | What::Moved { cut, .. } => cut,
        _ => None,
    }
}
