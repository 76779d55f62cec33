//! Deposits as charges of their own: what a target can charge, where the whole price could be charged.

use pricebook_types::{Currency, Money};
use rust_decimal::Decimal;

use super::context::{Context, Product};
use crate::catalog::{CurrencyAmount, whole};
use crate::decl::{DepositDecl, PriceDecl};
use crate::diagnostic::Diagnostic;
use crate::limits::ChargeLimit;
use crate::source::{Span, Spanned};

/// A deposit with the price that it is a part of, on one day and in one currency.
struct Due<'a> {
    /// The day of the announcement.
    on: Option<&'a str>,
    due: Money,
    price_minor: i64,
}

impl Due<'_> {
    /// Whether nothing is due of a price that is something.
    fn is_nothing(&self) -> bool {
        self.due.minor() == 0 && self.price_minor > 0
    }

    /// The beginning of a sentence about it: `from 2027-01-31 `, or nothing.
    fn from(&self) -> String {
        self.on.map(|day| format!("from {day} ")).unwrap_or_default()
    }
}

/// A percentage of a price that is something is something, in every currency and after every announced change.
pub(super) fn percentages_take_something(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in &context.products {
        let Some(percent) = percentage(product) else { continue };
        let dues = dues(product);
        let Some(due) = dues.iter().find(|due| due.is_nothing()) else { continue };
        let (value, price) = (percent.value, Money::new(due.price_minor, due.due.currency()));
        let message = format!("{}a deposit of {value} % of {price} is rounded to nothing", due.from());
        found.push(
            Diagnostic::error("deposit-without-effect", percent.span, message)
                .help("write a larger percentage, or `rounding: up`, or ask for no deposit"),
        );
    }
}

/// A fixed deposit of a price that is something is something, in every currency. What is free may say that it asks for
/// none.
pub(super) fn fixed_deposits_take_something(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in &context.products {
        let deposit = product.body.deposit.as_ref().map(|deposit| &deposit.value);
        // What is free and costs something is reported.
        if !matches!(deposit, Some(DepositDecl::Amount(_))) || product.meant.free {
            continue;
        }
        let dues = dues(product);
        let Some(due) = dues.iter().find(|due| due.is_nothing()) else { continue };
        let price = Money::new(due.price_minor, due.due.currency());
        let message = format!("a deposit of {} takes nothing of a price of {price}", due.due);
        found.push(
            Diagnostic::error("deposit-without-effect", place(product, due.due.currency()), message)
                .help("write what must be paid first, or remove the deposit: without one, the price is paid at once"),
        );
    }
}

fn percentage<'a>(product: &Product<'a>) -> Option<&'a Spanned<Decimal>> {
    match &product.body.deposit.as_ref()?.value {
        DepositDecl::Percent { percent, .. } => Some(percent),
        DepositDecl::Full | DepositDecl::Amount(_) => None,
    }
}

/// A deposit can be charged: it is not too small, and no fraction of the currency's step.
///
/// Where the price cannot be charged either, that is reported; of many small units only the sum is charged.
pub(super) fn deposits_can_be_charged(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in
        context.products.iter().filter(|product| product.body.prices.first().is_some_and(PriceDecl::is_charged_at_once))
    {
        let dues = dues(product);
        // Of a share that is nothing in one currency, only that is reported.
        if percentage(product).is_some() && dues.iter().any(Due::is_nothing) {
            continue;
        }
        for target in context.limits {
            let limited = || dues.iter().filter_map(|due| Some((due, target.charge(due.due.currency())?)));
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
    let message = format!("{}the deposit comes to {}, which cannot be charged", due.from(), due.due);
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
