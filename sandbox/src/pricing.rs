//! What so many of something cost. <https://docs.stripe.com/products-prices/pricing-models>

use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::call::text;
use crate::store::Object;

/// The amount for a quantity in the price's own currency, in its smallest unit.
pub(crate) fn amount(price: &Object, quantity: i64) -> i64 {
    rounded(exact(price, Decimal::from(transformed(price, quantity))))
}

/// The amount for what was used, which may be a part of a piece.
pub(crate) fn usage_amount(price: &Object, used: Decimal) -> i64 {
    let pieces = match used.fract().is_zero().then(|| used.to_i64()).flatten() {
        Some(whole) => Decimal::from(transformed(price, whole)),
        None => used,
    };
    rounded(exact(price, pieces))
}

/// So many parts of a whole amount: the share of a period, or of a discount.
pub(crate) fn share(amount: i64, part: i64, whole: i64) -> i64 {
    match whole {
        0 => 0,
        _ => rounded(Decimal::from(amount) * Decimal::from(part) / Decimal::from(whole)),
    }
}

/// Half a minor unit goes away from zero.
fn rounded(exact: Decimal) -> i64 {
    exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(i64::MAX)
}

fn exact(price: &Object, quantity: Decimal) -> Decimal {
    match price.get("tiers").and_then(Value::as_array) {
        None => quantity * decimal(price.get("unit_amount_decimal")),
        Some(tiers) if text(price, "tiers_mode") == "volume" => by_volume(tiers, quantity),
        Some(tiers) => graduated(tiers, quantity),
    }
}

/// Packages instead of pieces, where the price is for packages.
fn transformed(price: &Object, quantity: i64) -> i64 {
    let Some(by) = price.get("transform_quantity").and_then(|transform| transform["divide_by"].as_i64()) else {
        return quantity;
    };
    match price["transform_quantity"]["round"] == "up" {
        true => quantity / by + i64::from(quantity % by > 0),
        false => quantity / by,
    }
}

/// All at the price of the tier that the quantity falls into.
fn by_volume(tiers: &[Value], quantity: Decimal) -> Decimal {
    let tier = tiers.iter().find(|tier| tier["up_to"].as_i64().is_none_or(|up_to| quantity <= Decimal::from(up_to)));
    tier.map_or(Decimal::ZERO, |tier| {
        decimal(tier.get("unit_amount_decimal")) * quantity + decimal(tier.get("flat_amount_decimal"))
    })
}

/// Each tier's pieces at its own price.
fn graduated(tiers: &[Value], quantity: Decimal) -> Decimal {
    let (mut total, mut from) = (Decimal::ZERO, Decimal::ZERO);
    for tier in tiers {
        if quantity <= from && !from.is_zero() {
            break;
        }
        let until = tier["up_to"].as_i64().map_or(quantity, |up_to| quantity.min(Decimal::from(up_to)));
        total += decimal(tier.get("unit_amount_decimal")) * (until - from) + decimal(tier.get("flat_amount_decimal"));
        from = until;
    }
    total
}

/// The percentage of an amount that a coupon takes off.
pub(crate) fn percentage(amount: i64, percent: &Value) -> i64 {
    let percent = Decimal::from_str(&percent.to_string()).unwrap_or_default();
    rounded(Decimal::from(amount) * percent / Decimal::ONE_HUNDRED)
}

fn decimal(text: Option<&Value>) -> Decimal {
    text.and_then(Value::as_str).and_then(|text| Decimal::from_str(text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{amount, percentage};
    use crate::call::as_object;

    fn of(price: Value, quantity: i64) -> i64 {
        amount(&as_object(price), quantity)
    }

    #[test]
    fn pieces_and_packages() {
        assert_eq!(of(json!({ "unit_amount_decimal": "0.125" }), 100), 13);
        let transform = json!({ "divide_by": 10, "round": "up" });
        assert_eq!(of(json!({ "unit_amount_decimal": "500", "transform_quantity": transform }), 11), 1000);
        let transform = json!({ "divide_by": 10, "round": "down" });
        assert_eq!(of(json!({ "unit_amount_decimal": "500", "transform_quantity": transform }), 19), 500);
    }

    #[test]
    fn tiers() {
        let tiers = json!([
            { "up_to": 10, "unit_amount_decimal": "100", "flat_amount_decimal": "1000" },
            { "up_to": null, "unit_amount_decimal": "50", "flat_amount_decimal": null },
        ]);
        let graduated = json!({ "tiers_mode": "graduated", "tiers": tiers });
        assert_eq!([1, 10, 12].map(|quantity| of(graduated.clone(), quantity)), [1100, 2000, 2100]);
        let volume = json!({ "tiers_mode": "volume", "tiers": tiers });
        assert_eq!([1, 10, 12].map(|quantity| of(volume.clone(), quantity)), [1100, 2000, 600]);
    }

    #[test]
    fn percentages_are_exact() {
        assert_eq!(percentage(1000, &json!(33.3)), 333);
        assert_eq!(percentage(15, &json!(50)), 8);
    }
}
