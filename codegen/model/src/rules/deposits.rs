//! Deposits: against the first price, which they are a part of.

use pricebook_types::{Currency, UsageType};
use rust_decimal::Decimal;

use super::amounts::money;
use super::context::{Context, Product};
use super::plain_amounts::{PlainAmount, plain_amounts};
use super::prices::is_price_required;
use crate::catalog::whole;
use crate::decl::{DepositDecl, FixedDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::lower::money::minor;
use crate::source::{Span, Spanned};

/// The fixed deposits, each with its product's first price.
fn fixed<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a FixedDecl, &'a PriceDecl)> {
    context.products.iter().filter_map(|product| match &product.body.deposit.as_ref()?.value {
        DepositDecl::Amount(fixed) => Some((fixed, product.body.prices.first().filter(|price| !price.is_metered())?)),
        _ => None,
    })
}

/// A deposit is a part of the first price, which has whole amounts.
pub(super) fn deposits_have_a_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind, item, body, .. } in &context.products {
        let Some(deposit) = &body.deposit else { continue };
        let (span, why, label) = match body.prices.first() {
            None if is_price_required(kind, body) => continue,
            None => (item.span(), "there is no price", "of this product"),
            Some(PriceDecl { amounts, .. }) if amounts.tiers.is_some() => {
                (amounts.span, "the first price has tiers", "these")
            }
            Some(PriceDecl { amounts, .. }) if amounts.custom.is_some() => {
                (amounts.span, "customers choose the first price", "here")
            }
            Some(PriceDecl { usage: Some(usage), .. }) if usage.value == UsageType::Metered => {
                (usage.span, "the first price is for what was used", "this")
            }
            Some(price) => {
                let finer =
                    |plain: &PlainAmount<'_>| minor(plain.amount.value, plain.currency).and_then(whole).is_none();
                let Some(finer) = plain_amounts(context, price).into_iter().find(finer) else { continue };
                (finer.amount.span, "the first price is finer than what can be paid", "this")
            }
        };
        found.push(
            Diagnostic::error("deposit-without-price", deposit.span, format!("a deposit of what? {why}"))
                .also(span, label)
                .help("a deposit is a part of the product's first price, which must have one whole amount"),
        );
    }
}

/// A deposit is at most the price, in every currency and after every announced change.
pub(super) fn deposits_are_at_most_the_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (fixed, price) in fixed(context) {
        let own = std::iter::once((context.currency_of(price), &fixed.amount));
        let others = fixed.currencies.iter().map(|(currency, amount)| (currency.value, amount));
        let prices = plain_amounts(context, price);
        for (currency, amount) in own.chain(others) {
            let below = |plain: &&PlainAmount<'_>| plain.currency == currency && amount.value > plain.amount.value;
            let Some(below) = prices.iter().find(below) else { continue };
            let (deposit, whole) = (money(amount.value, currency), money(below.amount.value, currency));
            let label = match below.on {
                None => format!("the price is {whole}"),
                Some(day) => format!("from {day} the price is {whole}"),
            };
            found.push(
                Diagnostic::error(
                    "deposit-above-price",
                    amount.span,
                    format!("a deposit of {deposit} is more than the price"),
                )
                .also(below.amount.span, label)
                .help("write a smaller amount, or `deposit: full`"),
            );
        }
    }
}

/// A fixed deposit has an amount in every currency of the first price, and in no other.
pub(super) fn deposits_name_every_currency(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (fixed, price) in fixed(context).filter(|(_, price)| price.amounts.amount.is_some()) {
        let default = context.currency_of(price);
        let absent = |of: &'_ [(Spanned<Currency>, Spanned<Decimal>)],
                      from: &[(Spanned<Currency>, Spanned<Decimal>)]| {
            let known = |currency: Currency| from.iter().any(|(other, _)| other.value == currency);
            let absent = of.iter().map(|(currency, _)| currency).filter(|currency| !known(currency.value));
            absent
                .filter(|currency| currency.value != default)
                .map(|currency| (currency.value, currency.span))
                .collect()
        };
        let missing: Vec<(Currency, Span)> = absent(&price.amounts.currencies, &fixed.currencies);
        let extra: Vec<(Currency, Span)> = absent(&fixed.currencies, &price.amounts.currencies);
        let listed =
            |of: &[(Currency, Span)]| of.iter().map(|(code, _)| code.to_string()).collect::<Vec<_>>().join(", ");
        let code = "deposit-currencies-differ";
        if let Some((first, _)) = missing.first() {
            let message =
                format!("the deposit has no amount in {}, in which the first price is sold", listed(&missing));
            let report = Diagnostic::error(code, fixed.amount.span, message).help(format!(
                "give an amount in each currency of the first price: `currencies: {{ {}: … }}`",
                first.code()
            ));
            found.push(missing.iter().fold(report, |report, (_, span)| report.also(*span, "sold in this currency")));
        } else if let Some((_, span)) = extra.first() {
            let message = format!("the deposit has an amount in {}, in which the first price has none", listed(&extra));
            found.push(
                Diagnostic::error(code, *span, message)
                    .also(price.amounts.span, "the first price")
                    .help("remove it, or sell the first price in this currency too"),
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
