//! Which rules a change breaks, where one says more than another.

use super::names::{
    COUPON_CHANGED, COUPON_MAKES_FREE, COUPON_WIDENED, NO_LONGER_FREE, PRICE_LOWERED, PRICE_NOW_FREE, PRICE_RAISED,
    PRICE_SLASHED, TIERS_CHANGED,
};
use super::{Bounds, Rule, rules};
use crate::changes::{Change, What};

/// A rule with those that have nothing to add where it is broken.
const SAY_MORE: &[(&str, &[&str])] = &[
    // What was free for some and is dearer for others is one decision.
    (NO_LONGER_FREE, &[PRICE_RAISED]),
    (PRICE_NOW_FREE, &[PRICE_SLASHED, PRICE_LOWERED]),
    (PRICE_SLASHED, &[PRICE_LOWERED]),
    (COUPON_MAKES_FREE, &[COUPON_CHANGED, COUPON_WIDENED]),
];

/// The rules that a change breaks; that tiers changed at all is said where no other rule says how.
pub(super) fn broken_by(change: &Change, bounds: &Bounds) -> Vec<&'static Rule> {
    let is_broken = |rule: &&Rule| rule.breaks.is_some_and(|breaks| breaks(change, bounds));
    let mut broken: Vec<&Rule> = rules().filter(is_broken).collect();
    if broken.len() > 1 {
        broken.retain(|rule| rule.id != TIERS_CHANGED);
    }
    for (said, others) in SAY_MORE {
        if broken.iter().any(|rule| rule.id == *said) {
            broken.retain(|rule| !others.contains(&rule.id));
        }
    }
    // An announcement that comes on another day is one thing to accept, as bad as the worst that it does.
    if matches!(change.what, What::Moved { .. })
        && let Some(worst) = broken.iter().map(|rule| rule.level).max()
    {
        broken.retain(|rule| rule.level == worst);
        broken.truncate(1);
    }
    broken
}
