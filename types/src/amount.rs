//! Amounts that may be finer than a minor unit.

use crate::Currency;

/// Decimal places of a minor unit that an amount may have, as in Stripe's `unit_amount_decimal`.
const PLACES: usize = 12;

/// An amount that may be finer than the currency's minor unit, as Stripe's `unit_amount_decimal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// Whole minor units.
    Minor(i64),
    /// A decimal number of minor units with at most 12 places, as text: `"0.5"` is half a cent.
    Decimal(&'static str),
}

impl Amount {
    /// The whole minor units, unless the amount is finer.
    pub const fn minor(self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(minor),
            Self::Decimal(_) => None,
        }
    }

    /// The exact amount in 10⁻¹² minor units, which can be compared and added.
    pub fn exact(self) -> i128 {
        match self {
            Self::Minor(minor) => i128::from(minor) * 10_i128.pow(PLACES as u32),
            Self::Decimal(text) => {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                format!("{whole}{fraction:0<PLACES$.PLACES$}").parse().unwrap_or_default()
            }
        }
    }

    /// In major units, with at least the currency's digits: `29.00 USD`, `0.0015 USD`, `500 JPY`.
    pub fn display(self, currency: Currency) -> String {
        Self::display_exact(self.exact(), currency)
    }

    /// [`Self::display`] of what [`Self::exact`] gives.
    pub fn display_exact(exact: i128, currency: Currency) -> String {
        let digits = currency.minor_digits() as usize;
        let scale = 10_u128.pow((PLACES + digits) as u32);
        let (whole, fraction) = (exact.unsigned_abs() / scale, exact.unsigned_abs() % scale);
        let fraction = format!("{fraction:0width$}", width = PLACES + digits);
        let kept = fraction.trim_end_matches('0').len().max(digits);
        let sign = if exact < 0 { "-" } else { "" };
        match kept {
            0 => format!("{sign}{whole} {currency}"),
            _ => format!("{sign}{whole}.{} {currency}", &fraction[..kept]),
        }
    }
}
