//! Deposits as charges of their own: what a target can charge, where the whole price could be charged.

use pricebook_types::{Currency, Money};

use super::context::{Context, Product, is_metered};
use crate::catalog::{CurrencyAmount, whole};
use crate::decl::{DepositDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::limits::ChargeLimit;
use crate::source::Span;

/// A deposit with the price that it is a part of, on one day and in one currency.
struct Due<'a> {
    /// The day of the announcement.
    on: Option<&'a str>,
    due: Money,
    price_minor: i64,
}

/// A deposit can be charged: it is not too small, and no fraction of the currency's step.
///
/// Where the price cannot be charged either, that is reported; of many small units only the sum is charged.
pub(super) fn deposits_can_be_charged(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in context.products.iter().filter(|product| is_charged_at_once(product.body.prices.first())) {
        let dues = dues(product);
        for target in context.limits {
            let limited = || {
                dues.iter().filter_map(|due| {
                    let currency = due.due.currency();
                    Some((due, target.charges.iter().find(|limit| limit.currency == currency)?))
                })
            };
            let small = |due: i64, limit: &ChargeLimit| due < limit.min_minor;
            if let Some((due, limit)) = limited().find(|(due, limit)| {
                due.due.minor() > 0 && small(due.due.minor(), limit) && !small(due.price_minor, limit)
            }) {
                let least = Money::new(limit.min_minor, due.due.currency());
                let label = format!("{} charges at least {least}", target.target);
                found.push(report(product, "charge-too-small", due, &label, "ask for more, or for no deposit"));
            }
            let between = |due: i64, limit: &ChargeLimit| due % limit.step_minor != 0;
            if let Some((due, limit)) =
                limited().find(|(due, limit)| between(due.due.minor(), limit) && !between(due.price_minor, limit))
            {
                let step = Money::new(limit.step_minor, due.due.currency());
                let label = format!("{} charges multiples of {step}", target.target);
                let help = "write another percentage, or an amount for each currency";
                found.push(report(product, "charge-between-steps", due, &label, help));
            }
        }
    }
}

fn is_charged_at_once(price: Option<&PriceDecl>) -> bool {
    price.is_some_and(|price| !is_metered(price) && price.unit.is_none() && price.transform_quantity.is_none())
}

fn dues<'a>(product: &Product<'a>) -> Vec<Due<'a>> {
    let (Some(deposit), Some(price)) = (&product.meant.deposit, product.meant.prices.first()) else {
        return Vec::new();
    };
    let announced = deposit.changes.iter().zip(&price.changes);
    let announced = announced.map(|(change, of)| (Some(&*change.on), &change.amounts, &of.amounts));
    let stages = std::iter::once((None, &deposit.amounts, &price.amounts)).chain(announced);
    let in_currency = |amounts: &[CurrencyAmount], currency: Currency| {
        whole(amounts.iter().find(|amount| amount.currency == currency)?.unit_amount?)
    };
    let dues = stages.flat_map(|(on, dues, prices)| {
        let due = move |due: &Money| Some(Due { on, due: *due, price_minor: in_currency(prices, due.currency())? });
        dues.iter().filter_map(due).collect::<Vec<_>>()
    });
    dues.collect()
}

fn report(product: &Product<'_>, code: &'static str, due: &Due<'_>, label: &str, help: &str) -> Diagnostic {
    let from = due.on.map(|day| format!("from {day} ")).unwrap_or_default();
    let message = format!("{from}the deposit comes to {}, which cannot be charged", due.due);
    Diagnostic::error(code, place(product, due.due.currency()), message).label(label).help(help)
}

/// Where the deposit in this currency is written.
fn place(product: &Product<'_>, currency: Currency) -> Span {
    match &product.body.deposit {
        Some(deposit) => match &deposit.value {
            DepositDecl::Full => deposit.span,
            DepositDecl::Percent { percent, .. } => percent.span,
            DepositDecl::Amount(fixed) => {
                let other = fixed.currencies.iter().find(|(other, _)| other.value == currency);
                other.map_or(fixed.amount.span, |(_, amount)| amount.span)
            }
        },
        None => product.item.span(),
    }
}
