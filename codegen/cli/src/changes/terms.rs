//! What a coupon takes off, whom it and its codes are for, and until when: whether customers get less than before.

use std::collections::BTreeMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Coupon, Discount, Duration, PromotionCode};
use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::product::today;
use super::{Amount, What, free};

/// The fields that are compared here.
pub(super) const TYPED: &[&str] =
    &["discount", "duration", "applies_to", "max_redemptions", "redeem_by", "promotion_codes"];

/// How the terms of one coupon changed from the old catalog to the new one.
pub(super) fn changes(catalogs: (&Catalog, &Catalog), from: &Coupon, to: &Coupon) -> Vec<What> {
    let mut found = Vec::new();
    let mut takes_off = |field: &str, from: String, to: String, less| {
        if from != to {
            found.push(What::Discount { field: field.to_owned(), from, to, less, frees: 0 });
        }
    };
    takes_off("discount", discount(from), discount(to), !is_as_much(&from.discount, &to.discount));
    takes_off("duration", duration(from), duration(to), length(to.duration) < length(from.duration));
    if from.applies_to != to.applies_to {
        let lost = from.applies_to.iter().any(|product| !to.applies_to.contains(product));
        let more = to.applies_to.iter().any(|product| !from.applies_to.contains(product));
        let (all_before, all_now) = (from.applies_to.is_empty(), to.applies_to.is_empty());
        let narrower = all_before || (lost && !all_now);
        found.push(match lost || more {
            true => terms("applies to", products(from), products(to), narrower),
            false => in_order("applies to", products(from), products(to)),
        });
    }
    // Of what frees prices the first change tells how many: a duration does not.
    let frees = found.iter_mut().find_map(|what| match what {
        What::Discount { field, frees, .. } | What::Terms { field, frees, .. } if field != "duration" => Some(frees),
        _ => None,
    });
    frees.into_iter().for_each(|frees| *frees = free::newly(catalogs, to));
    let mut limit = |field: &str, from: Option<String>, to: Option<String>, narrower: bool| {
        if from != to {
            found.push(terms(field, from.unwrap_or_default(), to.unwrap_or_default(), narrower));
        }
    };
    redemptions("max redemptions", from.max_redemptions, to.max_redemptions, &mut limit);
    day("redeem by", from.redeem_by.as_ref(), to.redeem_by.as_ref(), &mut limit);
    let is_in = |codes: &[PromotionCode], code: &str| codes.iter().any(|other| other.code == code);
    let mut gone: Vec<_> =
        from.promotion_codes.iter().filter(|before| !is_in(&to.promotion_codes, &before.code)).collect();
    for now in &to.promotion_codes {
        match from.promotion_codes.iter().find(|before| before.code == now.code) {
            Some(before) => code(before, now, &mut limit),
            None => match gone.iter().position(|before| is_for_the_same(before, now)) {
                Some(position) => {
                    let before = gone.remove(position).code.clone();
                    limit("promotion code renamed", Some(before), Some(now.code.clone()), true);
                }
                None => limit("promotion code", None, Some(now.code.clone()), false),
            },
        }
    }
    for before in gone {
        limit("promotion code", Some(before.code.clone()), None, true);
    }
    let codes = |coupon: &Coupon, other: &Coupon| -> Vec<String> {
        let codes = coupon.promotion_codes.iter().map(|code| code.code.clone());
        codes.filter(|code| is_in(&other.promotion_codes, code)).collect()
    };
    let (before, now) = (codes(from, to), codes(to, from));
    if before != now {
        found.push(in_order("promotion codes", before.join(", "), now.join(", ")));
    }
    found
}

/// A coupon with the ids that its products have in `new`.
pub(super) fn of_today(new: &Catalog, coupon: &Coupon) -> Coupon {
    let mut coupon = coupon.clone();
    coupon.applies_to.iter_mut().for_each(|(kind, id)| *id = today(new, kind, id).to_owned());
    coupon
}

/// What a coupon takes off, for how long, from what, and who can have it: `20 % off for 3 months, of plan/starter, code FREE`.
pub(super) fn words(coupon: &Coupon) -> String {
    let mut words = vec![format!("{} off {}", discount(coupon), duration(coupon))];
    words.push(format!("of {}", products(coupon)));
    words.extend(coupon.max_redemptions.map(|most| format!("at most {most} times")));
    words.extend(coupon.redeem_by.as_ref().map(|day| format!("until {day}")));
    words.extend(coupon.promotion_codes.iter().map(|code| format!("code {}", code.code)));
    words.join(", ")
}

