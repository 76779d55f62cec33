//! The new id of what was sold and is gone: who renames something often forgets to say so.

use std::collections::BTreeSet;

use super::context::Context;
use super::history::Recorded;
use crate::lock::{Lock, LockedItem};
use crate::lower::KNOWN_KEYS;
use crate::nearest;
use crate::record;
use crate::source::Span;

/// The id that what was sold as `id` probably has now, and where it stands.
pub(super) fn of<'a>(context: &Context<'a>, what: &str, id: &str) -> Option<(&'a str, Span)> {
    let lock = context.lock?;
    let item = lock.items.iter().find(|item| item.what == what && item.id == id && !item.retired)?;
    among(context, lock, &new_ids(context, lock, what), item)
}

/// The ids that were never recorded, of what can be renamed; none where they are too many for a rename by hand.
pub(super) fn new_ids<'a>(context: &Context<'a>, lock: &Lock, what: &str) -> Vec<&'a str> {
    const MOST: usize = 100;
    let known: BTreeSet<&str> =
        lock.items.iter().filter(|item| item.what == what).map(|item| item.id.as_str()).collect();
    let ids = if matches!(what, "price" | "coupon" | "meter") { &[] } else { context.ids_of(what) };
    let new: Vec<&str> = ids.iter().copied().filter(|id| !known.contains(id)).take(MOST + 1).collect();
    if new.len() > MOST { Vec::new() } else { new }
}

/// Of the new ids the one whose product has the name of what is gone, or else the nearest by spelling, or else the only one
/// whose product costs the same.
pub(super) fn among<'a>(
    context: &Context<'_>,
    lock: &Lock,
    new_ids: &[&'a str],
    gone: &LockedItem,
) -> Option<(&'a str, Span)> {
    let what = gone.what.as_str();
    let has_name = |id: &&&str| context.product(what, id).is_some_and(|product| product.body.name.value == gone.of);
    let by_name = || new_ids.iter().find(has_name).copied();
    let by_spelling = || nearest::nearest(&gone.id, new_ids.iter().copied());
    let cost = cost(lock, gone);
    let costs_the_same = |id: &&str| {
        context.product(what, id).is_some_and(|product| {
            !cost.is_empty() && product.meant.prices.iter().map(record::amounts).collect::<BTreeSet<_>>() == cost
        })
    };
    let by_cost = || {
        let mut same = new_ids.iter().copied().filter(costs_the_same);
        same.next().filter(|_| same.next().is_none())
    };
    let new = by_name().or_else(by_spelling).or_else(by_cost)?;
    Some((new, context.place_of(what, new)?))
}

/// What the prices of a product cost when they were last recorded.
fn cost(lock: &Lock, product: &LockedItem) -> BTreeSet<String> {
    let of = format!("{}/{}", product.what, product.id);
    let prices = lock.items.iter().filter(|item| item.what == "price" && item.of == of && !item.retired);
    prices.filter_map(|price| price.amounts.last().cloned()).collect()
}

/// Prices of the same product that were never sold under their lookup keys, with their places: one of them is probably what is
/// gone. The only one, or the only one of its interval, or of its amounts; where that tells none apart, each of them.
pub(super) fn unrecorded_prices<'a>(
    context: &Context<'a>,
    recorded: &Recorded<'_>,
    gone: &LockedItem,
) -> Vec<(&'a str, Span)> {
    let product = gone.of.split_once('/').and_then(|(kind, id)| context.product(kind, id));
    let Some(product) = product else { return Vec::new() };
    let prices = product.meant.prices.iter().zip(product.price_places());
    let new: Vec<_> = prices.filter(|(price, _)| !recorded.contains("price", &price.lookup_key)).collect();
    let interval = KNOWN_KEYS.iter().find(|(key, ..)| gone.id.ends_with(key)).map(|(_, interval, _)| *interval);
    let of_interval = alike(new, |(price, _)| interval.is_some_and(|interval| price.interval == interval));
    let meant = alike(of_interval, |(price, _)| gone.amounts.last() == Some(&record::amounts(price)));
    meant.into_iter().map(|(price, place)| (price.lookup_key.as_str(), place.span())).collect()
}

/// Those that are alike, or all where none is.
fn alike<T>(all: Vec<T>, is_alike: impl Fn(&T) -> bool) -> Vec<T> {
    let (alike, others): (Vec<T>, Vec<T>) = all.into_iter().partition(is_alike);
    if alike.is_empty() { others } else { alike }
}
