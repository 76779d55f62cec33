//! The rules, one entry each.

use pricebook_types::Limit;
use rust_decimal::Decimal;

use super::{Level, Rule};
use crate::changes::{Change, Subject, What};

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        id: "price-raised",
        level: Level::Error,
        about: "A price rises by more than --max-raise percent, now or by an announced change. Customers who signed up \
                for the old one are told before.",
        breaks: |change, bounds| share_of(change).is_some_and(|share| share > bounds.max_raise),
    },
    Rule {
        id: "price-lowered",
        level: Level::Warning,
        about: "A price falls by more than --max-cut percent. Often a digit is missing.",
        breaks: |change, bounds| share_of(change).is_some_and(|share| -share > bounds.max_cut),
    },
    Rule {
        id: "price-no-longer-free",
        level: Level::Error,
        about: "What cost nothing costs something.",
        breaks: |change, _| match &change.what {
            What::Amount { from, to, .. } | What::Announced { from, to, .. } => {
                from.minor.is_zero() && to.minor > Decimal::ZERO
            }
            _ => false,
        },
    },
    Rule {
        id: "currency-dropped",
        level: Level::Error,
        about: "A price can no longer be paid in a currency. Subscriptions in it cannot be renewed at any listed price.",
        breaks: |change, _| matches!(change.what, What::CurrencyDropped { .. }),
    },
    Rule {
        id: "default-currency-changed",
        level: Level::Error,
        about: "A price has another default currency. Stripe then needs a new price for everybody.",
        breaks: |change, _| matches!(&change.what, What::Field { field, .. } if field == "default currency"),
    },
    Rule {
        id: "interval-changed",
        level: Level::Error,
        about: "A price is charged at another interval than the one that customers agreed to. A new price key says so \
                better.",
        breaks: |change, _| matches!(change.what, What::Interval { .. }),
    },
    Rule {
        id: "price-gone",
        level: Level::Error,
        about: "A price is no longer declared, so its interval is dropped, and nothing says what becomes of its \
                subscriptions. Keep it under `grandfathered:`, or list it in `retired:`.",
        breaks: |change, _| is_price(change) && change.what == What::Removed { retired: false },
    },
    Rule {
        id: "price-retired",
        level: Level::Warning,
        about: "A price is retired: its interval cannot be bought any more.",
        breaks: |change, _| is_price(change) && change.what == What::Removed { retired: true },
    },
    Rule {
        id: "price-deactivated",
        level: Level::Warning,
        about: "A price cannot be bought any more.",
        breaks: |change, _| is_price(change) && change.what == What::Deactivated,
    },
    Rule {
        id: "id-gone",
        level: Level::Error,
        about: "An id is no longer declared, not retired, and no `was:` names it. Old rows, subscriptions and invoices \
                still use it.",
        breaks: |change, _| !is_price(change) && is_sold(change) && change.what == What::Removed { retired: false },
    },
    Rule {
        id: "product-retired",
        level: Level::Warning,
        about: "A product is retired: nobody can buy it again.",
        breaks: |change, _| is_product(change) && change.what == What::Removed { retired: true },
    },
    Rule {
        id: "product-deactivated",
        level: Level::Warning,
        about: "A product cannot be bought any more.",
        breaks: |change, _| is_product(change) && change.what == What::Deactivated,
    },
    Rule {
        id: "entitlement-removed",
        level: Level::Error,
        about: "A product no longer grants a feature that its customers have.",
        breaks: |change, _| matches!(change.what, What::Entitlement { to: Limit::Off, .. }),
    },
    Rule {
        id: "entitlement-lowered",
        level: Level::Error,
        about: "A product grants less of a feature than its customers have.",
        breaks: |change, _| match change.what {
            What::Entitlement { from, to, .. } => to != Limit::Off && to < from,
            _ => false,
        },
    },
    Rule {
        id: "tier-removed",
        level: Level::Error,
        about: "A tiered price has fewer tiers, so that some quantities cost something else.",
        breaks: |change, _| matches!(change.what, What::Tiers { from, to } if to < from),
    },
    Rule {
        id: "tiers-changed",
        level: Level::Warning,
        about: "The steps or amounts of a tiered price changed: some quantities cost something else.",
        breaks: |change, _| matches!(&change.what, What::Field { field, .. } if field.starts_with("tiers in ")),
    },
    Rule {
        id: "trial-shortened",
        level: Level::Warning,
        about: "A trial has fewer days.",
        breaks: |change, _| matches!(change.what, What::Trial { from, to } if to < from),
    },
    Rule {
        id: "deposit-raised",
        level: Level::Error,
        about: "More must be paid before the work begins.",
        breaks: |change, _| match &change.what {
            What::Deposit { from, to: Some(to) } => from.is_none_or(|from| to.minor > from.minor),
            _ => false,
        },
    },
    Rule {
        id: "tax-behavior-changed",
        level: Level::Error,
        about: "Amounts that contained tax no longer do, or the other way round: customers pay something else.",
        breaks: |change, _| is_field(change, "tax behavior"),
    },
    Rule {
        id: "usage-changed",
        level: Level::Error,
        about: "What is counted changed: licensed or metered, the meter, the unit or how quantities are divided.",
        breaks: |change, _| {
            is_price(change) && ["usage", "meter", "transform quantity"].iter().any(|field| is_field(change, field))
        },
    },
    Rule {
        id: "announcement-withdrawn",
        level: Level::Note,
        about: "A change of a price that was announced does not come.",
        breaks: |change, _| matches!(change.what, What::Withdrawn { .. }),
    },
    Rule {
        id: "coupon-changed",
        level: Level::Warning,
        about: "A coupon takes off something else, or for another time. Stripe's coupons cannot change: customers who \
                have the old one keep it.",
        breaks: |change, _| {
            section(change) == Some("coupon") && ["discount", "duration"].iter().any(|field| is_field(change, field))
        },
    },
    Rule {
        id: "group-changed",
        level: Level::Warning,
        about: "A group of products has other members or another order: customers find other upgrades.",
        breaks: |change, _| section(change) == Some("group") && is_field(change, "products"),
    },
];

fn share_of(change: &Change) -> Option<Decimal> {
    match change.what {
        What::Amount { percent, .. } | What::Announced { percent, .. } => percent,
        _ => None,
    }
}

fn is_price(change: &Change) -> bool {
    matches!(change.subject, Subject::Price { .. })
}

fn is_product(change: &Change) -> bool {
    matches!(change.subject, Subject::Product { .. })
}

/// Products, features and coupons: what customers have.
fn is_sold(change: &Change) -> bool {
    is_product(change) || matches!(section(change), Some("feature" | "coupon"))
}

fn section(change: &Change) -> Option<&str> {
    match &change.subject {
        Subject::Entry { section, .. } => Some(section),
        _ => None,
    }
}

fn is_field(change: &Change, name: &str) -> bool {
    matches!(&change.what, What::Field { field, .. } if field == name)
}
