//! What a price costs in a currency and on a day.

use pricebook_types::{
    Amount, BillingScheme, Currency, CurrencyAmount, Day, Deposit, DepositChange, DepositKind, Interval, IntervalUnit,
    Money, Price, PriceChange, TaxBehavior, Tier, TierMode, TransformQuantity, UsageType,
};

const fn amount(currency: Currency, minor: i64) -> CurrencyAmount {
    CurrencyAmount { currency, unit_amount: Some(Amount::Minor(minor)), tiers: &[], custom: None }
}

const STARTER: Price = Price {
    lookup_key: "plan_starter_monthly",
    key: "monthly",
    label: "Monthly",
    product: "starter",
    interval: Some(Interval::MONTHLY),
    usage: UsageType::Licensed,
    meter: None,
    tier_mode: None,
    unit: None,
    transform_quantity: None,
    trial_days: 14,
    tax_behavior: TaxBehavior::Exclusive,
    currency_tax_behavior: &[(Currency::Eur, TaxBehavior::Inclusive)],
    amounts_before_changes: &[amount(Currency::Usd, 2_900), amount(Currency::Eur, 2_700)],
    changes: &[
        PriceChange { on: "2027-01-01", amounts: &[amount(Currency::Usd, 3_500)] },
        PriceChange { on: "2027-07-01", amounts: &[amount(Currency::Usd, 3_900)] },
    ],
    grandfathered: None,
    active: true,
};

#[test]
fn an_amount_is_found_by_its_currency() {
    let starter = Price { changes: &[], ..STARTER };
    assert_eq!(starter.amount(), Some(Money::new(2_900, Currency::Usd)));
    assert_eq!(starter.amount_in(Currency::Eur), Some(Money::new(2_700, Currency::Eur)));
    assert_eq!(starter.amount_in(Currency::Gbp), None);
}

#[test]
fn a_currency_has_the_tax_behavior_that_is_said_of_it_or_else_of_the_price() {
    let behaviors = [Currency::Eur, Currency::Usd].map(|currency| STARTER.tax_behavior_in(currency));
    assert_eq!(behaviors, [TaxBehavior::Inclusive, TaxBehavior::Exclusive]);
}

#[test]
fn an_announced_change_counts_from_its_day() {
    let on = |day: &str| STARTER.amount_on(day.parse().expect("a day")).map(|money| money.minor());
    assert_eq!(
        ["2026-12-31", "2027-01-01", "2027-06-30", "2027-07-01", "2100-01-01"].map(on),
        [2_900, 3_500, 3_500, 3_900, 3_900].map(Some)
    );
}

#[test]
fn without_a_day_an_amount_is_that_of_today() {
    const CHANGES: &[PriceChange] = &[
        PriceChange { on: "1999-12-31", amounts: &[amount(Currency::Usd, 3_500), amount(Currency::Eur, 3_300)] },
        PriceChange { on: "9999-12-31", amounts: &[amount(Currency::Usd, 3_900), amount(Currency::Eur, 3_700)] },
    ];
    let changed = Price { changes: CHANGES, ..STARTER };
    assert_eq!(changed.amounts(), CHANGES[0].amounts);
    assert_eq!(changed.amount(), Some(Money::new(3_500, Currency::Usd)));
    assert_eq!(changed.amount_in(Currency::Eur), Some(Money::new(3_300, Currency::Eur)));
    assert_eq!(changed.amounts_before_changes[0].money(), Some(Money::new(2_900, Currency::Usd)));
    const DEPOSIT: Deposit = Deposit {
        kind: DepositKind::Percentage,
        value: "20",
        amounts_before_changes: &[Money::new(580, Currency::Usd)],
        changes: &[DepositChange { on: "1999-12-31", amounts: &[Money::new(700, Currency::Usd)] }],
    };
    assert_eq!((DEPOSIT.amount(), DEPOSIT.amounts().len()), (Money::new(700, Currency::Usd), 1));
}

