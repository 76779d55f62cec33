//! Amounts in currencies of which only multiples can be charged.

use pricebook_types::{Currency, Money};
use rust_decimal::Decimal;

use super::context::Context;
use crate::decl::AmountsDecl;
use crate::diagnostic::Diagnostic;
use crate::lower::money::minor;
use crate::source::Spanned;

/// What one unit costs, and what a coupon takes off, can be charged as it stands.
///
/// Amounts of many small units and of tiers are not looked at: only their sum is charged, and it is rounded.
pub(super) fn charges_are_multiples_of_the_step(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (currency, amount) in amounts(context) {
        let Some(minor) = minor(amount.value, currency) else { continue };
        for target in context.limits {
            let Some(limit) = target.charge(currency) else { continue };
            let step = Decimal::from(limit.step_minor);
            if (minor % step).is_zero() {
                continue;
            }
            let shown = |minor: Decimal| {
                crate::catalog::whole(minor).map_or_else(String::new, |minor| Money::new(minor, currency).to_string())
            };
            let below = minor - minor % step;
            let message = format!("{} {currency} cannot be charged", amount.value);
            let label = format!("{} charges multiples of {}", target.target, shown(step));
            found.push(Diagnostic::error("charge-between-steps", amount.span, message).label(label).help(format!(
                "write {} or {}",
                shown(below),
                shown(below + step)
            )));
        }
    }
}

fn amounts<'a>(context: &Context<'a>) -> Vec<(Currency, &'a Spanned<Decimal>)> {
    let mut all = Vec::new();
    for price in context.prices().filter(|price| price.is_charged_at_once()) {
        let currency = context.currency_of(price);
        let mut add = |amounts: &'a AmountsDecl| {
            all.extend(amounts.amount.iter().map(|amount| (currency, amount)));
            all.extend(amounts.currencies.iter().map(|(currency, amount)| (currency.value, amount)));
            let bounds = amounts.bounds(currency);
            all.extend(bounds.flat_map(|(currency, of)| of.amounts().map(move |amount| (currency, amount))));
        };
        add(&price.amounts);
        price.changes.iter().for_each(|change| add(&change.amounts));
        price.grandfathered.iter().for_each(|former| add(&former.amounts));
    }
    for coupon in context.lowered.places.coupons.iter().filter_map(|coupon| coupon.body.as_ref()) {
        all.extend(context.amounts_off(coupon));
    }
    all
}
