//! Amounts that customers choose: what bounds them, and what can be sold so.

use super::amounts::money;
use super::context::{Context, is_one_time};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The least is at most the most, and what is preset lies between.
pub(super) fn bounds_of_amounts_leave_a_choice(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        let announced = price.changes.iter().map(|change| &change.amounts);
        let former = price.grandfathered.iter().map(|former| &former.amounts);
        let stages = std::iter::once(&price.amounts).chain(announced).chain(former);
        for (currency, bounds) in stages.flat_map(|amounts| amounts.bounds(context.currency_of(price))) {
            let mut ascending = bounds.amounts();
            let Some(mut last) = ascending.next() else { continue };
            for amount in ascending {
                if amount.value < last.value {
                    let (less, more) = (money(amount.value, currency), money(last.value, currency));
                    found.push(
                        Diagnostic::error("custom-amount-bounds", amount.span, format!("{less} is below {more}"))
                            .also(last.span, "this is more")
                            .help("let `minimum` be at most `preset`, and `preset` at most `maximum`"),
                    );
                    break;
                }
                last = amount;
            }
        }
    }
}

/// Stripe lets customers choose the amount of what is paid once, and of one unit.
///
/// Source: <https://docs.stripe.com/payments/checkout/pay-what-you-want>.
pub(super) fn amounts_are_chosen_for_one_payment(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        let Some(custom) = &price.amounts.custom else { continue };
        let mut refuse = |span: Span, message: &str, help: &str| {
            found.push(
                Diagnostic::error("custom-amount-not-one-time", span, message)
                    .also(custom.span, "customers choose the amount")
                    .help(help),
            );
        };
        if let Some(transform) = &price.transform_quantity {
            refuse(transform.span, "an amount that customers choose is for one unit", "remove `transform_quantity`");
        } else if let Some(unit) = &price.unit {
            refuse(unit.span, "an amount that customers choose is for the whole, not for a unit", "remove `unit`");
        } else if !is_one_time(price) {
            let help = "let it be paid once, as `one_time` or with `interval: once`, or write an amount";
            refuse(price.key.span, "customers cannot choose what they pay again and again", help);
        }
    }
}
