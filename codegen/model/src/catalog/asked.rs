//! The one amount by which a price is shown where there is no room for all of it.

use pricebook_types::{Currency, TierCost, least};
use rust_decimal::Decimal;

use super::{CurrencyAmount, Price};

/// Decimal places of a minor unit that an amount may have.
const PLACES: u32 = 12;

/// The one amount by which a price is shown in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The amount of a price without tiers, of one with tiers the [`least`], of one that customers choose the least.
    pub minor: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// Whether others pay more.
    pub from: bool,
    /// What the amount is for, as [`Price::per`]; `None` where it is not what one unit costs.
    pub per: Option<String>,
}

impl Price {
    /// What is shown of one of its amounts.
    pub fn asked(&self, amount: &CurrencyAmount) -> Asked {
        if let Some(custom) = amount.custom {
            let minor = Decimal::from(custom.minimum.unwrap_or_default());
            return Asked { minor, currency: amount.currency, from: true, per: None };
        }
        match (amount.unit_amount, self.tier_mode) {
            (None, Some(mode)) => {
                let tiers = amount.tiers.iter().map(|tier| TierCost {
                    up_to: tier.up_to,
                    unit: exact(tier.unit_amount),
                    flat: exact(tier.flat_amount),
                });
                let least = least(mode, tiers);
                let per = self.per().filter(|_| least.of_a_unit);
                Asked { minor: decimal(least.amount), currency: amount.currency, from: true, per }
            }
            (minor, _) => {
                let minor = minor.unwrap_or_default();
                Asked { minor, currency: amount.currency, from: false, per: self.per() }
            }
        }
    }
}

/// In 10⁻¹² minor units.
fn exact(minor: Option<Decimal>) -> i128 {
    let minor = minor.unwrap_or_default().normalize();
    minor.mantissa().saturating_mul(10_i128.pow(PLACES.saturating_sub(minor.scale())))
}

/// In minor units; the highest decimal where there is none for so many digits.
fn decimal(mut exact: i128) -> Decimal {
    let mut scale = PLACES;
    while scale > 0 && exact % 10 == 0 {
        (exact, scale) = (exact / 10, scale - 1);
    }
    Decimal::try_from_i128_with_scale(exact, scale).unwrap_or(Decimal::MAX)
}
