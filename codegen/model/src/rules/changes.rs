//! Announced changes of prices.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::TierMode;
use rust_decimal::Decimal;

use super::context::Context;
use crate::decl::{AmountsDecl, PriceDecl, StepDecl};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

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

/// A change keeps the form of the price: one amount, or tiers of the same mode.
pub(super) fn changes_keep_the_form_of_the_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let form = |amounts: &AmountsDecl| match amounts.tiers.as_ref().map(|tiers| tiers.mode.value) {
        None => "one amount",
        Some(TierMode::Graduated) => "graduated tiers",
        Some(TierMode::Volume) => "volume tiers",
    };
    for price in changing(context) {
        let now = form(&price.amounts);
        for change in price.changes.iter().filter(|change| form(&change.amounts) != now) {
            let message = format!("the price has {now}, and {} from {} on", form(&change.amounts), change.on.value);
            found.push(
                Diagnostic::error("change-of-form", change.amounts.span, message)
                    .also(price.amounts.span, "the price before")
                    .help("a price keeps its form: retire it, and sell another one under a key of its own"),
            );
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
        let (mut before, mut day) = (&price.amounts, "");
        for change in &price.changes {
            // A second change on a day is reported as such.
            if same(before, &change.amounts) && day != change.on.value {
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
            (before, day) = (&change.amounts, &change.on.value);
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
        let others = amounts.currencies.iter().map(|(currency, amount)| (currency.value.code(), amount.value));
        (amounts.amount.as_ref().map(|amount| amount.value), others.collect::<BTreeMap<_, _>>())
    };
    let tiers = |amounts: &AmountsDecl| {
        let tiers = amounts.tiers.as_ref()?;
        let others = tiers.currencies.iter().map(|(currency, of)| (currency.value.code(), steps(of)));
        Some((steps(&tiers.steps), others.collect::<BTreeMap<_, _>>()))
    };
    flat(a) == flat(b) && tiers(a) == tiers(b)
}

/// Last unit, amount for a unit, amount for the tier.
type Step = (Option<u64>, Option<Decimal>, Option<Decimal>);

fn steps(of: &[StepDecl]) -> Vec<Step> {
    let value = |amount: &Option<Spanned<Decimal>>| amount.as_ref().map(|amount| amount.value);
    of.iter().map(|step| (step.up_to.value, value(&step.unit_amount), value(&step.flat_amount))).collect()
}
