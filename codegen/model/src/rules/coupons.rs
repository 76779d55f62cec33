//! Coupons and promotion codes.

use std::collections::HashMap;

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::amounts::money;
use super::context::{Context, Product};
use super::plain_amounts::{grandfathered_amounts, plain_amounts};
use crate::decl::{CouponDecl, DurationDecl};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// Coupons of which nothing was reported so far.
fn all<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a CouponDecl> {
    context.lowered.places.coupons.iter().filter_map(|coupon| coupon.body.as_ref())
}

/// Customers who type a code get one discount; codes are compared without regard to case.
pub(super) fn promotion_codes_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, Span> = HashMap::new();
    for code in all(context).flat_map(|coupon| &coupon.promotion_codes).map(|promotion| &promotion.code) {
        if let Some(earlier) = first.insert(code.value.to_lowercase(), code.span) {
            found.push(
                Diagnostic::error(
                    "duplicate-promotion-code",
                    code.span,
                    format!("the code `{}` exists already", code.value),
                )
                .label("upper and lower case are the same")
                .also(earlier, "here")
                .help("choose another code"),
            );
        }
    }
}

/// A code works as long as it is promised to.
pub(super) fn promotion_codes_end_before_their_coupon(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let Some(last) = &coupon.redeem_by else { continue };
        for expires in coupon.promotion_codes.iter().filter_map(|promotion| promotion.expires_at.as_ref()) {
            if expires.value > last.value {
                found.push(
                    Diagnostic::error(
                        "promotion-outlives-coupon",
                        expires.span,
                        format!("the coupon ends before {}", expires.value),
                    )
                    .also(last.span, "its last day")
                    .help(format!("write {} or earlier, or let the coupon last longer", last.value)),
                );
            }
        }
    }
}

/// A coupon takes off more than nothing; what is negative is reported as such.
pub(super) fn coupons_take_something_off(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let amounts = all(context).flat_map(|coupon| context.amounts_off(coupon)).map(|(_, off)| off);
    for off in amounts.filter(|off| off.value.is_zero()) {
        found.push(
            Diagnostic::error("coupon-without-effect", off.span, "a coupon that takes nothing off")
                .help("write an amount above 0, or remove the coupon"),
        );
    }
}

/// A least amount is one that some purchase does not reach.
pub(super) fn codes_demand_something(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let codes = all(context).flat_map(|coupon| &coupon.promotion_codes);
    for least in codes.filter_map(|code| code.minimum_amount.as_ref()).filter(|least| least.value.is_zero()) {
        found.push(
            Diagnostic::error("coupon-without-effect", least.span, "a least amount that every purchase reaches")
                .help("write an amount above 0, or remove `minimum_amount`"),
        );
    }
}

/// A code can be redeemed as often as it says.
pub(super) fn codes_are_redeemed_within_their_coupon(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let Some(most) = &coupon.max_redemptions else { continue };
        for often in coupon.promotion_codes.iter().filter_map(|code| code.max_redemptions.as_ref()) {
            if often.value > most.value {
                let message = format!("the coupon ends before its code is redeemed {} times", often.value);
                found.push(
                    Diagnostic::error("promotion-exceeds-coupon", often.span, message)
                        .also(most.span, "how often all its codes together can be")
                        .help(format!("write at most {}, or let the coupon be redeemed more often", most.value)),
                );
            }
        }
    }
}

/// A coupon names each of its products once.
pub(super) fn coupons_name_each_product_once(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let mut first: HashMap<(&str, &str), Span> = HashMap::new();
        for reference in &coupon.applies_to {
            let product = (reference.value.what.as_str(), reference.value.id.as_str());
            let Some(earlier) = first.get(&product) else {
                first.insert(product, reference.span);
                continue;
            };
            let message = format!("the coupon names `{}/{}` twice", product.0, product.1);
            found.push(
                Diagnostic::error("coupon-repeats-product", reference.span, message)
                    .also(*earlier, "first here")
                    .help("remove one of them"),
            );
        }
    }
}

/// A coupon is worth something to somebody in each of its currencies: one of the products that it is for can be paid in
/// that currency, and one of their prices, today or announced, is at least what it takes off.
///
/// Of several units any amount can be due, and so can of several products, so that a coupon for all is for any amount.
pub(super) fn coupons_can_be_used(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let amounts = amounts_in_currencies(context, coupon);
        if amounts.is_empty() {
            continue;
        }
        let products = products_of(context, coupon);
        if products.iter().all(|product| product.body.prices.is_empty()) {
            continue;
        }
        for (currency, place, off) in amounts {
            let mut sold_in =
                products.iter().flat_map(|product| &product.meant.prices).flat_map(|price| &price.amounts);
            if !sold_in.any(|amount| amount.currency == currency) {
                found.push(cannot_be_paid(coupon, currency, place, &products));
            } else if let Some(off) = off.filter(|_| !coupon.applies_to.is_empty()) {
                found.extend(larger_than_every_price(context, off, currency, &products));
            }
        }
    }
}

