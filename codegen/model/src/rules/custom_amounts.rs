//! Amounts that customers choose: what bounds them, and what can be sold so.

use super::amounts::money;
use super::changes::form;
use super::context::{Context, is_one_time};
use crate::decl::{AmountsDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// The least is at most the most, and what is preset lies between.
pub(super) fn bounds_of_amounts_leave_a_choice(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        for (currency, bounds) in stages(price).flat_map(|(_, amounts)| amounts.bounds(context.currency_of(price))) {
            if let (Some(least), Some(most)) = (&bounds.minimum, &bounds.maximum)
                && least.value == most.value
            {
                let message = format!("customers can choose {} only", money(most.value, currency));
                found.push(
                    Diagnostic::error("custom-amount-bounds", most.span, message).also(least.span, "not less").help(
                        format!("write `amount: {}` in place of `custom_amount`, or let them choose", most.value),
                    ),
                );
                continue;
            }
            let Some((amount, before)) = bounds.out_of_order() else { continue };
            let (less, more) = (money(amount.value, currency), money(before.value, currency));
            found.push(
                Diagnostic::error("custom-amount-bounds", amount.span, format!("{less} is below {more}"))
                    .also(before.span, "this is more")
                    .help("let `minimum` be at most `preset`, and `preset` at most `maximum`"),
            );
        }
    }
}

/// Stripe lets customers choose the amount of what is paid once, and of one unit, today, announced or formerly.
///
/// Source: <https://docs.stripe.com/payments/checkout/pay-what-you-want>.
pub(super) fn amounts_are_chosen_for_one_payment(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        let Some((key, custom)) = stages(price).find_map(|(key, amounts)| Some((key, amounts.custom.as_ref()?))) else {
            continue;
        };
        let mut refuse = |span: Span, message: &str, help: &str| {
            found.push(
                Diagnostic::error("custom-amount-not-one-time", span, message)
                    .also(custom.span, "customers choose the amount")
                    .help(help),
            );
        };
        if let Some(transform) = &price.transform_quantity {
            refuse(transform.span, "an amount that customers choose is for one unit", "remove `transform_quantity`");
        } else if let Some(usage) = price.usage.as_ref().filter(|_| price.is_metered() && !is_one_time(price)) {
            let help = "remove `usage` and `meter` and let it be paid once, or write an amount";
            refuse(usage.span, "an amount that customers choose is for the whole, not for what a meter counts", help);
        } else if let Some(unit) = &price.unit {
            refuse(unit.span, "an amount that customers choose is for the whole, not for a unit", "remove `unit`");
        } else if !is_one_time(price) {
            let help = "let it be paid once, as `one_time` or with `interval: once`, or write an amount";
            refuse(key.span, "customers cannot choose what they pay again and again", help);
        }
    }
}

/// What a price costs now, from announced days on and formerly, each with the key that it has.
fn stages(price: &PriceDecl) -> impl Iterator<Item = (&Spanned<String>, &AmountsDecl)> {
    // An announced change of another form is reported as such.
    let announced = price.changes.iter().map(|change| (&price.key, &change.amounts));
    let announced = announced.filter(|(_, amounts)| form(amounts) == form(&price.amounts));
    let former = price.grandfathered.iter().map(|former| (&former.key, &former.amounts));
    std::iter::once((&price.key, &price.amounts)).chain(announced).chain(former)
}
