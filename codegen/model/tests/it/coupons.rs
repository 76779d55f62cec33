//! Which coupons somebody can use, and which nobody can.

use crate::catalogs::{compiled, file};

const CATALOG: &str = "\
catalog: { name: shop, title: Shop, currency: usd }
kinds: { plan: {} }
plans:
  basic:
    name: Basic
    prices:
      monthly:
        amount: 10.00
        currencies: { eur: 9.00 }
        changes: [{ on: 2030-01-01, amount: 30.00, currencies: { eur: 27.00 } }]
        grandfathered: [{ key: monthly_2020, amount: 40.00, currencies: { eur: 8.00 } }]
  seats:
    name: Seats
    prices: { monthly: { amount: 5.00, unit: seat } }
  tiers:
    name: Tiers
    prices: { monthly: { tiers: { mode: graduated, steps: [{ up_to: unlimited, unit_amount: 2.00 }] } } }
  broken:
    name: Broken
    prices: { monthly: 1.00 }
";

/// The codes of what is reported about a coupon with these keys.
fn reported(keys: &str) -> Vec<&'static str> {
    let coupon = format!("coupons:\n  offer: {{ name: Offer, duration: once, {keys} }}\n");
    match compiled(vec![file("shop.yaml", CATALOG), file("coupons.yaml", &coupon)]) {
        Ok(_) => Vec::new(),
        Err(report) => report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect(),
    }
}

#[test]
fn a_coupon_that_somebody_can_use_is_no_mistake() {
    for keys in [
        "amount_off: 10.00, applies_to: [plan/basic]",
        "amount_off: 30.00, applies_to: [plan/basic]",
        "amount_off: 40.00, applies_to: [plan/basic]",
        "amount_off: 27.00, currency: eur, applies_to: [plan/basic]",
        "amount_off: 40.00, applies_to: [plan/broken, plan/basic]",
        "amount_off: 500.00, applies_to: [plan/seats]",
        "amount_off: 500.00, applies_to: [plan/broken, plan/tiers]",
        "amount_off: 9.00, currency: eur, applies_to: [plan/seats, plan/basic]",
        "amount_off: 500.00",
        "amount_off: 10.00, currencies: { eur: 27.00 }, applies_to: [plan/basic]",
        "amount_off: 9.00, currency: eur, currencies: { usd: 500.00 }, applies_to: [plan/seats, plan/basic]",
        "percent_off: 10, currency: eur, promotion_codes: [{ code: A, minimum_amount: 500.00 }]",
        "percent_off: 10, currency: chf, applies_to: [plan/basic]",
    ] {
        assert_eq!(reported(keys), [""; 0], "{keys}");
    }
}

#[test]
fn a_coupon_that_nobody_can_use_is_reported_once() {
    for (keys, code) in [
        ("amount_off: 40.01, applies_to: [plan/basic]", "coupon-larger-than-price"),
        ("amount_off: 27.01, currency: eur, applies_to: [plan/basic]", "coupon-larger-than-price"),
        ("amount_off: 41.00, applies_to: [plan/broken, plan/basic]", "coupon-larger-than-price"),
        ("amount_off: 1.00, currency: eur, applies_to: [plan/seats]", "coupon-currency"),
        ("amount_off: 1.00, currency: chf", "coupon-currency"),
        ("amount_off: 10.00, currencies: { eur: 27.01 }, applies_to: [plan/basic]", "coupon-larger-than-price"),
        ("amount_off: 10.00, currencies: { eur: 9.00, chf: 9.00 }", "coupon-currency"),
        ("amount_off: 10.00, currencies: { eur: 0 }", "coupon-without-effect"),
        ("amount_off: 10.00, currencies: { eur: -1.00 }", "negative-amount"),
        ("amount_off: 10.00, currencies: { eur: 0.001 }", "amount-too-fine"),
        ("amount_off: 10.00, currencies: { usd: 9.00 }", "duplicate-currency"),
        ("percent_off: 10, currency: chf, promotion_codes: [{ code: A, minimum_amount: 5.00 }]", "coupon-currency"),
    ] {
        assert_eq!(reported(keys), [code], "{keys}");
    }
}
