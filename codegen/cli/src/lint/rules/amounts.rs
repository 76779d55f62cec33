//! Rules on what customers pay, now or from a day on.

use rust_decimal::Decimal;

use super::super::moves::{cut_of, raise_of};
use super::super::names::{MOST_CUT, NO_LONGER_FREE, PRICE_LOWERED, PRICE_NOW_FREE, PRICE_RAISED, PRICE_SLASHED};
use super::super::{Level, Rule};
use crate::changes::What;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: PRICE_RAISED,
        level: Level::Error,
        about: "A price rises by more than --max-raise percent, now or by an announced change, measured by what holds until \
                its day; of a tiered price, what some quantity costs. Customers who signed up for the old one are told \
                before. An announced change that is made before its day is one of now; one that comes on another day raises \
                what customers were told for the days between.",
        breaks: Some(|change, bounds| raise_of(change, bounds).is_some_and(|raise| raise > bounds.max_raise)),
    },
    Rule {
        id: PRICE_LOWERED,
        level: Level::Warning,
        about: "A price falls by more than --max-cut percent; of a tiered price, what some quantity costs. Often a digit \
                is missing.",
        breaks: Some(|change, bounds| cut_of(change, bounds).is_some_and(|cut| -cut > bounds.max_cut)),
    },
    Rule {
        id: PRICE_SLASHED,
        level: Level::Error,
        about: "A price falls by 75 percent or more, or by more than --max-cut where that is larger; of a tiered price, what \
                some quantity costs. A decimal point that slipped by one place takes 90 percent off.",
        breaks: Some(|change, bounds| {
            cut_of(change, bounds).is_some_and(|cut| -cut >= MOST_CUT && -cut > bounds.max_cut)
        }),
    },
    Rule {
        id: PRICE_NOW_FREE,
        level: Level::Error,
        about: "What cost something costs nothing, if only for some quantity, now or from an announced day on.",
        breaks: Some(|change, bounds| {
            !bounds.is_due(&change.what)
                && match &change.what {
                    What::Amount { from, to, .. } | What::Announced { from, to, .. } => {
                        from.minor > Decimal::ZERO && to.minor.is_zero()
                    }
                    _ => cut_of(change, bounds).is_some_and(|cut| -cut >= Decimal::ONE_HUNDRED),
                }
        }),
    },
    Rule {
        id: "former-amount-changed",
        level: Level::Error,
        about: "An amount under `grandfathered:` is another than it was. It tells what old subscriptions go on to pay, and \
                those do not change with it: Stripe's prices keep what they cost. Put back what it was, or add the other \
                amount under a key of its own.",
        breaks: Some(|change, _| matches!(change.what, What::FormerAmounts { .. })),
    },
    Rule {
        id: NO_LONGER_FREE,
        level: Level::Error,
        about: "What cost nothing costs something, if only for some quantity.",
        breaks: Some(|change, bounds| match &change.what {
            what if bounds.is_due(what) => false,
            What::Amount { from, to, .. } | What::Announced { from, to, .. } => {
                from.minor.is_zero() && to.minor > Decimal::ZERO && change.what.goes_on(true)
            }
            What::Tiers { no_longer_free, .. } | What::Moved { no_longer_free, .. } => *no_longer_free,
            _ => false,
        }),
    },
];
