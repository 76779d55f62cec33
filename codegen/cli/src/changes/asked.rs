//! What a price asks for in one currency, in words, and the least that customers may choose.

use pricebook_emit::stripe;
use pricebook_model::catalog::{CurrencyAmount, CustomAmount};
use pricebook_types::Currency;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::Amount;

/// What a price asks for in one currency: `29.00 USD`, `2.00 USD in the first tier`, `USD chosen by customers (from 5.00)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The currency.
    pub currency: Currency,
    /// In words, with the currency.
    pub words: String,
}

impl Asked {
    pub(super) fn of(amount: &CurrencyAmount) -> Self {
        let currency = amount.currency;
        let in_currency = |minor| Amount::new(minor, currency).to_string();
        let words = match (amount.unit_amount, amount.custom) {
            (Some(minor), _) => in_currency(minor),
            (None, Some(custom)) => chosen(custom, currency),
            (None, None) => {
                let first = amount.tiers.first().and_then(|tier| tier.unit_amount.or(tier.flat_amount));
                format!("{} in the first tier", in_currency(first.unwrap_or_default()))
            }
        };
        Self { currency, words }
    }
}

impl Serialize for Asked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words)
    }
}

fn chosen(custom: CustomAmount, currency: Currency) -> String {
    let code = currency.code().to_uppercase();
    match bounds(custom, currency) {
        None => format!("{code} chosen by customers"),
        Some(bounds) => format!("{code} chosen by customers ({bounds})"),
    }
}

/// `from 5.00 to 500.00, preset 20.00`; `None` without any.
pub(super) fn bounds(CustomAmount { minimum, maximum, preset }: CustomAmount, currency: Currency) -> Option<String> {
    let bound = |word: &str, minor: Option<i64>| {
        minor.map(|minor| format!("{word} {}", Amount::new(Decimal::from(minor), currency).major()))
    };
    let range: Vec<String> = bound("from", minimum).into_iter().chain(bound("to", maximum)).collect();
    let range = (!range.is_empty()).then(|| range.join(" "));
    let parts: Vec<String> = range.into_iter().chain(bound("preset", preset)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// In minor units: what the price says, or else the least that Stripe charges in the currency.
pub(super) fn least(custom: CustomAmount, currency: Currency) -> Decimal {
    let charged = || stripe::LIMITS.iter().find_map(|limits| limits.charge(currency)).map(|limit| limit.min_minor);
    custom.minimum.or_else(charged).unwrap_or_default().into()
}
