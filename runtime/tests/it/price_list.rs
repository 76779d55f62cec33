//! The price list: what holds on a day, what comes later, and tiers as people read them.

use pricebook::services::price_list;
use pricebook_types::{
    Amount, Artifacts, Currency, CurrencyAmount, CustomAmount, Deposit, DepositChange, DepositKind, Money, Price,
    PriceChange, Product, Tier, TierMode,
};

use crate::shop::{SHOP, monthly, tea, usd};

/// The price and the deposit of one tea.
fn shown(prices: Vec<Price>, deposit: Option<Deposit>, day: &str) -> (String, String) {
    let product = Product { deposit, ..tea("green", "Green tea", true, Vec::leak(prices)) };
    let artifacts: &Artifacts = Box::leak(Box::new(Artifacts { products: Vec::leak(vec![product]), ..SHOP }));
    let line = price_list(artifacts, day.parse().expect("a day"), None).remove(0);
    (line.price, line.deposit)
}

const ANNOUNCED: Price = Price {
    changes: &[
        PriceChange { on: "2027-01-01", amounts: &[usd(500)] },
        PriceChange { on: "2028-01-01", amounts: &[usd(550)] },
    ],
    ..monthly("green", "tea_green_monthly", &[usd(450)])
};

#[test]
fn announced_prices_are_shown_from_today_until_they_hold() {
    let former = Price { grandfathered: Some("monthly"), active: false, ..ANNOUNCED };
    const ONCE: Price = Price { interval: None, ..monthly("green", "tea_green_once", &[usd(4500)]) };
    let price = |day| shown(vec![ANNOUNCED, ONCE, former], None, day).0;
    assert_eq!(
        price("2026-12-31"),
        "4.50 USD / month (from 2027-01-01: 5.00 USD; from 2028-01-01: 5.50 USD), 45.00 USD"
    );
    assert_eq!(price("2027-01-01"), "5.00 USD / month (from 2028-01-01: 5.50 USD), 45.00 USD");
    assert_eq!(price("2028-01-01"), "5.50 USD / month, 45.00 USD");
}

#[test]
fn a_deposit_follows_the_announced_prices() {
    const DEPOSIT: Deposit = Deposit {
        kind: DepositKind::Percentage,
        value: "20",
        amounts_before_changes: &[Money::new(90, Currency::Usd)],
        changes: &[DepositChange { on: "2027-01-01", amounts: &[Money::new(100, Currency::Usd)] }],
    };
    let due = |day| shown(vec![ANNOUNCED], Some(DEPOSIT), day).1;
    assert_eq!(due("2026-12-31"), "0.90 USD (from 2027-01-01: 1.00 USD)");
    assert_eq!(due("2027-01-01"), "1.00 USD");
}

const fn tiers(tiers: &'static [Tier]) -> CurrencyAmount {
    CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers, custom: None }
}

const fn tier(up_to: Option<u64>, unit_amount: Amount, flat: Option<i64>) -> Tier {
    let flat_amount = match flat {
        Some(minor) => Some(Amount::Minor(minor)),
        None => None,
    };
    Tier { up_to, unit_amount, flat_amount }
}

const FREE: Amount = Amount::Minor(0);

fn tiered(amounts: &'static [CurrencyAmount]) -> String {
    let price = Price {
        tier_mode: amounts[0].unit_amount.is_none().then_some(TierMode::Graduated),
        unit: Some("cup"),
        changes: &[],
        ..monthly("green", "tea_green_usage", amounts)
    };
    shown(vec![price], None, "2026-12-31").0
}

#[test]
fn tiers_are_shown_by_the_least_that_somebody_pays() {
    const FALLING: &[CurrencyAmount] =
        &[tiers(&[tier(Some(10), Amount::Minor(10), None), tier(None, Amount::Decimal("7.5"), None)])];
    assert_eq!(tiered(FALLING), "from 0.10 USD / cup / month (tiered)");
    const FIRST_FREE: &[CurrencyAmount] = &[tiers(&[
        tier(Some(10), FREE, None),
        tier(Some(20), Amount::Minor(9), None),
        tier(None, Amount::Minor(8), None),
    ])];
    assert_eq!(tiered(FIRST_FREE), "from 0.00 USD / month (tiered, 10 free, then 0.09 USD / cup)");
    const BOTH: &[CurrencyAmount] = &[tiers(&[tier(None, Amount::Minor(5), Some(100))])];
    assert_eq!(tiered(BOTH), "from 1.05 USD / month (tiered, with flat amounts)");
    const FLAT: &[CurrencyAmount] = &[tiers(&[tier(Some(10), FREE, Some(300)), tier(None, FREE, Some(500))])];
    assert_eq!(tiered(FLAT), "from 3.00 USD / month (tiered)");
}

#[test]
fn a_price_finer_than_a_cent_is_shown_exactly() {
    const FINE: &[CurrencyAmount] = &[CurrencyAmount {
        currency: Currency::Usd,
        unit_amount: Some(Amount::Decimal("0.2")),
        tiers: &[],
        custom: None,
    }];
    assert_eq!(tiered(FINE), "0.002 USD / cup / month");
}

#[test]
fn an_amount_that_customers_choose_is_shown_from_its_least() {
    const fn chosen(minimum: Option<i64>) -> CurrencyAmount {
        let custom = Some(CustomAmount { minimum, maximum: Some(50_000), preset: None });
        CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: &[], custom }
    }
    const BOUNDED: Price = Price { interval: None, ..monthly("green", "tea_green_gift", &[chosen(Some(500))]) };
    const OPEN: Price = Price { interval: None, ..monthly("green", "tea_green_any", &[chosen(None)]) };
    let price = shown(vec![BOUNDED, OPEN], None, "2026-12-31").0;
    assert_eq!(price, "any amount from 5.00 USD, any amount of USD");
}
