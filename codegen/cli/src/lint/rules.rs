//! The rules, one entry each.

use pricebook_types::Limit;
use rust_decimal::Decimal;

use super::about::{is_price, is_product, is_sold, section};
use super::moves::{cut_of, raise_of};
use super::names::{
    COUPON_CHANGED, COUPON_MAKES_FREE, COUPON_WIDENED, MOST_CUT, NO_LONGER_FREE, PRICE_LOWERED, PRICE_NOW_FREE,
    PRICE_RAISED, PRICE_SLASHED, TIERS_CHANGED, UNKNOWN_RULE, UNUSED_REASON,
};
use super::{Level, Rule, fields};
use crate::changes::What;

/// Every rule.
pub const RULES: &[Rule] = &[
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
    Rule {
        id: "currency-dropped",
        level: Level::Error,
        about: "A price can no longer be paid in a currency. Subscriptions in it cannot be renewed at any listed price.",
        breaks: Some(|change, _| matches!(change.what, What::CurrencyDropped { .. })),
    },
    Rule {
        id: "default-currency-changed",
        level: Level::Error,
        about: "A price has another default currency. Stripe then needs a new price for everybody.",
        breaks: Some(|change, _| matches!(&change.what, What::Field { field, .. } if field == "default currency")),
    },
    Rule {
        id: "interval-changed",
        level: Level::Error,
        about: "A price is charged at another interval than the one that customers agreed to. A new price key says so \
                better.",
        breaks: Some(|change, _| matches!(change.what, What::Interval { .. })),
    },
    Rule {
        id: "price-gone",
        level: Level::Error,
        about: "A price is no longer declared, so its interval is dropped, and nothing says what becomes of its \
                subscriptions. Keep it under `grandfathered:`, or list it in `retired:`.",
        breaks: Some(|change, _| is_price(change) && change.what == What::Removed { retired: false }),
    },
    Rule {
        id: "price-retired",
        level: Level::Warning,
        about: "A price is retired: its interval cannot be bought any more.",
        breaks: Some(|change, _| is_price(change) && change.what == What::Removed { retired: true }),
    },
    Rule {
        id: "price-deactivated",
        level: Level::Warning,
        about: "A price cannot be bought any more, whether or not old subscriptions keep it.",
        breaks: Some(|change, _| is_price(change) && matches!(change.what, What::Deactivated | What::Grandfathered)),
    },
    Rule {
        id: "id-gone",
        level: Level::Error,
        about: "An id is no longer declared, not retired, and no `was:` names it. Old rows, subscriptions and invoices \
                still use it.",
        breaks: Some(|change, _| {
            !is_price(change) && is_sold(change) && change.what == What::Removed { retired: false }
        }),
    },
    Rule {
        id: "product-retired",
        level: Level::Warning,
        about: "A product is retired: nobody can buy it again.",
        breaks: Some(|change, _| is_product(change) && change.what == What::Removed { retired: true }),
    },
    Rule {
        id: "product-deactivated",
        level: Level::Warning,
        about: "A product cannot be bought any more.",
        breaks: Some(|change, _| is_product(change) && change.what == What::Deactivated),
    },
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
    Rule {
        id: UNKNOWN_RULE,
        level: Level::Error,
        about: "An `accept:` names a rule that there is not, so that it accepts nothing. `cargo catalog explain --list` \
                lists them.",
        breaks: None,
    },
    Rule {
        id: UNUSED_REASON,
        level: Level::Note,
        about: "An `accept:` is new, and nothing that changed breaks its rule there. Remove it, or put it where the change \
                is.",
        breaks: None,
    },
];
