//! Rules on what customers get for what they pay, and on which terms.

use pricebook_types::Limit;

use super::super::names::TIERS_CHANGED;
use super::super::{Level, Rule, fields};
use crate::changes::What;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "entitlement-removed",
        level: Level::Error,
        about: "A product no longer grants a feature that its customers have.",
        breaks: Some(|change, _| matches!(change.what, What::Entitlement { to: Limit::Off, .. })),
    },
    Rule {
        id: "entitlement-lowered",
        level: Level::Error,
        about: "A product grants less of a feature than its customers have.",
        breaks: Some(|change, _| match change.what {
            What::Entitlement { from, to, .. } => to != Limit::Off && to < from,
            _ => false,
        }),
    },
    Rule {
        id: "tier-removed",
        level: Level::Error,
        about: "A tiered price has fewer tiers, so that some quantities cost something else.",
        breaks: Some(|change, bounds| {
            let fewer = matches!(&change.what, What::Tiers { from_count, to_count, .. } if to_count < from_count);
            fewer && !bounds.is_due(&change.what)
        }),
    },
    Rule {
        id: "tier-mode-changed",
        level: Level::Error,
        about: "A price counts its tiers in another way, or has tiers where it had an amount, or the other way round: the \
                same quantity costs something else.",
        breaks: Some(|change, _| fields::breaks(change, "tier-mode-changed")),
    },
    Rule {
        id: TIERS_CHANGED,
        level: Level::Warning,
        about: "The steps or amounts of a tiered price change, or between which amounts customers choose, now or on an \
                announced day, and no other rule says how: some quantities cost something else.",
        breaks: Some(|change, bounds| matches!(change.what, What::Tiers { .. }) && !bounds.is_due(&change.what)),
    },
    Rule {
        id: "trial-shortened",
        level: Level::Warning,
        about: "A trial has fewer days.",
        breaks: Some(|change, _| matches!(change.what, What::Trial { from, to } if to < from)),
    },
    Rule {
        id: "deposit-raised",
        level: Level::Error,
        about: "More must be paid before the work begins.",
        breaks: Some(|change, _| matches!(change.what, What::Deposit { more_is_due: true, .. })),
    },
    Rule {
        id: "first-price-changed",
        level: Level::Error,
        about: "Another price of a product is its first: the one that is shown, that is Stripe's default, and that is \
                charged where a payment names none.",
        breaks: Some(|change, _| matches!(change.what, What::FirstPrice { .. })),
    },
    Rule {
        id: "catalog-renamed",
        level: Level::Error,
        about: "The catalog has another name. Databases know their migrations and Stripe its objects by it: they take the \
                renamed one for somebody else's.",
        breaks: Some(|change, _| fields::breaks(change, "catalog-renamed")),
    },
    Rule {
        id: "tax-behavior-changed",
        level: Level::Error,
        about: "Amounts that contained tax no longer do, or the other way round: customers pay something else.",
        breaks: Some(|change, _| fields::breaks(change, "tax-behavior-changed")),
    },
    Rule {
        id: "usage-changed",
        level: Level::Error,
        about: "What is counted changed: licensed or metered, the meter, the unit or how quantities are divided.",
        breaks: Some(|change, _| fields::breaks(change, "usage-changed")),
    },
    Rule {
        id: "announcement-withdrawn",
        level: Level::Note,
        about: "A change of a price that was announced does not come, or comes on another day.",
        breaks: Some(|change, _| matches!(change.what, What::Withdrawn { .. } | What::Moved { .. })),
    },
    Rule {
        id: "announced-change-made",
        level: Level::Note,
        about: "A price costs what it was announced to cost, the day has come (--today), and the announcement is gone. \
                Before that day customers pay otherwise than they were told, and the change is judged like any other.",
        breaks: Some(|change, bounds| bounds.is_due(&change.what)),
    },
    Rule {
        id: "announced-too-late",
        level: Level::Warning,
        about: "A change is announced for a day that has come (--today): it holds at once, and nobody is told before. Often \
                the year is wrong. A price that shall change now says so with its amount.",
        breaks: Some(|change, bounds| change.what.holds_at_once(&bounds.today.to_string())),
    },
    Rule {
        id: "lookup-key-changed",
        level: Level::Error,
        about: "A price has another lookup key: its kind's pattern changed, or what the pattern is filled with, or its own \
                `lookup_key:`. Programs and checkout pages that name the old key find no price any more.",
        breaks: Some(|change, _| fields::breaks(change, "lookup-key-changed")),
    },
    Rule {
        id: "local-id-changed",
        level: Level::Error,
        about: "A product or a price stands under another local id in Stripe: its kind's pattern changed, or what the \
                pattern is filled with, or its kind says `product_per:` otherwise. The Stripe product that is known by the old id is archived and a new one made.",
        breaks: Some(|change, _| fields::breaks(change, "local-id-changed")),
    },
    Rule {
        id: "stripe-name-changed",
        level: Level::Note,
        about: "Stripe's product has another name, which customers read on invoices.",
        breaks: Some(|change, _| fields::breaks(change, "stripe-name-changed")),
    },
];
