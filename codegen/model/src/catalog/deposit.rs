//! Deposits with their exact amounts, in every currency and on every day.

use pricebook_types::{DepositKind, Money};
use rust_decimal::Decimal;
use serde::Serialize;

/// What must be paid first of the product's first price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deposit {
    /// How it was declared.
    pub kind: DepositKind,
    /// The percentage, or the amount in major units of the default currency; 100 for [`DepositKind::Full`].
    pub value: Decimal,
    /// Rounded as declared, in every currency of the first price and in the order of its amounts; never empty.
    pub amounts: Vec<Money>,
    /// From the days on which the first price changes, in order; empty for [`DepositKind::Fixed`], which never changes.
    pub changes: Vec<DepositChange>,
}

/// What is due from a day on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DepositChange {
    /// The first day, an ISO 8601 date in UTC.
    pub on: String,
    /// As [`Deposit::amounts`].
    pub amounts: Vec<Money>,
}

impl Deposit {
    /// The amount in the first price's default currency, before any announced change.
    pub fn amount(&self) -> Money {
        self.amounts[0]
    }
}
