//! Exact numbers in JSON, in minor and in major units.

use std::borrow::Cow;

use pricebook_model::catalog::whole;
use pricebook_types::Currency;
use pricebook_types::validation::Number;
use rust_decimal::Decimal;

/// Minor units.
pub(super) fn minor(amount: Decimal) -> Number<'static> {
    whole(amount).map_or_else(|| Number::Decimal(Cow::Owned(amount.normalize().to_string())), Number::Whole)
}

/// Minor units as major units: 149500 US cents are 1495, 2950 are "29.50".
pub(super) fn major(minor: Decimal, currency: Currency) -> Number<'static> {
    let digits = currency.minor_digits();
    let amount = minor / Decimal::from(10_u32.pow(digits));
    whole(amount).map_or_else(
        || {
            let mut amount = amount.normalize();
            if amount.scale() < digits {
                amount.rescale(digits);
            }
            Number::Decimal(Cow::Owned(amount.to_string()))
        },
        Number::Whole,
    )
}
