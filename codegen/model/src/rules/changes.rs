//! Announced changes of prices.

use std::collections::BTreeSet;

use super::context::Context;
use crate::decl::{AmountsDecl, PriceDecl};
use crate::diagnostic::Diagnostic;

fn changing<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a PriceDecl> {
    context.prices().filter(|price| !price.changes.is_empty())
}

/// Announced changes follow each other in time.
pub(super) fn changes_are_in_order(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in changing(context) {
        for [before, change] in price.changes.array_windows() {
            if change.on.value <= before.on.value {
                let (day, last) = (&change.on.value, &before.on.value);
                let message = match day == last {
                    true => format!("two changes on {day}"),
                    false => format!("a change on {day} after one on {last}"),
                };
                found.push(
                    Diagnostic::error("changes-out-of-order", change.on.span, message)
                        .also(before.on.span, "the change before")
                        .help("order changes by their days, one a day"),
                );
            }
        }
    }
}

/// A change gives a new amount in every currency of the price, and in no other.
pub(super) fn changes_name_every_currency(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in changing(context) {
        let mut expected = currencies(&price.amounts);
        let default = context.currency_of(price).code();
        expected.remove(default);
        for change in &price.changes {
            let mut given = currencies(&change.amounts);
            given.remove(default);
            let listed =
                |codes: Vec<&&str>| codes.iter().map(|code| code.to_ascii_uppercase()).collect::<Vec<_>>().join(", ");
            let (missing, extra) =
                (expected.difference(&given).collect::<Vec<_>>(), given.difference(&expected).collect::<Vec<_>>());
            let message = match (missing.is_empty(), extra.is_empty()) {
                (true, true) => continue,
                (false, _) => format!("the change says nothing about {}", listed(missing)),
                (true, false) => {
                    format!("the change says something about {}, in which the price has no amount", listed(extra))
                }
            };
            found.push(
                Diagnostic::error("change-currencies-differ", change.on.span, message)
                    .also(price.amounts.span, "the price before")
                    .help("a change gives an amount for each currency of the price"),
            );
        }
    }
}

/// A change changes something.
pub(super) fn changes_change_something(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in changing(context) {
        let mut before = &price.amounts;
        for change in &price.changes {
            if same(before, &change.amounts) {
                found.push(
                    Diagnostic::error(
                        "change-without-effect",
                        change.on.span,
                        format!("nothing changes on {}", change.on.value),
                    )
                    .also(before.span, "the same amounts before")
                    .help("write the new amounts, or remove the change"),
                );
            }
            before = &change.amounts;
        }
    }
}

fn currencies(amounts: &AmountsDecl) -> BTreeSet<&'static str> {
    let flat = amounts.currencies.iter().map(|(currency, _)| currency.value.code());
    flat.chain(
        amounts.tiers.iter().flat_map(|tiers| tiers.currencies.iter().map(|(currency, _)| currency.value.code())),
    )
    .collect()
}

fn same(a: &AmountsDecl, b: &AmountsDecl) -> bool {
    let flat = |amounts: &AmountsDecl| {
        let mut others: Vec<_> =
            amounts.currencies.iter().map(|(currency, amount)| (currency.value, amount.value)).collect();
        others.sort_unstable();
        (amounts.amount.as_ref().map(|amount| amount.value), others)
    };
    a.tiers.is_none() && b.tiers.is_none() && flat(a) == flat(b)
}
