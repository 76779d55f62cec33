//! Rules on features, meters, tables, environments and groups.

use super::super::about::section;
use super::super::{Level, Rule, fields};
use crate::changes::What;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "feature-renamed",
        level: Level::Error,
        about: "A feature has another id. Stripe's entitlements know a feature by its lookup key, which cannot change: the old \
                one is archived, a new one made, and programs that ask for the old one find nothing.",
        breaks: Some(|change, _| section(change) == Some("feature") && matches!(change.what, What::Renamed { .. })),
    },
    Rule {
        id: "feature-changed",
        level: Level::Error,
        about: "A feature is of another type, or its quantity counts something else: the same number grants something else.",
        breaks: Some(|change, _| fields::breaks(change, "feature-changed")),
    },
    Rule {
        id: "meter-changed",
        level: Level::Error,
        about: "A meter listens to another event or adds events up in another way: the same use costs something else. Stripe's \
                meters cannot change either.",
        breaks: Some(|change, _| fields::breaks(change, "meter-changed")),
    },
    Rule {
        id: "meter-gone",
        level: Level::Error,
        about: "A meter is no longer declared, though its price may be retired: Stripe's is deactivated, and subscriptions \
                that are still charged by it can report no use any more.",
        breaks: Some(|change, _| section(change) == Some("meter") && matches!(change.what, What::Removed { .. })),
    },
    Rule {
        id: "amount-unit-changed",
        level: Level::Error,
        about: "The amount columns of a kind's table hold major instead of minor units, or the other way round: programs that \
                read them are wrong by a factor.",
        breaks: Some(|change, _| fields::breaks(change, "amount-unit-changed")),
    },
    Rule {
        id: "column-source-changed",
        level: Level::Error,
        about: "A column of a kind's table that programs read is filled with something else, such as the deposit in place of the \
                price.",
        breaks: Some(|change, _| fields::breaks(change, "column-source-changed")),
    },
    Rule {
        id: "table-without-active",
        level: Level::Warning,
        about: "A kind's table has no column that gets `active`. What the kind sells no more stays there as it was, and \
                programs that read the table sell it on. Where nobody reads there what is for sale, say so.",
        breaks: Some(|change, _| matches!(change.what, What::Unmarked { .. })),
    },
    Rule {
        id: "stripe-mode-changed",
        level: Level::Error,
        about: "An environment expects live keys where it expected test keys, or the other way round: what was tried charges \
                people, or what people pay is not charged.",
        breaks: Some(|change, _| matches!(&change.what, What::Field { field, .. } if field == "stripe mode")),
    },
    Rule {
        id: "environment-moved",
        level: Level::Warning,
        about: "An environment has another database, another Stripe account or another address. What was synced stays where \
                it was, and the new place begins without it.",
        breaks: Some(|change, _| {
            let had_one = matches!(&change.what, What::Field { from, .. } if !from.is_empty());
            had_one && fields::breaks(change, "environment-moved")
        }),
    },
    Rule {
        id: "attributes-changed",
        level: Level::Warning,
        about: "A product's attributes change. What they mean is the company's own, such as how many users are included.",
        breaks: Some(|change, _| fields::breaks(change, "attributes-changed")),
    },
    Rule {
        id: "tax-code-changed",
        level: Level::Warning,
        about: "A product has another tax code: customers pay another tax where Stripe Tax computes it.",
        breaks: Some(|change, _| fields::breaks(change, "tax-code-changed")),
    },
    Rule {
        id: "deposit-changed",
        level: Level::Warning,
        about: "The deposit in another than the first currency changes, or from an announced day, or how it is calculated.",
        breaks: Some(|change, _| fields::breaks(change, "deposit-changed")),
    },
    Rule {
        id: "group-changed",
        level: Level::Warning,
        about: "A group of products is gone, or has other members or another order: customers find other upgrades.",
        breaks: Some(|change, _| {
            let gone = section(change) == Some("group") && matches!(change.what, What::Removed { .. });
            gone || fields::breaks(change, "group-changed")
        }),
    },
];
