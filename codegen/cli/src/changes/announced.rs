//! Announced changes of a price: new ones, other ones for their day, and those that come on another day or not at all.

use pricebook_model::catalog::{CurrencyAmount, Price, PriceChange};

use super::cost::{Cost, Spread};
use super::price::in_currency;
use super::{Amount, What, order, share, tiers};

pub(super) fn changes(from: &Price, to: &Price, found: &mut Vec<What>) {
    let mut moved = Vec::new();
    for change in to.changes.iter().filter(|change| !from.changes.contains(change)) {
        let was = from.changes.iter().find(|before| before.on == change.on);
        match gone(from, to).find(|before| was.is_none() && before.amounts == change.amounts) {
            Some(before) if !moved.contains(&before) => {
                moved.push(before);
                found.push(on_another_day((from, before), (to, change)));
            }
            _ => found.extend(change.amounts.iter().filter_map(|amount| announced(to, change, was, amount))),
        }
    }
    let withdrawn = gone(from, to).filter(|change| !moved.contains(change) && change.amounts != to.amounts);
    found.extend(withdrawn.map(|change| What::Withdrawn { on: change.on.clone() }));
}

/// What was announced for a day for which nothing is announced now.
fn gone<'a>(from: &'a Price, to: &'a Price) -> impl Iterator<Item = &'a PriceChange> {
    from.changes.iter().filter(|change| to.changes.iter().all(|kept| kept.on != change.on))
}

/// What is announced in one currency, if it is not what was announced for the day before, or what holds until then.
fn announced(price: &Price, change: &PriceChange, was: Option<&PriceChange>, to: &CurrencyAmount) -> Option<What> {
    let was = was.and_then(|was| in_currency(&was.amounts, to));
    let held = in_currency(amounts(price, |on| on < change.on.as_str()), to).unwrap_or(to);
    let on = change.on.clone();
    if let (Some(before), Some(then)) = (held.unit_amount, to.unit_amount) {
        let amount = |minor| Amount::new(minor, to.currency);
        let told = was.map_or(Some(before), |was| was.unit_amount);
        return (told != Some(then)).then(|| What::Announced {
            on,
            from: amount(before),
            to: amount(then),
            percent: share(before, then),
            was: was.and(told).map(amount),
        });
    }
    let cost = |amount| Cost { amount, mode: price.tier_mode };
    tiers::announced(cost(held), was.map(cost), cost(to), on)
}

/// What holds on a day, by the days of announced changes that have come.
fn amounts(price: &Price, has_come: impl Fn(&str) -> bool) -> &[CurrencyAmount] {
    let last = price.changes.iter().rfind(|change| has_come(&change.on));
    last.map_or(&price.amounts, |change| &change.amounts)
}

/// The same change on another day: between the two days customers pay otherwise than they were told.
fn on_another_day((old, before): (&Price, &PriceChange), (new, now): (&Price, &PriceChange)) -> What {
    let first = before.on.as_str().min(&now.on);
    let (told, due) = (amounts(old, |on| on <= first), amounts(new, |on| on <= first));
    let mut spread = Spread::default();
    for to in due {
        if let Some(from) = in_currency(told, to) {
            let to = Cost { amount: to, mode: new.tier_mode };
            spread.widen(Cost { amount: from, mode: old.tier_mode }.spread(&to));
        }
    }
    let Spread { raise, cut, no_longer_free } = spread;
    let held = amounts(new, |on| on < now.on.as_str());
    let moving: Vec<_> = now.amounts.iter().filter(|amount| !held.contains(amount)).cloned().collect();
    What::Moved {
        from: before.on.clone(),
        to: now.on.clone(),
        amounts: order::asked(if moving.is_empty() { &now.amounts } else { &moving }),
        raise,
        cut,
        no_longer_free,
    }
}
