//! Which rules a change breaks, where one says more than another.

use super::rules::{NO_LONGER_FREE, PRICE_LOWERED, PRICE_RAISED, PRICE_SLASHED, TIERS_CHANGED};
use super::{Bounds, RULES, Rule};
use crate::changes::Change;

/// The rules that a change breaks; that tiers changed at all is said where no other rule says how.
pub(super) fn broken_by(change: &Change, bounds: &Bounds) -> Vec<&'static Rule> {
    let is_broken = |rule: &&Rule| rule.breaks.is_some_and(|breaks| breaks(change, bounds));
    let mut broken: Vec<&Rule> = RULES.iter().filter(is_broken).collect();
    if broken.len() > 1 {
        broken.retain(|rule| rule.id != TIERS_CHANGED);
    }
    // What was free for some and is dearer for others is one decision.
    if broken.iter().any(|rule| rule.id == NO_LONGER_FREE) {
        broken.retain(|rule| rule.id != PRICE_RAISED);
    }
    if broken.iter().any(|rule| rule.id == PRICE_SLASHED) {
        broken.retain(|rule| rule.id != PRICE_LOWERED);
    }
    broken
}
