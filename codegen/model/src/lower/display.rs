//! Prices and deposits for people: `$1,495`, `$3,500/mo`, `Free`, `20% deposit required`.

use pricebook_types::{BillingType, Currency, DepositKind, Interval, IntervalUnit};
use rust_decimal::Decimal;

use super::money;
use crate::catalog::{Asked, CurrencyAmount, Deposit, Price, Product};

/// Currencies that are known by a sign; others are shown by their code.
pub const SIGNS: &[(Currency, &str)] = &[
    (Currency::Usd, "$"),
    (Currency::Eur, "€"),
    (Currency::Gbp, "£"),
    (Currency::Jpy, "¥"),
    (Currency::Inr, "₹"),
    (Currency::Krw, "₩"),
    (Currency::Vnd, "₫"),
    (Currency::Ils, "₪"),
    (Currency::Ngn, "₦"),
    (Currency::Php, "₱"),
];

/// How a product with these prices is billed.
pub(super) fn billing_type(free: bool, prices: &[Price]) -> BillingType {
    match prices.first() {
        _ if free => BillingType::Free,
        None => BillingType::OneTime,
        Some(price) => match price.interval {
            None => BillingType::OneTime,
            Some(Interval::MONTHLY) => BillingType::Monthly,
            Some(Interval::YEARLY) => BillingType::Yearly,
            Some(_) => BillingType::Recurring,
        },
    }
}

/// The first price; empty without one.
pub(super) fn price(free: bool, prices: &[Price]) -> String {
    match prices.first() {
        _ if free => "Free".to_owned(),
        Some(price) => price.amounts.first().map(|first| price_of(price, first)).unwrap_or_default(),
        None => String::new(),
    }
}

/// A price with this amount.
fn price_of(price: &Price, first: &CurrencyAmount) -> String {
    if first.custom.is_some_and(|custom| custom.minimum.is_none()) {
        return "Any amount".to_owned();
    }
    let asked = price.asked(first);
    let from = if asked.from { "From " } else { "" };
    let unit = asked.per.map(|unit| format!("/{unit}")).unwrap_or_default();
    let every = price.interval.map(|interval| format!("/{}", short(interval))).unwrap_or_default();
    format!("{from}{}{unit}{every}", amount(asked.minor, asked.currency))
}

/// What people are told that a product costs, from a day on.
#[derive(Clone, Debug, PartialEq)]
pub struct Announced<'a> {
    /// The first day, an ISO 8601 date in UTC.
    pub on: &'a str,
    /// The first price in its default currency.
    pub asked: Asked,
    /// As [`Product::price_display`].
    pub price_display: String,
}

impl Product {
    /// What the first price is from each day on which it changes, in order; [`Self::price_display`] stands before.
    pub fn announced(&self) -> impl Iterator<Item = Announced<'_>> {
        let first = self.prices.first().into_iter();
        first.flat_map(|price| price.changes.iter().map(move |change| (price, change))).filter_map(|(price, change)| {
            let amount = change.amounts.first()?;
            Some(Announced { on: &change.on, asked: price.asked(amount), price_display: price_of(price, amount) })
        })
    }
}

/// The deposit; empty without one.
pub(super) fn deposit(free: bool, coming_soon: bool, deposit: Option<&Deposit>, currency: Currency) -> String {
    match deposit {
        _ if coming_soon => "Coming Soon".to_owned(),
        _ if free => amount(Decimal::ZERO, currency),
        None => String::new(),
        Some(deposit) => match deposit.kind {
            DepositKind::Percentage => format!("{}% deposit required", deposit.value.normalize()),
            DepositKind::Full => "Full payment required".to_owned(),
            DepositKind::Fixed => {
                let due = deposit.amount();
                format!("{} deposit required", amount(Decimal::from(due.minor()), due.currency()))
            }
        },
    }
}

fn short(interval: Interval) -> String {
    let unit = match interval.unit {
        IntervalUnit::Day => "day",
        IntervalUnit::Week => "wk",
        IntervalUnit::Month => "mo",
        IntervalUnit::Year => "yr",
    };
    match interval.count {
        1 => unit.to_owned(),
        count => format!("{count} {unit}"),
    }
}

/// `$1,495`, `$29.99`, `CHF 12.50`: minor digits only where they are not zero.
fn amount(minor: Decimal, currency: Currency) -> String {
    let major = money::major(minor, currency);
    let mut text = major.abs().to_string();
    if let Some(point) = text.find('.') {
        let missing = (currency.minor_digits() as usize).saturating_sub(text.len() - point - 1);
        text.extend(std::iter::repeat_n('0', missing));
    }
    let whole = text.find('.').unwrap_or(text.len());
    let mut at = whole;
    while at > 3 {
        at -= 3;
        text.insert(at, ',');
    }
    let sign = if major.is_sign_negative() && !major.is_zero() { "-" } else { "" };
    match SIGNS.iter().find(|(known, _)| *known == currency) {
        Some((_, symbol)) => format!("{sign}{symbol}{text}"),
        None => format!("{sign}{currency} {text}"),
    }
}
