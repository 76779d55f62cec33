//! Coupons and promotion codes.

use std::collections::HashMap;

use pricebook_types::Currency;

use super::amounts::money;
use super::context::Context;
use crate::decl::CouponDecl;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

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

/// A coupon takes no more off than there is to pay.
pub(super) fn coupons_take_off_at_most_the_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let Some(off) = &coupon.amount_off else { continue };
        let currency: Currency = coupon.currency.as_ref().map_or_else(|| context.currency(), |currency| currency.value);
        for reference in &coupon.applies_to {
            let Some(product) = context.product(&reference.value.what, &reference.value.id) else { continue };
            let prices = product.body.prices.iter().filter(|price| context.currency_of(price) == currency);
            let dearest = prices.filter_map(|price| price.amounts.amount.as_ref()).max_by_key(|amount| amount.value);
            if let Some(dearest) = dearest.filter(|dearest| off.value > dearest.value && !dearest.value.is_zero()) {
                let message = format!("{} off is more than `{}` costs", money(off.value, currency), reference.value.id);
                found.push(
                    Diagnostic::error("coupon-larger-than-price", off.span, message)
                        .also(dearest.span, "its highest price")
                        .help(format!("take off at most {}", money(dearest.value, currency))),
                );
            }
        }
    }
}

/// A coupon takes off more than nothing; what is negative is reported as such.
pub(super) fn coupons_take_something_off(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for off in all(context).filter_map(|coupon| coupon.amount_off.as_ref()).filter(|off| off.value.is_zero()) {
        found.push(
            Diagnostic::error("coupon-without-effect", off.span, "a coupon that takes nothing off")
                .help("write an amount above 0, or remove the coupon"),
        );
    }
}

/// A coupon that takes off an amount is in a currency that the products it is for can be paid in.
pub(super) fn coupons_are_in_a_currency_of_their_products(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for coupon in all(context) {
        let Some(off) = &coupon.amount_off else { continue };
        let currency = coupon.currency.as_ref().map_or_else(|| context.currency(), |currency| currency.value);
        for reference in &coupon.applies_to {
            let Some(product) = context.product(&reference.value.what, &reference.value.id) else { continue };
            let mut amounts = product.meant.prices.iter().flat_map(|price| &price.amounts).peekable();
            if amounts.peek().is_none() || amounts.any(|amount| amount.currency == currency) {
                continue;
            }
            let place = coupon.currency.as_ref().map_or(off.span, |currency| currency.span);
            let message = format!("`{}` cannot be paid in {currency}", reference.value.id);
            found.push(
                Diagnostic::error("coupon-currency", place, message)
                    .also(reference.span, "what the coupon is for")
                    .help("give the coupon a currency of the product, or the product an amount in this one"),
            );
        }
    }
}
