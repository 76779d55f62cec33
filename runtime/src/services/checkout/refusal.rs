//! Why nothing of it is sold: a text, and a code that stays the same.

use pricebook_types::{Currency, Interval, Money};
use serde_json::{Value, json};

use crate::services::major::major_units;
use crate::services::payment::Refusal;

/// Why a checkout is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefusal {
    /// The catalog has no such price.
    #[error("There is no price '{price}'")]
    UnknownPrice {
        /// What was asked for.
        price: String,
    },
    /// Old subscriptions have it, and no new one.
    #[error("The price '{price}' is not sold any more")]
    NotSold {
        /// What was asked for.
        price: String,
    },
    /// Its product is not sold, or the database has another price.
    #[error("{refusal}")]
    Product {
        /// What was asked for.
        price: String,
        /// Why.
        refusal: Refusal,
    },
    /// Its amount is the customer's to choose, which a page of several lines cannot ask for.
    #[error("What '{price}' costs is for the customer to choose: it is paid by POST /create-payment")]
    ChosenByCustomer {
        /// What was asked for.
        price: String,
    },
    /// So many are not sold.
    #[error("The quantity of '{price}' is a whole number from 1 to {most}")]
    Quantity {
        /// What was asked for.
        price: String,
        /// The highest quantity.
        most: u32,
    },
    /// Its quantity is what a meter counts.
    #[error("'{price}' is billed by use and takes no quantity")]
    QuantityOfUse {
        /// What was asked for.
        price: String,
    },
    /// Two lines have it.
    #[error("The price '{price}' is named twice: one line has the quantity")]
    Twice {
        /// What was asked for.
        price: String,
    },
    /// One subscription has one interval.
    #[error("One subscription is paid at one interval: some of it is paid every {one}, and some every {other}")]
    Intervals {
        /// That of the first.
        one: Interval,
        /// That of another one.
        other: Interval,
    },
    /// One payment has one currency.
    #[error("What is bought together has one currency")]
    Currencies {
        /// Those of the lines.
        currencies: Vec<Currency>,
    },
    /// They are sold in another currency.
    #[error("This is not sold in {wanted} here, but in {offered}")]
    Currency {
        /// What was asked for.
        wanted: Currency,
        /// What they are sold in.
        offered: Currency,
    },
    /// The catalog gives less time.
    #[error("The trial is of {most} days at most")]
    Trial {
        /// The longest one.
        most: u16,
    },
    /// Nobody charges so much at once.
    #[error("At most {most} can be paid at once")]
    TooMuch {
        /// The highest amount.
        most: Money,
    },
    /// The catalog has no such code.
    #[error("This promotion code is not valid")]
    PromotionCode,
    /// The catalog has no such coupon.
    #[error("This coupon is not valid")]
    Coupon,
    /// The payment service does not have it as it was reviewed.
    #[error("'{price}' is not on sale at the payment service yet as it was reviewed; try again in a few minutes")]
    NotInStripe {
        /// What was asked for.
        price: String,
    },
}

impl CheckoutRefusal {
    /// The code for programs, which stays the same.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownPrice { .. } => "price_not_found",
            Self::NotSold { .. } => "price_not_sold",
            Self::Product { refusal, .. } => refusal.code(),
            Self::ChosenByCustomer { .. } => "price_chosen_by_customer",
            Self::Quantity { .. } => "quantity_out_of_range",
            Self::QuantityOfUse { .. } => "quantity_not_taken",
            Self::Twice { .. } => "price_named_twice",
            Self::Intervals { .. } => "intervals_differ",
            Self::Currencies { .. } => "currencies_differ",
            Self::Currency { .. } => "currency_not_offered",
            Self::Trial { .. } => "trial_too_long",
            Self::TooMuch { .. } => "amount_above_maximum",
            Self::PromotionCode => "promotion_code_not_valid",
            Self::Coupon => "coupon_not_valid",
            Self::NotInStripe { .. } => "price_not_in_stripe",
        }
    }

    /// What programs may want to know besides: which price is meant, and what would do.
    pub fn details(&self) -> Option<Value> {
        match self {
            Self::UnknownPrice { price }
            | Self::NotSold { price }
            | Self::Product { price, .. }
            | Self::ChosenByCustomer { price }
            | Self::QuantityOfUse { price }
            | Self::Twice { price }
            | Self::NotInStripe { price } => Some(json!({ "price": price })),
            Self::Quantity { price, most } => Some(json!({ "price": price, "minimum": 1, "maximum": most })),
            Self::Intervals { .. } | Self::PromotionCode | Self::Coupon => None,
            Self::Currencies { currencies } => Some(json!({ "currencies": currencies })),
            Self::Currency { offered, .. } => Some(json!({ "currencies": [offered] })),
            Self::Trial { most } => Some(json!({ "maximum": most })),
            Self::TooMuch { most } => {
                let maximum =
                    json!({ "amount": major_units(*most), "amountMinor": most.minor(), "currency": most.currency() });
                Some(json!({ "maximum": maximum }))
            }
        }
    }
}
