//! Coupons and promotion codes.

use std::collections::BTreeMap;

use pricebook_types::Currency;
use rust_decimal::Decimal;
use serde::Serialize;

/// A Stripe coupon.
#[derive(Clone, Debug, Serialize)]
pub struct Coupon {
    /// Stripe's id.
    pub id: String,
    /// The name on invoices.
    pub name: String,
    /// What is taken off.
    pub discount: Discount,
    /// For how long.
    pub duration: Duration,
    /// `(kind, product)` it is limited to; empty for all.
    pub applies_to: Vec<(String, String)>,
    /// How often in all.
    pub max_redemptions: Option<u32>,
    /// The last day, an ISO 8601 date in UTC.
    pub redeem_by: Option<String>,
    /// Codes that customers type.
    pub promotion_codes: Vec<PromotionCode>,
    /// Lint rules that are accepted for this coupon, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

/// What a coupon takes off.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// More than 0, at most 100, at most two decimals.
    Percent(Decimal),
    /// An amount of money.
    Amount {
        /// How much, in minor units.
        minor: i64,
        /// Of which currency.
        currency: Currency,
        /// How much in other currencies, in minor units of each.
        currencies: BTreeMap<Currency, i64>,
    },
}

/// For how long a coupon applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// To one invoice.
    Once,
    /// For so many months.
    Months(u16),
    /// For ever.
    Forever,
}

/// A code that customers type.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionCode {
    /// The code.
    pub code: String,
    /// How often in all.
    pub max_redemptions: Option<u32>,
    /// The last day, an ISO 8601 date in UTC.
    pub expires_at: Option<String>,
    /// For first purchases only.
    pub first_time_transaction: bool,
    /// Minor units and currency that the purchase must reach.
    pub minimum_amount: Option<(i64, Currency)>,
}
