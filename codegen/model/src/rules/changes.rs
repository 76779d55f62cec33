//! Announced changes of prices.

use std::collections::BTreeMap;

use pricebook_types::TierMode;
use rust_decimal::Decimal;

use super::context::Context;
use crate::decl::{AmountsDecl, BoundsDecl, PriceDecl, StepDecl};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

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

/// What a price's amounts are, in words.
pub(super) fn form(amounts: &AmountsDecl) -> &'static str {
    match amounts.tiers.as_ref().map(|tiers| tiers.mode.value) {
        None if amounts.custom.is_some() => "an amount that customers choose",
        None => "one amount",
        Some(TierMode::Graduated) => "graduated tiers",
        Some(TierMode::Volume) => "volume tiers",
    }
}

/// A change gives a new amount in every currency of the price, and in no other.
pub(super) fn changes_name_every_currency(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in changing(context) {
        let default = context.currency_of(price).code();
        let expected = currencies(&price.amounts, default);
        // A change of another form is reported as such.
        for change in price.changes.iter().filter(|change| form(&change.amounts) == form(&price.amounts)) {
            let given = currencies(&change.amounts, default);
            let missing = only_in(&expected, &given);
            let extra = only_in(&given, &expected);
            let first = |spans: &[(&str, Span)]| spans.first().map(|(_, span)| *span);
            let diagnostic = if let Some(span) = first(&missing) {
                let message = format!("the change of {} says nothing about {}", change.on.value, listed(&missing));
                // What it says of other currencies is where these belong; a change of one amount only has no such place.
                let place = given.values().next_back().copied().unwrap_or(change.amounts.span);
                Diagnostic::error("change-currencies-differ", place, message)
                    .label(format!("without {}", listed(&missing)))
                    .also(span, "the price has it")
                    .help(format!("write what the price costs in {} from that day on", listed(&missing)))
            } else if let Some(span) = first(&extra) {
                let message = format!("the price has no amount in {}, and its change has", listed(&extra));
                Diagnostic::error("change-currencies-differ", span, message)
                    .also(price.amounts.span, "the price before")
                    .help(format!("remove {}, or sell in it from today: give the price an amount", listed(&extra)))
            } else {
                continue;
            };
            found.push(diagnostic);
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

/// The currencies that amounts name beside the default one, with their places.
fn currencies(amounts: &AmountsDecl, default: &str) -> BTreeMap<&'static str, Span> {
    let named = amounts.other_currencies().map(|currency| (currency.value.code(), currency.span));
    named.filter(|(code, _)| *code != default).collect()
}

/// What stands in the one and not in the other.
fn only_in<'a>(these: &BTreeMap<&'a str, Span>, others: &BTreeMap<&str, Span>) -> Vec<(&'a str, Span)> {
    these.iter().filter(|(code, _)| !others.contains_key(*code)).map(|(code, span)| (*code, *span)).collect()
}

/// `EUR, GBP`.
fn listed(currencies: &[(&str, Span)]) -> String {
    currencies.iter().map(|(code, _)| code.to_ascii_uppercase()).collect::<Vec<_>>().join(", ")
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
    let chosen = |amounts: &AmountsDecl| {
        let value = |amount: &Option<Spanned<Decimal>>| amount.as_ref().map(|amount| amount.value);
        let of = |bounds: &BoundsDecl| (value(&bounds.minimum), value(&bounds.preset), value(&bounds.maximum));
        let custom = amounts.custom.as_ref()?;
        let others = custom.currencies.iter().map(|(currency, bounds)| (currency.value.code(), of(bounds)));
        Some((of(&custom.bounds), others.collect::<BTreeMap<_, _>>()))
    };
    flat(a) == flat(b) && tiers(a) == tiers(b) && chosen(a) == chosen(b)
}

/// Last unit, amount for a unit, amount for the tier.
type Step = (Option<u64>, Option<Decimal>, Option<Decimal>);

fn steps(of: &[StepDecl]) -> Vec<Step> {
    let value = |amount: &Option<Spanned<Decimal>>| amount.as_ref().map(|amount| amount.value);
    of.iter().map(|step| (step.up_to.value, value(&step.unit_amount), value(&step.flat_amount))).collect()
}