/// What a coupon takes off, as people read it.
pub(super) fn discount(coupon: &Coupon) -> String {
    match &coupon.discount {
        Discount::Percent(percent) => format!("{} %", percent.normalize()),
        Discount::Amount { minor, currency, currencies } => {
            let amounts = std::iter::once((currency, minor)).chain(currencies);
            let amounts = amounts.map(|(currency, minor)| Amount::new(Decimal::from(*minor), *currency).to_string());
            amounts.collect::<Vec<_>>().join(", ")
        }
    }
}

/// How much is taken off in each currency, in its minor units; nothing where it is a share.
fn amounts(discount: &Discount) -> BTreeMap<Currency, i64> {
    match discount {
        Discount::Percent(_) => BTreeMap::new(),
        Discount::Amount { minor, currency, currencies } => {
            currencies.iter().map(|(currency, minor)| (*currency, *minor)).chain([(*currency, *minor)]).collect()
        }
    }
}

fn duration(coupon: &Coupon) -> String {
    match coupon.duration {
        Duration::Once => "once".to_owned(),
        Duration::Months(months) => format!("for {months} months"),
        Duration::Forever => "for ever".to_owned(),
    }
}

/// Whether a discount surely is no less than it was.
fn is_as_much(from: &Discount, to: &Discount) -> bool {
    match (from, to) {
        (_, Discount::Percent(now)) if *now >= Decimal::ONE_HUNDRED => true,
        (Discount::Percent(before), Discount::Percent(now)) => now >= before,
        _ => match (amounts(from), amounts(to)) {
            (before, now) if before.is_empty() || now.is_empty() => false,
            (before, now) => before.iter().all(|(currency, before)| now.get(currency).is_some_and(|now| now >= before)),
        },
    }
}

/// Durations in order; one month has one invoice at least.
fn length(duration: Duration) -> (u8, u16) {
    match duration {
        Duration::Once => (0, 0),
        Duration::Months(months) => (1, months),
        Duration::Forever => (2, 0),
    }
}

/// Whether two codes differ in nothing but what customers type.
fn is_for_the_same(one: &PromotionCode, other: &PromotionCode) -> bool {
    let mut same = true;
    code(one, other, &mut |_, from, to, _| same &= from == to);
    same
}

/// Takes a field with what it was and is, and whether that is narrower.
type Limit<'a> = dyn FnMut(&str, Option<String>, Option<String>, bool) + 'a;

fn code(from: &PromotionCode, to: &PromotionCode, limit: &mut Limit<'_>) {
    let named = |field: &str| format!("promotion code {} {field}", to.code);
    redemptions(&named("max redemptions"), from.max_redemptions, to.max_redemptions, limit);
    day(&named("expires at"), from.expires_at.as_ref(), to.expires_at.as_ref(), limit);
    let first = |code: &PromotionCode| Some(if code.first_time_transaction { "yes" } else { "no" }.to_owned());
    limit(&named("first time transaction"), first(from), first(to), to.first_time_transaction);
    let amount = |amount: Option<(i64, Currency)>| {
        amount.map(|(minor, currency)| Amount::new(Decimal::from(minor), currency).to_string())
    };
    let narrower = to.minimum_amount.is_some_and(|(minor, currency)| {
        from.minimum_amount.is_none_or(|(before, of)| currency != of || minor > before)
    });
    limit(&named("minimum amount"), amount(from.minimum_amount), amount(to.minimum_amount), narrower);
}

fn redemptions(field: &str, from: Option<u32>, to: Option<u32>, limit: &mut Limit<'_>) {
    let words = |most: Option<u32>| most.map(|most| most.to_string());
    limit(field, words(from), words(to), is_less(from.as_ref(), to.as_ref()));
}

fn day(field: &str, from: Option<&String>, to: Option<&String>, limit: &mut Limit<'_>) {
    limit(field, from.cloned(), to.cloned(), is_less(from, to));
}

/// Whether a bound came, or came down.
fn is_less<T: PartialOrd>(from: Option<&T>, to: Option<&T>) -> bool {
    to.is_some_and(|to| from.is_none_or(|from| to < from))
}

fn products(coupon: &Coupon) -> String {
    match coupon.applies_to.is_empty() {
        true => "everything".to_owned(),
        false => coupon.applies_to.iter().map(|(kind, id)| format!("{kind}/{id}")).collect::<Vec<_>>().join(", "),
    }
}

fn terms(field: &str, from: String, to: String, narrower: bool) -> What {
    What::Terms { field: field.to_owned(), from, to, narrower, frees: 0 }
}

/// The same in another order, which is nothing to customers.
fn in_order(field: &str, from: String, to: String) -> What {
    What::Field { field: field.to_owned(), from, to }
}
