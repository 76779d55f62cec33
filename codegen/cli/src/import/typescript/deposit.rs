//! Whether a deposit's percentage and its amount say the same.

use pricebook_types::Currency;
use rust_decimal::Decimal;

/// How a percentage of a price comes to the amount beside it.
pub(super) enum Share {
    /// It is a whole number of minor units.
    Whole,
    /// Rounded in this way.
    Rounded(&'static str),
    /// It does not.
    Differs,
}

pub(super) fn share(percent: Decimal, price: Decimal, amount: Option<Decimal>, currency: Currency) -> Share {
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
