//! What coupons take off, of what, and for whom.

use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Discount, Duration, PromotionCode};
use rust_decimal::Decimal;

use super::markdown::{Code, Text};
use super::price_list::{grouped, major};

/// A line of the price list.
pub(super) struct Coupon<'a> {
    pub(super) id: Code<'a>,
    pub(super) name: Text,
    pub(super) discount: Text,
    pub(super) applies_to: Text,
    pub(super) limits: String,
    pub(super) codes: String,
}

pub(super) fn row<'a>(catalog: &Catalog, coupon: &'a catalog::Coupon) -> Coupon<'a> {
    let duration = match coupon.duration {
        Duration::Once => "once".to_owned(),
        Duration::Months(months) => format!("for {months} months"),
        Duration::Forever => "for ever".to_owned(),
    };
    Coupon {
        id: Code(&coupon.id),
        name: Text::new(&coupon.name),
        discount: Text::new(format!("{} off, {duration}", discount(&coupon.discount))),
        applies_to: Text::new(applies_to(catalog, coupon)),
        limits: limits(coupon.redeem_by.as_deref(), coupon.max_redemptions).join(", "),
        codes: coupon.promotion_codes.iter().map(code).collect::<Vec<_>>().join(", "),
    }
}

fn discount(discount: &Discount) -> String {
    match discount {
        Discount::Percent(percent) => format!("{percent} %"),
        Discount::Amount { minor, currency, currencies } => {
            let amounts = std::iter::once((currency, minor)).chain(currencies);
            let amounts = amounts.map(|(currency, minor)| major(Decimal::from(*minor), *currency));
            amounts.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// The names of the products that it is for.
fn applies_to(catalog: &Catalog, coupon: &catalog::Coupon) -> String {
    if coupon.applies_to.is_empty() {
        return "everything".to_owned();
    }
    let name = |(kind, id): &(String, String)| {
        let product = catalog.products_of(kind).find(|product| product.id == *id);
        product.map_or_else(|| id.clone(), |product| product.name.clone())
    };
    coupon.applies_to.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// `until 2027-12-31`, `500 times`.
fn limits(last_day: Option<&str>, times: Option<u32>) -> Vec<String> {
    let until = last_day.map(|day| format!("until {day}"));
    let times = times.map(|times| match times {
        1 => "once in all".to_owned(),
        times => format!("{} times in all", grouped(&times.to_string())),
    });
    until.into_iter().chain(times).collect()
}

/// `` `WELCOME` (from 99.00 USD, first purchases) ``
fn code(code: &PromotionCode) -> String {
    let least = code.minimum_amount.map(|(minor, currency)| format!("from {}", major(Decimal::from(minor), currency)));
    let first = code.first_time_transaction.then(|| "first purchases".to_owned());
    let mut terms: Vec<String> = least.into_iter().chain(first).collect();
    terms.extend(limits(code.expires_at.as_deref(), code.max_redemptions));
    let name = Code(&code.code);
    if terms.is_empty() { name.to_string() } else { format!("{name} ({})", terms.join(", ")) }
}
