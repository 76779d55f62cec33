//! Bounds at the bound: the last value that is allowed, and the first one that is not.

use pricebook_emit::build::Package;
use pricebook_model::{Source, compile};

/// The codes of what is wrong with a tea of these prices, and a coupon with these codes.
fn codes(prices: &str, promotion: &str) -> Vec<&'static str> {
    let text = format!(
        "catalog: {{ name: shop, title: Shop, currency: usd }}
kinds: {{ tea: {{ plural: teas }} }}
teas:
  green: {{ name: Green, prices: {{ {prices} }} }}
coupons:
  spring:
    name: Spring
    duration: once
    percent_off: 10
    redeem_by: 2030-06-30
    promotion_codes: [{{ code: SPRING, expires_at: {promotion} }}]
"
    );
    let file = Source { path: "catalog.yaml".to_owned(), text, base: false };
    match compile(Package::with_base(vec![file]), &pricebook_emit::limits(), None) {
        Ok(_) => Vec::new(),
        Err(report) => report.diagnostics.iter().map(|found| found.code).collect(),
    }
}

const NONE: [&str; 0] = [];

#[test]
fn as_much_as_stripe_charges_can_be_charged_and_a_cent_more_cannot() {
    assert_eq!(codes("monthly: 999999.99", "2030-06-30"), NONE);
    assert_eq!(codes("monthly: 1000000.00", "2030-06-30"), ["charge-too-large"]);
    assert_eq!(codes("monthly: 0.50", "2030-06-30"), NONE);
    assert_eq!(codes("monthly: 0.49", "2030-06-30"), ["charge-too-small"]);
}

#[test]
fn a_tier_may_be_of_one_unit_and_not_of_none() {
    let tiers = |second: u32| {
        let steps = format!(
            "[{{ up_to: 1, unit_amount: 5.00 }}, {{ up_to: {second}, unit_amount: 4.00 }}, {{ up_to: unlimited, unit_amount: 3.00 }}]"
        );
        format!("monthly: {{ tiers: {{ mode: graduated, steps: {steps} }} }}")
    };
    assert_eq!(codes(&tiers(2), "2030-06-30"), NONE);
    assert_eq!(codes(&tiers(1), "2030-06-30"), ["tiers-out-of-order"]);
}

#[test]
fn a_promotion_code_may_end_with_its_coupon_and_not_a_day_later() {
    assert_eq!(codes("monthly: 5.00", "2030-06-30"), NONE);
    assert_eq!(codes("monthly: 5.00", "2030-07-01"), ["promotion-outlives-coupon"]);
}
