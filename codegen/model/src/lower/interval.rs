//! Price keys that have an interval of their own, and the words for intervals.

use pricebook_types::{Interval, IntervalUnit};

use super::names;
use crate::decl::{IntervalDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source::Spanned;

/// Price keys that need no `interval:`, with their interval and label.
pub const KNOWN_KEYS: &[(&str, Option<Interval>, &str)] = &[
    ("one_time", None, "One-time"),
    ("daily", Some(Interval { unit: IntervalUnit::Day, count: 1 }), "Daily"),
    ("weekly", Some(Interval { unit: IntervalUnit::Week, count: 1 }), "Weekly"),
    ("monthly", Some(Interval::MONTHLY), "Monthly"),
    ("quarterly", Some(Interval { unit: IntervalUnit::Month, count: 3 }), "Quarterly"),
    ("semiannual", Some(Interval { unit: IntervalUnit::Month, count: 6 }), "Semiannual"),
    ("yearly", Some(Interval::YEARLY), "Yearly"),
];

/// The interval of a key that has one (`None` inside for one-time).
pub fn known_interval(key: &str) -> Option<Option<Interval>> {
    KNOWN_KEYS.iter().find(|(known, ..)| *known == key).map(|(_, interval, _)| *interval)
}

/// The label of a price key: `Monthly`, `One-time`, `Yearly 2024`.
pub fn known_label(key: &str) -> String {
    match KNOWN_KEYS.iter().find(|(known, ..)| *known == key) {
        Some((.., label)) => (*label).to_owned(),
        None => names::in_words(key),
    }
}

/// Words for the intervals of known keys.
const SYNONYMS: &[(&str, &str)] = &[
    ("annual", "yearly"),
    ("annually", "yearly"),
    ("year", "yearly"),
    ("biannual", "semiannual"),
    ("half_yearly", "semiannual"),
    ("quarter", "quarterly"),
    ("month", "monthly"),
    ("week", "weekly"),
    ("day", "daily"),
    ("once", "one_time"),
    ("single", "one_time"),
    ("setup", "one_time"),
];

/// The known key that was probably meant.
fn meant(key: &str) -> Option<&'static str> {
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == key).map(|(_, known)| *known);
    synonym.or_else(|| nearest(key, KNOWN_KEYS.iter().map(|(known, ..)| *known)))
}

/// The interval that a price says or its key has; three years are the longest that can be charged.
pub(super) fn interval(price: &PriceDecl, diagnostics: &mut Vec<Diagnostic>) -> Option<Option<Interval>> {
    let interval = match &price.interval {
        Some(declared) => declared_interval(price, declared),
        None => interval_of_key(price),
    };
    interval.map_err(|problem| diagnostics.push(*problem)).ok()
}

fn interval_of_key(price: &PriceDecl) -> Result<Option<Interval>, Box<Diagnostic>> {
    let key = &price.key;
    let Some(known) = known_interval(&key.value) else {
        let message = format!("the key `{}` has no interval of its own", key.value);
        let help = match meant(&key.value) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "say how often it is charged: `interval:` with day, week, month, year or once".to_owned(),
        };
        return Err(Box::new(Diagnostic::error("price-missing-interval", key.span, message).help(help)));
    };
    match &price.interval_count {
        Some(count) => {
            let message = format!("`{}` already says how often it is charged", key.value);
            let help = "remove `interval_count`, or say `interval:` too and give the price a key of its own";
            let problem = Diagnostic::error("interval-conflict", count.span, message);
            Err(Box::new(problem.also(key.span, "says how often").help(help)))
        }
        None => Ok(known),
    }
}

fn declared_interval(price: &PriceDecl, declared: &Spanned<IntervalDecl>) -> Result<Option<Interval>, Box<Diagnostic>> {
    let (key, count) = (&price.key, price.interval_count.as_ref());
    let interval = match declared.value {
        IntervalDecl::Once => None,
        IntervalDecl::Every(unit) => Some(Interval { unit, count: count.map_or(1, |count| count.value) }),
    };
    if let (Some(count), None) = (count, interval) {
        let message = "a price that is charged once has no `interval_count`";
        return Err(Box::new(
            Diagnostic::error("interval-conflict", count.span, message)
                .also(declared.span, "charged once")
                .help("remove `interval_count`, or write `interval:` with day, week, month or year"),
        ));
    }
    if let (Some(Interval { unit, count }), Some(written)) = (interval, count) {
        let most = longest(unit);
        let unit = unit.as_str();
        let help = match count {
            0 => format!("write how many {unit}s an interval has; leave it out for one"),
            _ => format!("write a number from 1 to {most}: nothing is charged more rarely than every three years"),
        };
        if !(1..=most).contains(&count) {
            let message = format!("an interval is 1 to {most} {unit}s long, not {count}");
            return Err(Box::new(Diagnostic::error("interval-out-of-range", written.span, message).help(help)));
        }
    }
    if known_interval(&key.value).is_some_and(|known| known != interval) {
        let message = format!("this is not the interval of `{}`", key.value);
        return Err(Box::new(
            Diagnostic::error("interval-conflict", declared.span, message)
                .also(key.span, "says how often")
                .help("give the price another key, or remove `interval`"),
        ));
    }
    Ok(interval)
}

/// How many of these units three years have.
fn longest(unit: IntervalUnit) -> u16 {
    match unit {
        IntervalUnit::Day => 1095,
        IntervalUnit::Week => 156,
        IntervalUnit::Month => 36,
        IntervalUnit::Year => 3,
    }
}
