//! How values are told: on one line, without control characters, and no longer than a reader takes in. An API is not
//! trusted with more.

use std::fmt::Display;

use pricebook_types::Currency;
use pricebook_types::validation::Number;

use crate::services::one_line;

/// Characters of a value that are told.
const LONGEST: usize = 200;

/// A text from elsewhere.
pub(super) fn text(text: &str) -> String {
    one_line(text, LONGEST)
}

/// A text in quotes, so that its spaces are seen.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", text(value))
}

/// `nothing` where there is none.
pub(super) fn or_nothing(value: Option<impl Display>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

/// Major units: `$1495`, `29.50 EUR`.
pub(super) fn money(number: &Number<'_>, currency: Currency) -> String {
    let digits = match number {
        Number::Whole(whole) => whole.to_string(),
        Number::Decimal(text) => text.to_string(),
    };
    match currency {
        Currency::Usd => format!("${digits}"),
        other => format!("{digits} {other}"),
    }
}