#[test]
fn days_are_counted_from_1970() {
    let days = [0, 58, 59, 10_956, 11_016, 11_017, 20_783, 47_540, 47_541, 2_932_896, u64::MAX];
    assert_eq!(
        days.map(|days| Day::since_1970(days).to_string()),
        [
            "1970-01-01",
            "1970-02-28",
            "1970-03-01",
            "1999-12-31",
            "2000-02-29",
            "2000-03-01",
            "2026-11-26",
            "2100-02-28",
            "2100-03-01",
            "9999-12-31",
            "9999-12-31",
        ]
    );
    assert!(Day::today() > Day::since_1970(20_000) && Day::today().as_str() < "9999-12-31");
}

#[test]
fn a_day_is_read_from_its_one_spelling() {
    for day in ["2027-01-31", "2028-02-29", "2000-02-29", "0001-12-31", "9999-06-30"] {
        assert_eq!(day.parse::<Day>().expect("a day").to_string(), day);
    }
    let no_days = "2027-1-1 2027-01-1 2027-01-00 2027-13-01 2027-02-29 2100-02-29 2027-04-31 2027/01/01 +027-01-01 27-01-01 \
                   2027-01-011 20270-1-01 today \u{661}\u{662}-01-01";
    for text in no_days.split(' ').chain([""]) {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
    let message = "2027-1-1".parse::<Day>().expect_err("no day").to_string();
    assert_eq!(message, "`2027-1-1` is no day: write year, month and day, as in `2027-01-31`");
}

#[test]
fn tiers_and_parts_of_a_minor_unit_are_no_money() {
    const TIERS: &[Tier] = &[Tier { up_to: None, unit_amount: Amount::Decimal("0.5"), flat_amount: None }];
    const AMOUNTS: &[CurrencyAmount] =
        &[CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: TIERS, custom: None }];
    let metered =
        Price { tier_mode: Some(TierMode::Graduated), amounts_before_changes: AMOUNTS, changes: &[], ..STARTER };
    assert_eq!((metered.billing_scheme(), metered.amount()), (BillingScheme::Tiered, None));
    assert_eq!((STARTER.billing_scheme(), Amount::Decimal("0.5").minor()), (BillingScheme::PerUnit, None));
}

#[test]
fn amounts_keep_every_digit_and_at_least_those_of_their_currency() {
    let shown = |text, currency| Amount::Decimal(text).display(currency);
    assert_eq!(Amount::Minor(2_905).display(Currency::Usd), "29.05 USD");
    assert_eq!(Amount::Minor(-5).display(Currency::Usd), "-0.05 USD");
    assert_eq!(Amount::Minor(500).display(Currency::Jpy), "500 JPY");
    assert_eq!(Amount::Minor(1_250).display(Currency::Kwd), "1.250 KWD");
    assert_eq!(shown("0.15", Currency::Usd), "0.0015 USD");
    assert_eq!(shown("250.5", Currency::Jpy), "250.5 JPY");
    assert_eq!(shown("9223372036854775807.000000000001", Currency::Usd), "92233720368547758.07000000000001 USD");
}

#[test]
fn amounts_compare_by_their_exact_value() {
    let exact = |text| Amount::Decimal(text).exact();
    assert_eq!(Amount::Minor(i64::MAX).exact(), exact("9223372036854775807"));
    assert!(exact("0.15") < exact("0.2") && exact("0.2") < Amount::Minor(1).exact());
    assert!(exact("-0.5") < exact("0.000000000001"));
}

#[test]
fn intervals_are_shown_in_words() {
    let every = |count, unit| Interval { unit, count }.to_string();
    assert_eq!([every(1, IntervalUnit::Year), every(3, IntervalUnit::Month)], ["year", "3 months"]);
}

#[test]
fn a_divided_quantity_is_said_with_its_unit() {
    let by_ten = Some(TransformQuantity { divide_by: 10, round_up: true });
    let per = |unit, transform_quantity| Price { unit, transform_quantity, ..STARTER }.per();
    assert_eq!(per(None, None), None);
    assert_eq!(per(Some("seat"), None).as_deref(), Some("seat"));
    assert_eq!(per(Some("call"), by_ten).as_deref(), Some("10 × call"));
    assert_eq!(per(None, by_ten).as_deref(), Some("10"));
    let metered = Price { meter: Some("api_calls"), ..STARTER };
    assert_eq!(metered.per().as_deref(), Some("api calls"));
    assert_eq!(Price { unit: Some("call"), ..metered }.per().as_deref(), Some("call"));
}
