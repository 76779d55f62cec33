//! What the validation tables and deposits say of a day: announced changes count from their own day on.

use pricebook_types::validation::{
    Amount, Change, DepositChange, DepositRule, LiveAmounts, LiveItem, Number, PriceRange, PriceRule,
};
use pricebook_types::{Currency, Day, Deposit, DepositChange as Announced, DepositKind, Money, UsageType};
use serde_json::json;

/// The day before two changes, their days, and one between and one after them.
const DAYS: [&str; 5] = ["2026-12-31", "2027-01-01", "2027-06-30", "2027-07-01", "2100-01-01"];

fn of(day: &str) -> Day {
    day.parse().expect("a day")
}

#[test]
fn a_deposit_follows_its_price() {
    const DEPOSIT: Deposit = Deposit {
        kind: DepositKind::Percentage,
        value: "20",
        amounts_before_changes: &[Money::new(580, Currency::Usd), Money::new(540, Currency::Eur)],
        changes: &[
            Announced { on: "2027-01-01", amounts: &[Money::new(700, Currency::Usd)] },
            Announced { on: "2027-07-01", amounts: &[Money::new(780, Currency::Usd)] },
        ],
    };
    assert_eq!(DAYS.map(|day| DEPOSIT.amounts_on(of(day))[0].minor()), [580, 700, 700, 780, 780]);
    assert_eq!(DAYS.map(|day| DEPOSIT.amount_on(of(day)).minor()), [580, 700, 700, 780, 780]);
}

#[test]
fn a_payment_must_satisfy_the_amounts_of_its_day() {
    let amounts = |minor| {
        let unit_amount = Some(Number::Whole(minor));
        vec![Amount { currency: Currency::Usd, unit_amount, tiers: Vec::new(), custom: None }]
    };
    let rule = PriceRule {
        key: "monthly".into(),
        lookup_key: "plan_starter_monthly".into(),
        active: true,
        interval: None,
        usage: UsageType::Licensed,
        tier_mode: None,
        amounts: amounts(2_900),
        changes: vec![
            Change { on: "2027-01-01".into(), amounts: amounts(3_500) },
            Change { on: "2027-07-01".into(), amounts: amounts(3_900) },
        ],
    };
    let expected = [2_900, 3_500, 3_500, 3_900, 3_900].map(amounts);
    assert_eq!(DAYS.map(|day| rule.amounts_on(day).to_vec()), expected);
    let minimum = |minor| [(Currency::Usd, minor)].into();
    let rule = DepositRule {
        kind: DepositKind::Percentage,
        minimum: minimum(580),
        changes: vec![
            DepositChange { on: "2027-01-01".into(), minimum: minimum(700) },
            DepositChange { on: "2027-07-01".into(), minimum: minimum(780) },
        ],
    };
    assert_eq!(DAYS.map(|day| rule.minimum_on(day)[&Currency::Usd]), [580, 700, 700, 780, 780]);
}

#[test]
fn the_live_api_answers_the_amounts_of_the_day() {
    let item: LiveItem<'_> = serde_json::from_value(json!({
        "id": "report", "name": "Report", "description": "", "currency": "usd", "billingType": "one-time",
        "features": [], "metadata": {}, "active": true,
        "priceRange": { "min": 29, "max": 290 }, "depositAmount": "5.80",
        "changes": [
            { "on": "2027-01-01", "priceRange": { "min": 35, "max": 290 }, "depositAmount": 7 },
            { "on": "2027-07-01", "priceRange": null, "depositAmount": null },
        ],
    }))
    .expect("an item as the emitter writes it");
    let range = |min| Some(PriceRange { min: Number::Whole(min), max: Number::Whole(290) });
    let first = LiveAmounts { price_range: range(29), deposit_amount: Some(Number::Decimal("5.80".into())) };
    let then = LiveAmounts { price_range: range(35), deposit_amount: Some(Number::Whole(7)) };
    let last = LiveAmounts { price_range: None, deposit_amount: None };
    assert_eq!(DAYS.map(|day| item.amounts_on(day)), [&first, &then, &then, &last, &last]);
}
