//! Rules on what a coupon takes off, and from what.

use super::super::about::section;
use super::super::names::{COUPON_CHANGED, COUPON_MAKES_FREE, COUPON_WIDENED};
use super::super::{Level, Rule};
use crate::changes::What;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "coupon-lowered",
        level: Level::Error,
        about: "A coupon takes off less or for a shorter time, or something that cannot be compared with what it did: whoever \
                holds it or its code pays more than was promised. Where it was redeemed it stays as it was, for Stripe's coupons \
                cannot change.",
        breaks: Some(|change, _| matches!(change.what, What::Discount { less: true, .. })),
    },
    Rule {
        id: COUPON_CHANGED,
        level: Level::Warning,
        about: "A coupon takes off more, or for a longer time. Stripe's coupons cannot change: customers who have the old \
                one keep it.",
        breaks: Some(|change, _| matches!(change.what, What::Discount { less: false, .. })),
    },
    Rule {
        id: COUPON_MAKES_FREE,
        level: Level::Error,
        about: "With a coupon that is new, takes off more or is for more products, something costs nothing that cost something. \
                Whoever has the coupon or its code gets it for nothing.",
        breaks: Some(|change, _| change.what.frees() > 0),
    },
    Rule {
        id: "coupon-narrowed",
        level: Level::Error,
        about: "A coupon or a promotion code that customers have is for fewer of them, for fewer products or ends earlier, or \
                a code is gone or renamed: what was promised or printed is refused at the checkout.",
        breaks: Some(|change, _| matches!(change.what, What::Terms { narrower: true, .. })),
    },
    Rule {
        id: COUPON_WIDENED,
        level: Level::Warning,
        about: "A coupon or a promotion code is for more customers, for more products or for longer, or a code is new: more \
                people pay less.",
        breaks: Some(|change, _| matches!(change.what, What::Terms { narrower: false, .. })),
    },
    Rule {
        id: "coupon-retired",
        level: Level::Warning,
        about: "A coupon is retired, and its promotion codes with it: nobody can redeem it any more.",
        breaks: Some(|change, _| section(change) == Some("coupon") && change.what == What::Removed { retired: true }),
    },
];
