//! Why a payment is refused: the text of the payment API, and a code that stays the same.

use pricebook_types::{Currency, Money};
use serde_json::{Value, json};

use super::major::major_units;

/// Why nothing can be paid, or not this amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither the catalog nor the database has it.
    #[error("{title} '{id}' not found or inactive")]
    Unknown {
        /// The kind's name for people.
        title: &'static str,
        /// What was asked for.
        id: String,
    },
    /// It is not sold.
    #[error("{title} '{id}' not found or inactive")]
    Inactive {
        /// The kind's name for people.
        title: &'static str,
        /// What was asked for.
        id: String,
    },
    /// It is announced, and not sold yet.
    #[error("{title} '{id}' not found or inactive")]
    ComingSoon {
        /// The kind's name for people.
        title: &'static str,
        /// What was asked for.
        id: String,
    },
    /// It costs nothing.
    #[error("{title} '{id}' is free: there is nothing to pay")]
    Free {
        /// The kind's name for people.
        title: &'static str,
        /// What was asked for.
        id: String,
    },
    /// It has no such price.
    #[error("'{id}' has no price '{price}'")]
    UnknownPrice {
        /// What was asked for.
        id: String,
        /// The price that it does not have.
        price: String,
        /// Those that it has.
        prices: Vec<String>,
    },
    /// Its price depends on how much is used.
    #[error("'{id}' is billed by use and cannot be paid in advance")]
    BilledByUse {
        /// What was asked for.
        id: String,
    },
    /// It is not sold in the currency.
    #[error("'{id}' is not sold in {currency}")]
    Currency {
        /// What was asked for.
        id: String,
        /// The currency.
        currency: Currency,
        /// Those that it is sold in.
        currencies: Vec<Currency>,
    },
    /// The amount is finer than the currency.
    #[error("an amount in {currency} has at most {} decimal places", currency.minor_digits() - currency.step_minor().ilog10())]
    TooFine {
        /// The currency.
        currency: Currency,
    },
    /// Less than the deposit.
    #[error("Minimum deposit required")]
    BelowDeposit {
        /// The least amount.
        minimum: Money,
    },
    /// There is no deposit, and it is not the price.
    #[error("The full price of {price} is required")]
    NotThePrice {
        /// The price.
        price: Money,
    },
    /// More than the price.
    #[error("The amount is more than the price of {price}")]
    AboveThePrice {
        /// The price.
        price: Money,
    },
    /// Less than customers may choose to pay.
    #[error("At least {minimum} is required")]
    BelowMinimum {
        /// The least amount.
        minimum: Money,
    },
    /// More than customers may choose to pay.
    #[error("At most {maximum} can be paid")]
    AboveMaximum {
        /// The greatest amount.
        maximum: Money,
    },
    /// The database and the reviewed catalog disagree on what it costs.
    #[error("The price of '{id}' is being changed; try again in a few minutes")]
    OutOfSync {
        /// What was asked for.
        id: String,
    },
}

impl Refusal {
    /// The code for programs, which stays the same.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "service_not_found",
            Self::Inactive { .. } => "service_inactive",
            Self::ComingSoon { .. } => "service_coming_soon",
            Self::Free { .. } => "nothing_to_pay",
            Self::UnknownPrice { .. } => "price_not_found",
            Self::BilledByUse { .. } => "price_billed_by_use",
            Self::Currency { .. } => "currency_not_offered",
            Self::TooFine { .. } => "amount_too_fine",
            Self::BelowDeposit { .. } => "minimum_deposit_required",
            Self::NotThePrice { .. } => "full_price_required",
            Self::AboveThePrice { .. } => "amount_above_price",
            Self::BelowMinimum { .. } => "amount_below_minimum",
            Self::AboveMaximum { .. } => "amount_above_maximum",
            Self::OutOfSync { .. } => "price_out_of_sync",
        }
    }

    /// What programs may want to know besides.
    pub fn details(&self) -> Option<Value> {
        let money = |money: &Money| json!({ "amount": major_units(*money), "amountMinor": money.minor(), "currency": money.currency() });
        match self {
            Self::UnknownPrice { prices, .. } => Some(json!({ "prices": prices })),
            Self::Currency { currencies, .. } => Some(json!({ "currencies": currencies })),
            Self::AboveMaximum { maximum } => Some(json!({ "maximum": money(maximum) })),
            Self::BelowDeposit { minimum } | Self::BelowMinimum { minimum } => {
                Some(json!({ "minimum": money(minimum) }))
            }
            Self::NotThePrice { price } | Self::AboveThePrice { price } => Some(json!({ "price": money(price) })),
            _ => None,
        }
    }
}
