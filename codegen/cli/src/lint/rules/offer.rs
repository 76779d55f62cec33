//! Rules on what can be bought, and in which currency and interval.

use super::super::about::{is_price, is_product, is_sold};
use super::super::{Level, Rule};
use crate::changes::What;

pub(super) const RULES: &[Rule] = &[
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
];
