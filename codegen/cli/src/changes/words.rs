//! A change in words, as a customer would put it.

use std::fmt;

use pricebook_types::{Interval, Limit};

use super::{Amount, Change, What, cost_words, value};

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.what {
            What::Added { terms, .. } if terms.is_empty() => write!(f, "{subject} is new"),
            What::Added { terms, frees, .. } => write!(f, "{subject} is new: {terms}{}", nothing_to_pay(*frees)),
            What::Removed { retired: true } => write!(f, "{subject} is retired"),
            What::Removed { retired: false } => write!(f, "{subject} is gone"),
            What::Renamed { from } => write!(f, "{subject} has a new id (was {from})"),
            What::Activated => write!(f, "{subject} can be bought"),
            What::Deactivated => write!(f, "{subject} can be bought no more"),
            What::Grandfathered => write!(f, "{subject} is sold no more; old subscriptions keep it"),
            What::FormerAmounts { from, to } => {
                let (from, to) = value::quoted(from, to);
                write!(f, "{subject}: former amount {from} → {to}, while old subscriptions go on to pay what it was")
            }
            What::Amount { .. }
            | What::Announced { .. }
            | What::Moved { .. }
            | What::Withdrawn { .. }
            | What::Tiers { .. } => write!(f, "{subject}{}", cost_words::of(&self.what)),
            What::CurrencyAdded { amount } => write!(f, "{subject} can be paid in one more currency: {}", amount.words),
            What::CurrencyDropped { amount } => write!(f, "{subject} cannot be paid any more as {}", amount.words),
            What::Interval { from, to } => write!(f, "{subject} is charged {} → {}", every(*from), every(*to)),
            What::Trial { from, to } => write!(f, "{subject} trial {from} → {to} days"),
            What::FirstPrice { from, to } => {
                write!(f, "{subject} first price {from} → {to}: shown first, and charged where none is named")
            }
            What::Order { of } => write!(f, "{subject}: another order of {of}"),
            What::ColumnAmount { column, from, to } => write!(f, "{subject}: column {column} {from} → {to}"),
            What::Deposit { from, to, .. } => write!(f, "{subject} deposit {} → {}", optional(from), optional(to)),
            What::Entitlement { name, from, to, .. } => {
                write!(f, "{subject}: {name} {} → {}", limit(*from), limit(*to))
            }
            What::Schema { step } => write!(f, "{subject}: {step}"),
            What::Unmarked { table } => {
                let stays = "does not say what is sold: what is sold no more stays there as it was";
                write!(f, "{subject}: the table {table} {stays}")
            }
            What::Terms { field, from, to, .. }
            | What::Discount { field, from, to, .. }
            | What::Field { field, from, to } => {
                let (from, to) = value::quoted(from, to);
                write!(f, "{subject}: {field} {from} → {to}{}", nothing_to_pay(self.what.frees()))
            }
        }
    }
}

/// Of what a coupon frees.
fn nothing_to_pay(prices: usize) -> String {
    match prices {
        0 => String::new(),
        1 => "; nothing is left to pay of 1 price".to_owned(),
        more => format!("; nothing is left to pay of {more} prices"),
    }
}

pub(super) fn limit(limit: Limit) -> String {
    match limit {
        Limit::Off => "no".to_owned(),
        Limit::On => "yes".to_owned(),
        Limit::AtMost(most) => most.to_string(),
        Limit::Unlimited => "unlimited".to_owned(),
    }
}

fn every(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "once".to_owned(), |interval| format!("every {interval}"))
}

fn optional(amount: &Option<Amount>) -> String {
    amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
}
