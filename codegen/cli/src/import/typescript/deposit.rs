//! A service's deposit: its type, its value and its amount may contradict one another, and what customers pay counts.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::services::{number, text};
use super::value::Value;
use crate::import::yaml::Yaml;

/// What a note is on, and why.
type Said = (&'static str, String);

/// The deposit on a service of this price, `None` where there is none; what of it does not agree is said.
pub(super) fn taken(deposit: &Value, price: Decimal, currency: Currency, said: &mut Vec<Said>) -> Option<Yaml> {
    let value = number(deposit.field("value"));
    let amount = number(deposit.field("amount"));
    let kind = text(deposit.field("type")).unwrap_or_default();
    // Nothing of what is sold is no deposit; what is free may say that it asks for none.
    let fixed = |amount: Decimal| {
        (price.is_zero() || !amount.is_zero()).then(|| Yaml::map([("amount", Some(Yaml::plain(amount)))]))
    };
    match (kind.as_str(), value, amount) {
        ("full", _, Some(amount)) if amount != price => {
            said.push(("deposit.type", format!("`full` is not {amount}; the amount was kept")));
            fixed(amount)
        }
        ("full", ..) => Some(Yaml::plain("full")),
        ("fixed" | "amount", Some(value), Some(amount)) => {
            if value != amount {
                said.push((
                    "deposit.value",
                    format!("a fixed deposit of {value} is not {amount}; the amount was kept"),
                ));
            }
            fixed(amount)
        }
        ("fixed" | "amount", Some(amount), None) | ("fixed" | "amount", None, Some(amount)) => fixed(amount),
        ("none" | "", None, None) => None,
        (_, Some(_), _) | (_, _, Some(_)) if !is_asked_for(value, amount) => None,
        ("percentage" | "percent", Some(percent), _) => percentage(percent, price, amount, currency, said),
        (_, _, Some(amount)) => {
            said.push((
                "deposit.type",
                format!("`{kind}` is no type of deposit, so the amount was taken as a fixed one"),
            ));
            fixed(amount)
        }
        (_, _, None) => {
            said.push(("deposit", "it names neither a percentage nor an amount".to_owned()));
            None
        }
    }
}

/// No deposit, as what is coming soon asks for none; one that is asked for is said.
pub(super) fn refused(deposit: &Value, said: &mut Vec<Said>) -> Option<Yaml> {
    if is_asked_for(number(deposit.field("value")), number(deposit.field("amount"))) {
        said.push(("deposit", "what is coming soon asks for none".to_owned()));
    }
    None
}

/// Zero is no deposit.
fn is_asked_for(value: Option<Decimal>, amount: Option<Decimal>) -> bool {
    value.into_iter().chain(amount).any(|number| !number.is_zero())
}

fn percentage(
    percent: Decimal,
    price: Decimal,
    amount: Option<Decimal>,
    currency: Currency,
    said: &mut Vec<Said>,
) -> Option<Yaml> {
    let written = Yaml::plain(percent.normalize());
    match share(percent, price, amount, currency) {
        Share::Whole => Some(Yaml::map([("percent", Some(written))])),
        Share::Rounded(rounding) => {
            Some(Yaml::map([("percent", Some(written)), ("rounding", Some(Yaml::plain(rounding)))]))
        }
        // What customers pay counts.
        Share::Differs => {
            let amount = amount.unwrap_or_default();
            let why = format!("{} % of the price is not {amount}; the amount was kept", percent.normalize());
            said.push(("deposit.value", why));
            Some(Yaml::map([("amount", Some(Yaml::plain(amount)))]))
        }
    }
}

/// How a percentage of a price comes to the amount beside it.
enum Share {
    /// It is a whole number of minor units.
    Whole,
    /// Rounded in this way.
    Rounded(&'static str),
    /// It does not.
    Differs,
}

fn share(percent: Decimal, price: Decimal, amount: Option<Decimal>, currency: Currency) -> Share {
    use rust_decimal::RoundingStrategy::{AwayFromZero, MidpointNearestEven, ToZero};
    let Some(share) = percent.checked_mul(price).map(|product| product / Decimal::ONE_HUNDRED) else {
        return Share::Differs;
    };
    let digits = currency.minor_digits();
    if share.round_dp(digits) == share {
        return if amount.is_none_or(|amount| amount == share) { Share::Whole } else { Share::Differs };
    }
    let strategies = [("half_even", MidpointNearestEven), ("up", AwayFromZero), ("down", ToZero)];
    let fits = |strategy| amount.is_none_or(|amount| share.round_dp_with_strategy(digits, strategy) == amount);
    let found = strategies.into_iter().find(|(_, strategy)| fits(*strategy));
    found.map_or(Share::Differs, |(word, _)| Share::Rounded(word))
}
