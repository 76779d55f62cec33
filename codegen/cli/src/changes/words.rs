//! A change in words, as a customer would put it.

use std::fmt;

use pricebook_types::{Interval, Limit};
use rust_decimal::Decimal;

use super::{Amount, Change, What, value};

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.what {
            What::Added { terms } if terms.is_empty() => write!(f, "{subject} is new"),
            What::Added { terms } => write!(f, "{subject} is new: {terms}"),
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
            What::Amount { from, to, percent, announced } => {
                write!(f, "{subject} {}{}", step(from, to, *percent), as_announced(announced))
            }
            What::CurrencyAdded { amount } => write!(f, "{subject} can be paid in one more currency: {amount}"),
            What::CurrencyDropped { amount } => write!(f, "{subject} cannot be paid any more as {amount}"),
            What::Announced { on, from, to, percent, was: None } => {
                write!(f, "{subject} {} from {on}", step(from, to, *percent))
            }
            What::Announced { on, to, percent, was: Some(was), .. } => {
                let then = percent.map_or(String::new(), |share| format!(" ({} on that day)", self::percent(share)));
                write!(f, "{subject} announced for {on}: {} → {to}{then}", was.major())
            }
            What::Moved { from, to, raise, cut, no_longer_free } => {
                let moved = moved(*raise, *cut, *no_longer_free, " between these days");
                write!(f, "{subject} announced for {from} → {to}{moved}")
            }
            What::Withdrawn { on } => write!(f, "{subject} does not change on {on} any more"),
            What::Interval { from, to } => write!(f, "{subject} is charged {} → {}", every(*from), every(*to)),
            What::Tiers { currency, from, to, raise, cut, no_longer_free, on: Some(on), again: true, .. } => {
                let (currency, moved) =
                    (currency.code().to_uppercase(), moved(*raise, *cut, *no_longer_free, " on that day"));
                write!(f, "{subject} in {currency} announced for {on}: {from} → {to}{moved}")
            }
            What::Tiers { currency, from, to, raise, cut, no_longer_free, on, announced, .. } => {
                let day = on.as_ref().map_or(String::new(), |on| format!(" from {on}"));
                let (currency, moved) = (currency.code().to_uppercase(), moved(*raise, *cut, *no_longer_free, ""));
                write!(f, "{subject} in {currency}: {from} → {to}{moved}{day}{}", as_announced(announced))
            }
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
                write!(f, "{subject}: {field} {from} → {to}")
            }
        }
    }
}

/// `29.00 → 35.00 USD (+20.7 %)`.
fn step(from: &Amount, to: &Amount, share: Option<Decimal>) -> String {
    let share = share.filter(|share| !share.is_zero()).map_or(String::new(), |share| format!(" ({})", percent(share)));
    format!("{} → {to}{share}", from.major())
}

/// How far quantities moved that moved most, and when: ` (at most +20.7 %)`, ` (-5.0 % to +20.7 % on that day)`, ` (some no
/// longer free, others at most +20.7 %)`; what rises from nothing rises by no share.
fn moved(raise: Option<Decimal>, cut: Option<Decimal>, no_longer_free: bool, when: &str) -> String {
    let shares = match (raise.map(percent), cut.map(percent)) {
        (Some(raise), Some(cut)) => Some(format!("{cut} to {raise}")),
        (Some(most), None) | (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    };
    match (no_longer_free, shares) {
        (true, Some(shares)) => format!(" (some no longer free, others {shares}{when})"),
        (true, None) => format!(" (some no longer free{when})"),
        (false, Some(shares)) => format!(" ({shares}{when})"),
        (false, None) => String::new(),
    }
}

fn as_announced(day: &Option<String>) -> String {
    day.as_ref().map_or(String::new(), |day| format!(", as announced for {day}"))
}

/// `+20.7 %`; with as many more digits as it takes to tell a small share from none: `+0.01 %`.
pub(super) fn percent(share: Decimal) -> String {
    const MOST_DIGITS: u32 = 6;
    let rounded = |digits| share.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let digits = (1..MOST_DIGITS).find(|digits| !rounded(*digits).is_zero() || share.is_zero()).unwrap_or(MOST_DIGITS);
    format!("{:+.*} %", digits as usize, rounded(digits))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_from_none_however_small_it_is() {
        let share = |text: &str| percent(Decimal::from_str_exact(text).expect("a number"));
        assert_eq!(share("20.6896"), "+20.7 %");
        assert_eq!(share("-5"), "-5.0 %");
        assert_eq!(share("0.05"), "+0.1 %");
        assert_eq!(share("0.005025"), "+0.01 %");
        assert_eq!(share("-0.0004"), "-0.0004 %");
        assert_eq!(share("0"), "+0.0 %");
    }
}
