//! What changed between two catalogs, as it concerns customers: typed, pure, in the order of the new catalog.
//!
//! `changes(a, a)` is empty, and two catalogs without changes between them mean the same: what no typed comparison
//! covers is compared field by field.

mod amount;
mod announced;
mod asked;
mod attributes;
mod columns;
mod cost;
mod cost_words;
mod fields;
mod free;
mod meters;
mod order;
mod price;
mod product;
mod subject;
mod terms;
mod tiers;
mod unmarked;
mod value;
mod words;

pub use amount::{Amount, share};
pub use asked::Asked;
pub(crate) use product::today;
pub use subject::Subject;

use pricebook_model::Catalog;
use pricebook_model::migrate;
use pricebook_types::{Currency, Interval, Limit};
use rust_decimal::Decimal;
use serde::Serialize;

/// One change of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What changed.
    pub subject: Subject,
    /// How.
    #[serde(flatten)]
    pub what: What,
}

/// How something changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum What {
    /// It is new.
    Added {
        /// What it costs or takes off, now and from announced days on; empty for what costs nothing by itself.
        terms: String,
        /// The first day for which a change of it is announced.
        announced: Option<String>,
        /// Of a coupon: how many prices cost nothing with it.
        frees: usize,
    },
    /// It is no longer declared.
    Removed {
        /// Whether `retired:` lists it.
        retired: bool,
    },
    /// It has another id, and says which it was.
    Renamed {
        /// The id before.
        from: String,
    },
    /// It can be bought from now on.
    Activated,
    /// It can be bought no more.
    Deactivated,
    /// It is sold no more, but old subscriptions keep it.
    Grandfathered,
    /// What only old subscriptions still pay is written otherwise than it was; they go on to pay what it was.
    FormerAmounts {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// Another amount in a currency.
    Amount {
        /// Before.
        from: Amount,
        /// After.
        to: Amount,
        /// In percent of the amount before, where that is not 0.
        #[serde(serialize_with = "as_text")]
        percent: Option<Decimal>,
        /// The day from which it was announced to cost that.
        announced: Option<String>,
    },
    /// It can be paid in one more currency.
    CurrencyAdded {
        /// What it costs there.
        amount: Asked,
    },
    /// It cannot be paid in a currency any more.
    CurrencyDropped {
        /// What it cost there.
        amount: Asked,
    },
    /// An announced change is new, or differs from what was announced.
    Announced {
        /// Its day.
        on: String,
        /// What holds until then.
        from: Amount,
        /// What it announces.
        to: Amount,
        /// In percent of the amount before, where that is not 0.
        #[serde(serialize_with = "as_text")]
        percent: Option<Decimal>,
        /// What was announced for that day before.
        was: Option<Amount>,
    },
    /// An announced change comes on another day; between the two days customers pay otherwise than they were told.
    Moved {
        /// The day before.
        from: String,
        /// The day now.
        to: String,
        /// What it will cost.
        amounts: String,
        /// What the quantity pays too much that pays most, in percent of what was told.
        #[serde(serialize_with = "as_text")]
        raise: Option<Decimal>,
        /// What the quantity pays less that pays least.
        #[serde(serialize_with = "as_text")]
        cut: Option<Decimal>,
        /// Whether some quantity was told to cost nothing then.
        no_longer_free: bool,
    },
    /// An announced change is announced no more.
    Withdrawn {
        /// Its day.
        on: String,
    },
    /// It is charged at another interval; `None` is once.
    Interval {
        /// Before.
        from: Option<Interval>,
        /// After.
        to: Option<Interval>,
    },
    /// Quantities cost something else in a currency, by tiers before or after.
    Tiers {
        /// The currency.
        currency: Currency,
        /// Before: the tiers that differ, in words.
        from: String,
        /// After.
        to: String,
        /// How many tiers there were, 0 without any.
        from_count: usize,
        /// How many there are.
        to_count: usize,
        /// What the quantity that rises most rises by, in percent.
        #[serde(serialize_with = "as_text")]
        raise: Option<Decimal>,
        /// What the quantity that falls most falls by, in percent.
        #[serde(serialize_with = "as_text")]
        cut: Option<Decimal>,
        /// Whether some quantity cost nothing and no longer does.
        no_longer_free: bool,
        /// The day of a change that is announced and not yet made.
        on: Option<String>,
        /// Whether `from` was announced for that day before; the shares are of what holds until then.
        again: bool,
        /// The day from which it was announced to be so.
        announced: Option<String>,
    },
    /// Other days of trial.
    Trial {
        /// Before.
        from: u16,
        /// After.
        to: u16,
    },
    /// Another deposit.
    Deposit {
        /// Before.
        from: Option<Amount>,
        /// After.
        to: Option<Amount>,
        /// Whether more is due before the work begins; without a deposit that is the whole price.
        #[serde(skip)]
        more_is_due: bool,
    },
    /// A column of amounts gets its values from something else, so that the product's row holds another one.
    ColumnAmount {
        /// With its table: `services.min_price`.
        column: String,
        /// Before, in words.
        from: String,
        /// After.
        to: String,
    },
    /// Another price is the product's first: the one that is shown, Stripe's default, and charged where none is named.
    FirstPrice {
        /// Before, with its amounts.
        from: String,
        /// After.
        to: String,
    },
    /// Things are listed in another order, which pages and files follow.
    Order {
        /// Which things.
        of: String,
    },
    /// More or less of a feature.
    Entitlement {
        /// The feature's id.
        feature: String,
        /// The feature's name.
        name: String,
        /// Before.
        #[serde(serialize_with = "limit_as_text")]
        from: Limit,
        /// After.
        #[serde(serialize_with = "limit_as_text")]
        to: Limit,
    },
    /// A coupon or one of its promotion codes is for others, or for another time.
    Terms {
        /// Its name, with the code where it is a code's: `promotion code LAUNCH20 expires at`.
        field: String,
        /// Before; empty for nothing.
        from: String,
        /// After.
        to: String,
        /// Whether somebody who could redeem it cannot any more.
        narrower: bool,
        /// How many prices cost nothing with it now.
        frees: usize,
    },
    /// A coupon takes off something else, or for another time.
    Discount {
        /// `discount` or `duration`.
        field: String,
        /// Before.
        from: String,
        /// After.
        to: String,
        /// Whether it is less, or may be: a share and an amount cannot be compared.
        less: bool,
        /// How many prices cost nothing with it now.
        frees: usize,
    },
    /// Nothing in the kind's table says what is sold no more, so that its row stays as it was.
    Unmarked {
        /// The table.
        table: String,
    },
    /// A step of the next migration.
    Schema {
        /// In words.
        step: String,
    },
    /// Anything else.
    Field {
        /// Its name.
        field: String,
        /// Before.
        from: String,
        /// After.
        to: String,
    },
}

