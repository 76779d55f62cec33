//! Minor units as numbers of major units, exact: 149500 US cents are 1495, 2950 are "29.50".

use std::borrow::Cow;

use pricebook_types::validation::Number;
use pricebook_types::{Currency, Money};
use rust_decimal::Decimal;

/// Money in major units, whole ones as a number, others as a text with at least the currency's digits.
pub fn major_units(money: Money) -> Number<'static> {
    number(money.minor().into(), money.currency())
}

/// Minor units as major units.
pub(super) fn number(minor: Decimal, currency: Currency) -> Number<'static> {
    from_major(minor / scale(currency), currency)
}

/// Major units, whole ones as a number, others as a text with at least the currency's digits.
pub(super) fn from_major(major: Decimal, currency: Currency) -> Number<'static> {
    let mut amount = major.normalize();
    match i64::try_from(amount) {
        Ok(whole) if amount.is_integer() => Number::Whole(whole),
        _ => {
            if amount.scale() < currency.minor_digits() {
                amount.rescale(currency.minor_digits());
            }
            Number::Decimal(Cow::Owned(amount.to_string()))
        }
    }
}

/// Whole minor units; `None` where the amount is finer than a minor unit, or does not fit 64 bits.
pub(super) fn to_minor(major: Decimal, currency: Currency) -> Option<i64> {
    let minor = major.checked_mul(scale(currency))?;
    minor.is_integer().then(|| i64::try_from(minor).ok()).flatten()
}

/// A number of the validation tables.
pub(super) fn decimal(number: &Number<'_>) -> Option<Decimal> {
    match number {
        Number::Whole(whole) => Some(Decimal::from(*whole)),
        Number::Decimal(text) => text.parse().ok(),
    }
}

fn scale(currency: Currency) -> Decimal {
    Decimal::from(10_u32.pow(currency.minor_digits()))
}
