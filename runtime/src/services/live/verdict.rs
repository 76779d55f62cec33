//! Whether an API refused a payment as it must: for the amount, in the right words, and with a status that says that it is the
//! caller's.

use pricebook_types::Money;
use pricebook_types::validation::Number;
use reqwest::StatusCode;
use serde::Deserialize;

use super::fetch::Body;
use super::{LiveError, shown};
use crate::services::major_units;

/// What the API must say to the least amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// It is sold, and this is less than the deposit.
    Deposit,
    /// It is sold at its price only.
    FullPrice,
    /// It is not sold.
    NotFound,
}

/// What was made of one answer, or of several.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) passed: bool,
    pub(super) message: String,
    /// Whether the API names its refusals by our codes.
    pub(super) has_code: bool,
}

/// Our shape of errors, as far as it is there.
#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: Error,
}

#[derive(Default, Deserialize)]
struct Error {
    #[serde(default)]
    code: String,
    #[serde(default)]
    details: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    price: Option<Price>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Price {
    amount_minor: i64,
}

impl Expected {
    /// The words in which it is told, those that an answer must have one of, and our code for it.
    fn words(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Deposit => ("Minimum deposit required", &["Minimum deposit required"]),
            Self::FullPrice => ("a full price required", &["full_price_required", "Minimum deposit required"]),
            Self::NotFound => ("not found or inactive", &["not found or inactive"]),
        }
    }

    /// Whether a status refuses what was asked for, and not who asks, how often, or because something is broken.
    fn fits(self, status: StatusCode) -> bool {
        is_refusal(status) || self == Self::NotFound && status == StatusCode::NOT_FOUND
    }
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYMENT_REQUIRED | StatusCode::UNPROCESSABLE_ENTITY)
}

impl Verdict {
    fn passed(message: String, has_code: bool) -> Self {
        Self { passed: true, message, has_code }
    }

    fn failed(message: String) -> Self {
        Self { passed: false, message, has_code: false }
    }

    /// Adds what was made of another answer: only what is wrong is told besides.
    pub(super) fn and(&mut self, other: Self) {
        match (self.passed, other.passed) {
            (_, true) => {}
            (true, false) => *self = other,
            (false, false) => self.message = format!("{}; {}", self.message, other.message),
        }
    }
}

/// Judges what was answered to the least amount.
pub(super) fn judge(answer: Result<(StatusCode, Body), LiveError>, expected: Expected, amount: Money) -> Verdict {
    let (status, body) = match answer {
        Ok(answer) => answer,
        Err(error) => return Verdict::failed(error.to_string()),
    };
    if status.is_success() {
        return accepted(amount);
    }
    let (asked, text) = (money(amount), String::from_utf8_lossy(&body.bytes));
    let (words, any) = expected.words();
    if expected.fits(status) && any.iter().any(|words| text.contains(words)) {
        let has_code = !refused(&body).error.code.is_empty();
        return Verdict::passed(format!("{asked} is refused: {words}"), has_code);
    }
    Verdict::failed(format!("{asked} should be refused with \"{words}\", but {status}: {}", shown::text(&text)))
}

/// Judges what one of our servers answered to an amount above a price. It has read the price in its database then, and says
/// which it is.
pub(super) fn judge_price(
    answer: Result<(StatusCode, Body), LiveError>,
    key: &str,
    cost: Money,
    asked: Money,
) -> Verdict {
    let (status, body) = match answer {
        Ok(answer) => answer,
        Err(error) => return Verdict::failed(error.to_string()),
    };
    if status.is_success() {
        return accepted(asked);
    }
    let Error { code, details } = refused(&body).error;
    let named = details.price.map(|price| Money::new(price.amount_minor, cost.currency()));
    match (code.as_str(), named) {
        ("amount_above_price" | "full_price_required", Some(named)) if is_refusal(status) && named == cost => {
            Verdict::passed(String::new(), true)
        }
        ("amount_above_price" | "full_price_required", Some(named)) if is_refusal(status) => {
            Verdict::failed(format!("the price '{key}' should be {}, but {} is asked for", money(cost), money(named)))
        }
        _ => {
            let text = shown::text(&String::from_utf8_lossy(&body.bytes));
            Verdict::failed(format!(
                "more than the price '{key}' of {} should be refused, but {status}: {text}",
                money(cost)
            ))
        }
    }
}

fn accepted(amount: Money) -> Verdict {
    Verdict::failed(format!("a payment of {} was accepted; cancel it in Stripe, nobody was charged", money(amount)))
}

fn refused(body: &Body) -> Refused {
    serde_json::from_slice(&body.bytes).unwrap_or_default()
}

fn money(amount: Money) -> String {
    let number: Number<'_> = major_units(amount);
    shown::money(&number, amount.currency())
}
