//! Deposits: against the price they are a part of.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::amounts::money;
use super::context::{Context, Product};
use crate::decl::{DepositDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// A deposit with the price that it is a part of.
struct Due<'a> {
    deposit: &'a Spanned<DepositDecl>,
    /// The primary price's amount in major units.
    price: &'a Spanned<Decimal>,
    currency: Currency,
}

fn dues<'a>(context: &Context<'a>) -> impl Iterator<Item = Due<'a>> {
    context.products.iter().filter_map(move |product| {
        let price = product.body.prices.first()?;
        let currency = context.currency_of(price);
        Some(Due { deposit: product.body.deposit.as_ref()?, price: price.amounts.amount.as_ref()?, currency })
    })
}

/// A deposit is a part of the first price, which has one amount.
pub(super) fn deposits_have_a_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { item, body, .. } in &context.products {
        let Some(deposit) = &body.deposit else { continue };
        let (span, why, label) = match body.prices.first() {
            None => (item.span(), "there is no price", "of this product"),
            Some(PriceDecl { amounts, .. }) if amounts.tiers.is_some() => {
                (amounts.span, "the first price has tiers", "these")
            }
            Some(_) => continue,
        };
        found.push(
            Diagnostic::error("deposit-without-price", deposit.span, format!("a deposit of what? {why}"))
                .also(span, label)
                .help("a deposit is a part of the product's first price, which must have one amount"),
        );
    }
}

/// A deposit is at most the price.
pub(super) fn deposits_are_at_most_the_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Due { deposit, price, currency } in dues(context) {
        let DepositDecl::Amount(amount) = &deposit.value else { continue };
        if amount.value > price.value {
            let (deposit, whole) = (money(amount.value, currency), money(price.value, currency));
            found.push(
                Diagnostic::error(
                    "deposit-above-price",
                    amount.span,
                    format!("a deposit of {deposit} is more than the price"),
                )
                .also(price.span, format!("the price is {whole}"))
                .help("write a smaller amount, or `deposit: full`"),
            );
        }
    }
}

/// A percentage is more than 0 and at most 100.
pub(super) fn percentages_are_at_most_100(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let deposits = context.products.iter().filter_map(|product| match &product.body.deposit.as_ref()?.value {
        DepositDecl::Percent { percent, .. } => Some(percent),
        _ => None,
    });
    let coupons = context.declared.coupons.iter().filter_map(|coupon| coupon.body.as_ref()?.percent_off.as_ref());
    for percent in deposits.chain(coupons) {
        if percent.value <= Decimal::ZERO || percent.value > Decimal::ONE_HUNDRED {
            found.push(out_of_range(percent.value, percent.span));
        }
    }
}

fn out_of_range(percent: Decimal, span: Span) -> Diagnostic {
    Diagnostic::error("percent-out-of-range", span, format!("{percent} is no percentage"))
        .help("write a number above 0, at most 100")
}
