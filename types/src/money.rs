//! Exact amounts of money.

use core::fmt;
use core::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::Currency;

/// A currency that is known at compile time; see [`crate::code`].
pub trait StaticCurrency: Copy {
    /// The currency.
    const CURRENCY: Currency;
}

/// An exact amount in integer minor units of its currency: 29.00 USD is 2,900, 500 JPY is 500, 1.250 KWD is 1,250.
///
/// `Money` alone carries its currency as a value, and can only be added by [`Money::checked_add`]. `Money<Usd>` carries
/// it in its type, so that `+` works and adding two currencies does not compile:
///
/// ```compile_fail
/// use pricebook_types::{Money, code::{Eur, Usd}};
/// let _ = Money::<Usd>::of(100) + Money::<Eur>::of(100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money<C = Currency> {
    minor: i64,
    currency: C,
}

/// Two amounts of different currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrencyMismatch {
    /// The currency on the left.
    pub left: Currency,
    /// The currency on the right.
    pub right: Currency,
}

impl Money {
    /// `minor` minor units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

impl<C> Money<C> {
    /// The amount in minor units.
    pub const fn minor(&self) -> i64 {
        self.minor
    }
}

impl Money {
    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`CurrencyMismatch`] where the currencies differ.
    ///
    /// # Panics
    /// Where the sum is beyond 64 bits.
    pub fn checked_add(self, other: Self) -> Result<Self, CurrencyMismatch> {
        if self.currency != other.currency {
            return Err(CurrencyMismatch { left: self.currency, right: other.currency });
        }
        Ok(Self::new(self.minor.checked_add(other.minor).expect("a sum of money within 64 bits"), self.currency))
    }

    /// The same amount with its currency in the type; `None` where it has another currency.
    pub fn typed<C: StaticCurrency + Default>(self) -> Option<Money<C>> {
        (self.currency == C::CURRENCY).then(|| Money::of(self.minor))
    }
}

impl<C: StaticCurrency + Default> Money<C> {
    /// `minor` minor units of `C`.
    pub fn of(minor: i64) -> Self {
        Self { minor, currency: C::default() }
    }

    /// The same amount with its currency as a value.
    pub fn untyped(self) -> Money {
        Money::new(self.minor, C::CURRENCY)
    }
}

impl<C: StaticCurrency> Add for Money<C> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { minor: self.minor.checked_add(other.minor).expect("a sum of money within 64 bits"), ..self }
    }
}

impl<C: StaticCurrency> Sub for Money<C> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { minor: self.minor.checked_sub(other.minor).expect("a difference of money within 64 bits"), ..self }
    }
}

impl<C: StaticCurrency> Neg for Money<C> {
    type Output = Self;

    fn neg(self) -> Self {
        Self { minor: self.minor.checked_neg().expect("money within 64 bits"), ..self }
    }
}

impl fmt::Display for Money {
    /// The exact decimal with the currency's digits and its code: `29.00 USD`, `500 JPY`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.minor_digits();
        let scale = 10_u64.pow(digits);
        let sign = if self.minor < 0 { "-" } else { "" };
        let magnitude = self.minor.unsigned_abs();
        write!(f, "{sign}{}", magnitude / scale)?;
        if digits > 0 {
            write!(f, ".{:0width$}", magnitude % scale, width = digits as usize)?;
        }
        write!(f, " {}", self.currency)
    }
}

impl fmt::Display for CurrencyMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {} cannot be added", self.left, self.right)
    }
}

impl std::error::Error for CurrencyMismatch {}