/// One of the products that a coupon is for costs something, and where it lasts, something is paid more than once.
pub(super) fn coupons_last_as_long_as_something_is_paid(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let Some(first) = coupon.applies_to.first() else { continue };
        let products = products_of(context, coupon);
        let mut prices = products.iter().flat_map(|product| &product.meant.prices).peekable();
        if prices.peek().is_none() {
            continue;
        }
        // What is free and costs something is reported.
        let amounts = products.iter().flat_map(|product| &product.body.prices).map(|price| &price.amounts.amount);
        let mut amounts = amounts.map(|amount| amount.as_ref().is_some_and(|amount| amount.value.is_zero()));
        if products.iter().all(|product| product.meant.free) && amounts.all(|is_nothing| is_nothing) {
            found.push(
                Diagnostic::error("coupon-without-effect", first.span, "a coupon for nothing but what is free")
                    .help("name a product that costs something, or remove the coupon"),
            );
        } else if coupon.duration.value != DurationDecl::Once && prices.all(|price| price.interval.is_none()) {
            let message = "a discount that lasts, on nothing but what is paid once";
            found.push(
                Diagnostic::error("coupon-without-effect", coupon.duration.span, message)
                    .also(first.span, "what the coupon is for")
                    .help("write `duration: once`, or name a product that is paid again"),
            );
        }
    }
}

/// The currencies of a coupon, each with its place and what is taken off there: where that is a percentage, only one of
/// its codes' minimum amounts has a currency.
fn amounts_in_currencies<'a>(
    context: &Context<'a>,
    coupon: &'a CouponDecl,
) -> Vec<(Currency, Span, Option<&'a Spanned<Decimal>>)> {
    let off = coupon.amount_off.as_ref();
    let minimum = || coupon.promotion_codes.iter().find_map(|code| code.minimum_amount.as_ref());
    let own = off.or_else(minimum).map(|amount| {
        let place = coupon.currency.as_ref().map_or(amount.span, |currency| currency.span);
        (context.currency_of_coupon(coupon), place, off)
    });
    let others = coupon.currencies.iter().map(|(currency, amount)| (currency.value, currency.span, Some(amount)));
    own.into_iter().chain(others).collect()
}

fn cannot_be_paid(coupon: &CouponDecl, currency: Currency, place: Span, products: &[Product<'_>]) -> Diagnostic {
    let message = match products {
        _ if coupon.applies_to.is_empty() => format!("nothing can be paid in {currency}"),
        [product] => format!("`{}` cannot be paid in {currency}", product.item.id.value),
        _ => format!("none of its products can be paid in {currency}"),
    };
    let report = Diagnostic::error("coupon-currency", place, message)
        .help("give the coupon a currency of the product, or the product an amount in this one");
    match coupon.applies_to.first() {
        Some(reference) => report.also(reference.span, "what the coupon is for"),
        None => report,
    }
}

/// The sound products that the coupon is for; none where one of them is not.
fn products_of<'a>(context: &Context<'a>, coupon: &CouponDecl) -> Vec<Product<'a>> {
    if coupon.applies_to.is_empty() {
        let all_are_sound = context.declared.products.iter().map(Vec::len).sum::<usize>() == context.products.len();
        return if all_are_sound { context.products.clone() } else { Vec::new() };
    }
    let named = coupon.applies_to.iter().map(|reference| context.product(&reference.value.what, &reference.value.id));
    named.collect::<Option<_>>().unwrap_or_default()
}

fn larger_than_every_price<'a>(
    context: &Context<'a>,
    off: &Spanned<Decimal>,
    currency: Currency,
    products: &[Product<'a>],
) -> Option<Diagnostic> {
    let mut amounts = Vec::new();
    for (product, price) in
        products.iter().flat_map(|product| product.body.prices.iter().map(move |price| (product, price)))
    {
        if !price.is_charged_at_once() || price.amounts.amount.is_none() {
            return None;
        }
        let of_price = [plain_amounts(context, price), grandfathered_amounts(context, price)].concat();
        amounts.extend(of_price.into_iter().filter(|plain| plain.currency == currency).map(|plain| (product, plain)));
    }
    let (product, dearest) = amounts.into_iter().max_by_key(|(_, plain)| plain.amount.value)?;
    if off.value <= dearest.amount.value || dearest.amount.value <= Decimal::ZERO {
        return None;
    }
    let message = match products {
        [_] => format!("{} off is more than `{}` costs", money(off.value, currency), product.item.id.value),
        _ => format!("{} off is more than any of its products costs", money(off.value, currency)),
    };
    let label =
        dearest.on.map_or_else(|| "the highest price".to_owned(), |day| format!("the highest price, from {day}"));
    Some(
        Diagnostic::error("coupon-larger-than-price", off.span, message)
            .also(dearest.amount.span, label)
            .help(format!("take off at most {}", money(dearest.amount.value, currency))),
    )
}
