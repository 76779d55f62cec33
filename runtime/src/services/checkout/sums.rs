//! What a quantity of a price costs in one period. <https://docs.stripe.com/products-prices/pricing-models>

use pricebook_types::TierMode;
use pricebook_types::stripe::{PriceParams, Round, TierParams, TransformQuantity, UpTo};
use rust_decimal::{Decimal, RoundingStrategy};

/// In whole minor units, as an invoice rounds it; `None` where nobody can tell, or more than 64 bits hold.
pub(super) fn total_minor(price: &PriceParams<'_>, quantity: u32) -> Option<i64> {
    let quantity = price.transform_quantity.map_or(quantity, |transform| transformed(transform, quantity));
    let units = Decimal::from(quantity);
    let total = match price.tiers_mode {
        None => decimal(price.unit_amount, price.unit_amount_decimal.as_deref())?.checked_mul(units)?,
        Some(TierMode::Volume) => {
            let tier = price.tiers.iter().find(|tier| holds(tier, quantity))?;
            of_tier(tier, units)?
        }
        Some(TierMode::Graduated) => graduated(&price.tiers, quantity)?,
    };
    i64::try_from(total.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)).ok()
}

fn transformed(TransformQuantity { divide_by, round }: TransformQuantity, quantity: u32) -> u32 {
    match round {
        Round::Up => quantity.div_ceil(divide_by.max(1)),
        Round::Down => quantity / divide_by.max(1),
    }
}

/// Each unit costs what its own tier says; a tier's flat amount is due once a unit lies in it.
fn graduated(tiers: &[TierParams<'_>], quantity: u32) -> Option<Decimal> {
    let (mut total, mut before) = (Decimal::ZERO, 0_u64);
    let quantity = u64::from(quantity);
    for tier in tiers {
        let end = match tier.up_to {
            UpTo::Unit(unit) => unit.min(quantity),
            UpTo::Inf => quantity,
        };
        if end > before {
            total = total.checked_add(of_tier(tier, Decimal::from(end - before))?)?;
            before = end;
        }
    }
    Some(total)
}

fn holds(tier: &TierParams<'_>, quantity: u32) -> bool {
    match tier.up_to {
        UpTo::Unit(unit) => u64::from(quantity) <= unit,
        UpTo::Inf => true,
    }
}

fn of_tier(tier: &TierParams<'_>, units: Decimal) -> Option<Decimal> {
    let unit = decimal(tier.unit_amount, tier.unit_amount_decimal.as_deref()).unwrap_or_default();
    let flat = decimal(tier.flat_amount, tier.flat_amount_decimal.as_deref()).unwrap_or_default();
    unit.checked_mul(units)?.checked_add(flat)
}

fn decimal(whole: Option<i64>, text: Option<&str>) -> Option<Decimal> {
    match text {
        Some(text) => text.parse().ok(),
        None => whole.map(Decimal::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn total(mut price: Value, quantity: u32) -> Option<i64> {
        for (field, value) in [
            ("currency", json!("usd")),
            ("billing_scheme", json!("per_unit")),
            ("tax_behavior", json!("exclusive")),
            ("lookup_key", json!("a")),
            ("nickname", json!("A")),
            ("active", json!(true)),
            ("metadata", json!({})),
        ] {
            price[field] = value;
        }
        total_minor(&serde_json::from_value(price).expect("a price"), quantity)
    }

    #[test]
    fn a_quantity_costs_so_often_the_amount() {
        assert_eq!(total(json!({ "unit_amount": 1500 }), 7), Some(10_500));
        assert_eq!(total(json!({ "unit_amount_decimal": "12.5" }), 3), Some(38), "half a cent is rounded up");
        let packs = |round| json!({ "unit_amount": 500, "transform_quantity": { "divide_by": 100, "round": round } });
        assert_eq!((total(packs("up"), 101), total(packs("down"), 101)), (Some(1000), Some(500)));
    }

    #[test]
    fn tiers_count_each_unit_or_all_units() {
        let tiers = |mode: &str| {
            json!({ "tiers_mode": mode, "tiers": [
                { "up_to": 10, "unit_amount": 500, "flat_amount": 100 },
                { "up_to": "inf", "unit_amount_decimal": "400.25" },
            ] })
        };
        for (quantity, graduated, volume) in [(1, 600, 600), (10, 5_100, 5_100), (12, 5_901, 4_803)] {
            assert_eq!(total(tiers("graduated"), quantity), Some(graduated), "{quantity}");
            assert_eq!(total(tiers("volume"), quantity), Some(volume), "{quantity}");
        }
    }
}
