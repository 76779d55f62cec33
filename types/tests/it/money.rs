//! Money is exact, and never of two currencies.

use pricebook_types::code::{Eur, Usd};
use pricebook_types::{Currency, Money};

#[test]
fn amounts_are_shown_with_the_digits_of_their_currency() {
    let shown = |minor, currency| Money::new(minor, currency).to_string();
    assert_eq!(shown(2_900, Currency::Usd), "29.00 USD");
    assert_eq!(shown(500, Currency::Jpy), "500 JPY");
    assert_eq!(shown(1_250, Currency::Kwd), "1.250 KWD");
    assert_eq!(shown(-5, Currency::Eur), "-0.05 EUR");
    assert_eq!(shown(i64::MIN, Currency::Usd), "-92233720368547758.08 USD");
}

#[test]
fn money_of_one_currency_adds_up() {
    let sum = Money::<Usd>::of(2_900) + Money::of(100) - Money::of(1_000);
    assert_eq!((sum.minor(), (-sum).minor()), (2_000, -2_000));
    assert_eq!(sum.untyped(), Money::new(2_000, Currency::Usd));
    assert_eq!(
        Money::new(1, Currency::Eur).checked_add(Money::new(2, Currency::Eur)),
        Ok(Money::new(3, Currency::Eur))
    );
}

#[test]
fn money_of_two_currencies_does_not() {
    let error = Money::new(1, Currency::Eur).checked_add(Money::new(2, Currency::Usd)).expect_err("two currencies");
    assert_eq!(error.to_string(), "EUR and USD cannot be added");
    assert_eq!(Money::new(1, Currency::Usd).typed::<Eur>(), None);
}

#[test]
#[should_panic(expected = "a sum of money within 64 bits")]
fn a_sum_beyond_64_bits_is_never_a_wrong_one() {
    let _ = Money::<Usd>::of(i64::MAX) + Money::of(1);
}
