//! Amounts as people read them, and how much one is above another.

use std::fmt;

use pricebook_types::Currency;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// An exact amount in a currency, possibly finer than its minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In minor units.
    pub minor: Decimal,
    /// The currency.
    pub currency: Currency,
}

impl Amount {
    pub(super) fn new(minor: Decimal, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The number in major units, with all the digits that the currency has.
    pub fn major(&self) -> String {
        let digits = self.currency.minor_digits();
        // A thousandth of a minor unit and finer stays exact: Stripe allows twelve places, a Decimal holds 28.
        let major = self.minor.normalize() / Decimal::from(10_u64.pow(digits));
        let places = major.normalize().scale().max(digits);
        format!("{major:.places$}", places = places as usize)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.major(), self.currency.code().to_uppercase())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How much `to` is above `from`, in percent; `None` where `from` is nothing.
pub fn share(from: Decimal, to: Decimal) -> Option<Decimal> {
    (!from.is_zero()).then(|| (to - from) / from * Decimal::ONE_HUNDRED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_shows_all_digits_of_its_currency_and_no_more_than_it_has() {
        let shown = |minor: &str, currency| Amount::new(minor.parse().unwrap(), currency).to_string();
        assert_eq!(shown("2900", Currency::Usd), "29.00 USD");
        assert_eq!(shown("0.15", Currency::Usd), "0.0015 USD");
        assert_eq!(shown("118000", Currency::Jpy), "118000 JPY");
        assert_eq!(shown("1250", Currency::Bhd), "1.250 BHD");
    }
}
