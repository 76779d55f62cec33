//! Amounts as they are written (major units) to minor units, exactly.

use pricebook_types::Currency;
use rust_decimal::Decimal;

/// Decimal places of a minor unit that an amount may have.
pub const MAX_PLACES: u32 = 12;

/// `79.00` USD as 7,900; `None` beyond 64 bits or finer than [`MAX_PLACES`].
pub fn minor(major: Decimal, currency: Currency) -> Option<Decimal> {
    let minor = major.checked_mul(Decimal::from(10_u32.pow(currency.minor_digits())))?.normalize();
    (minor.abs() <= Decimal::from(i64::MAX) && minor.scale() <= MAX_PLACES).then_some(minor)
}

/// 7,900 as `79` USD.
pub fn major(minor: Decimal, currency: Currency) -> Decimal {
    let scale = minor.scale() + currency.minor_digits();
    let mut major = minor;
    match major.set_scale(scale) {
        Ok(()) => major.normalize(),
        Err(_) => minor / Decimal::from(10_u32.pow(currency.minor_digits())),
    }
}