impl Change {
    /// In words, as they are read on a day (ISO 8601).
    pub(crate) fn told(&self, today: &str) -> String {
        let at_once = if self.what.holds_at_once(today) { ", a day that has come: it holds at once" } else { "" };
        format!("{self}{at_once}")
    }
}

impl What {
    /// Whether it costs more, or less, than what was told before: an announcement may come nearer to what holds.
    pub(crate) fn goes_on(&self, upwards: bool) -> bool {
        match self {
            Self::Announced { to, was: Some(was), .. } => (to.minor > was.minor) == upwards,
            _ => true,
        }
    }

    /// Whether it is announced for a day that has come (both ISO 8601), so that nothing waits for it.
    pub(crate) fn holds_at_once(&self, today: &str) -> bool {
        match self {
            Self::Announced { on, .. }
            | Self::Tiers { on: Some(on), .. }
            | Self::Moved { to: on, .. }
            | Self::Added { announced: Some(on), .. } => on.as_str() <= today,
            _ => false,
        }
    }

    /// How many prices cost nothing with a coupon, which cost something before.
    pub(crate) fn frees(&self) -> usize {
        match self {
            Self::Added { frees, .. } | Self::Terms { frees, .. } | Self::Discount { frees, .. } => *frees,
            _ => 0,
        }
    }

    /// The day from which it was announced, of a change that makes what was announced.
    pub(crate) fn announced(&self) -> Option<&str> {
        match self {
            Self::Amount { announced, .. } | Self::Tiers { announced, .. } => announced.as_deref(),
            _ => None,
        }
    }
}

/// Everything that changed from `old` to `new`.
pub fn changes(old: &Catalog, new: &Catalog) -> Vec<Change> {
    let mut changes = Vec::new();
    fields::catalog(old, new, &mut changes);
    product::changes(old, new, &mut changes);
    order::changes(old, new, &mut changes);
    attributes::renamed(old, new, &mut changes);
    meters::renamed(old, new, &mut changes);
    fields::lists(old, new, &mut changes);
    unmarked::changes(old, new, &mut changes);
    let steps = migrate::diff(&migrate::own_schema(old), &migrate::own_schema(new));
    changes.extend(steps.iter().map(|step| Change {
        subject: Subject::Table { id: step.table().to_owned() },
        what: What::Schema { step: step.describe() },
    }));
    changes
}

fn as_text<S: serde::Serializer>(number: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => serializer.collect_str(&cost_words::percent(*number)),
        None => serializer.serialize_none(),
    }
}

fn limit_as_text<S: serde::Serializer>(limit: &Limit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&words::limit(*limit))
}
