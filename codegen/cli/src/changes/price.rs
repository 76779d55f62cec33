//! Changes of a product's prices.

use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Price, Product, StripeProductPer};

use super::cost::Cost;
use super::product::is_retired;
use super::{Amount, Asked, Change, Subject, What, announced, fields, meters, order, share, tiers};

const TYPED: &[&str] =
    &["key", "interval", "trial_days", "amounts", "changes", "grandfathered", "active", "stripe_name"];

pub(super) fn changes((old, new): (&Catalog, &Catalog), from: &Product, to: &Product, changes: &mut Vec<Change>) {
    for price in &to.prices {
        match from.prices.iter().find(|before| before.key == price.key) {
            Some(before) => {
                let before = meters::price_of_today(old, new, before);
                let per = [stripe_product_per(old, from), stripe_product_per(new, to)];
                one((from, &before), (to, price), per, changes);
            }
            None => {
                changes.push(Change { subject: Subject::price(to, price), what: order::new_price(price) });
            }
        }
    }
    for price in from.prices.iter().filter(|before| to.prices.iter().all(|price| price.key != before.key)) {
        let retired = is_retired(new, "price", &price.lookup_key);
        changes.push(Change { subject: Subject::price(to, price), what: What::Removed { retired } });
    }
}

const DEFAULT_CURRENCY: &str = "default currency";

/// What a Stripe product stands for.
pub(super) fn stripe_product_per(catalog: &Catalog, product: &Product) -> Option<StripeProductPer> {
    catalog.kind(&product.kind).map(|kind| kind.stripe_product_per)
}

fn one(
    (old_product, from): (&Product, &Price),
    (product, to): (&Product, &Price),
    per: [Option<StripeProductPer>; 2],
    changes: &mut Vec<Change>,
) {
    let mut found = Vec::new();
    // What follows from the product is said of the product.
    let sold = |product: &Product, price: &Price| price.active || !product.active;
    match (sold(old_product, from), sold(product, to)) {
        _ if from.grandfathered.is_none() && to.grandfathered.is_some() => found.push(What::Grandfathered),
        (false, true) => found.push(What::Activated),
        (true, false) => found.push(What::Deactivated),
        _ => {}
    }
    if from.interval != to.interval {
        found.push(What::Interval { from: from.interval, to: to.interval });
    }
    amounts(from, to, &mut found);
    if from.grandfathered.is_some() && to.grandfathered.is_some() {
        recorded_amounts_stay(from, to, &mut found);
    }
    announced::changes(from, to, &mut found);
    if from.trial_days != to.trial_days {
        found.push(What::Trial { from: from.trial_days, to: to.trial_days });
    }
    if let (Some(before), Some(now)) = (&from.grandfathered, &to.grandfathered)
        && before != now
    {
        found.push(What::Field { field: "successor".to_owned(), from: before.clone(), to: now.clone() });
    }
    // A price that shares its Stripe product shares its name, which is told of the product.
    let has_its_own = per == [Some(StripeProductPer::Price); 2];
    let typed: Vec<&str> = TYPED.iter().copied().filter(|field| !has_its_own || *field != "stripe_name").collect();
    fields::differences(from, to, &typed, |what| found.push(what));
    let subject = Subject::price(product, to);
    changes.extend(found.into_iter().map(|what| Change { subject: subject.clone(), what }));
}

/// Nothing that is edited here reaches those who pay it: an amount that was recorded is not raised or lowered, and nobody
/// pays it in a currency that it did not have.
fn recorded_amounts_stay(from: &Price, to: &Price, found: &mut Vec<What>) {
    let told = found.len();
    // With another default currency, that one says it.
    let is_exchanged = found.iter().any(|what| matches!(what, What::Field { field, .. } if field == DEFAULT_CURRENCY));
    found.retain(|what| match what {
        What::Amount { .. } | What::Tiers { .. } => false,
        What::CurrencyAdded { .. } => is_exchanged,
        _ => true,
    });
    if found.len() < told {
        let words = |price: &Price| {
            let costs = price.amounts.iter().map(|amount| tiers::whole(Cost { amount, mode: price.tier_mode }));
            costs.collect::<Vec<_>>().join("; ")
        };
        found.push(What::FormerAmounts { from: words(from), to: words(to) });
    }
}

fn amounts(from: &Price, to: &Price, found: &mut Vec<What>) {
    if let (Some(before), Some(now)) = (from.amounts.first(), to.amounts.first())
        && before.currency != now.currency
    {
        let code = |amount: &CurrencyAmount| amount.currency.code().to_uppercase();
        found.push(What::Field { field: DEFAULT_CURRENCY.to_owned(), from: code(before), to: code(now) });
    }
    for now in &to.amounts {
        match in_currency(&from.amounts, now) {
            Some(before) => in_one_currency(from, to, (before, now), found),
            None => found.push(What::CurrencyAdded { amount: Asked::of(now) }),
        }
    }
    let dropped = from.amounts.iter().filter(|before| in_currency(&to.amounts, before).is_none());
    found.extend(dropped.map(|before| What::CurrencyDropped { amount: Asked::of(before) }));
}

pub(super) fn in_currency<'a>(amounts: &'a [CurrencyAmount], of: &CurrencyAmount) -> Option<&'a CurrencyAmount> {
    amounts.iter().find(|amount| amount.currency == of.currency)
}

fn in_one_currency(old: &Price, new: &Price, (from, to): (&CurrencyAmount, &CurrencyAmount), found: &mut Vec<What>) {
    let announced = || made(old, new, to);
    if let (Some(before), Some(now)) = (from.unit_amount, to.unit_amount) {
        if before != now {
            found.push(What::Amount {
                from: Amount::new(before, from.currency),
                to: Amount::new(now, to.currency),
                percent: share(before, now),
                announced: announced(),
            });
        }
        return;
    }
    let (from, to) = (Cost { amount: from, mode: old.tier_mode }, Cost { amount: to, mode: new.tier_mode });
    found.extend(tiers::change(from, to, announced));
}

/// The day from which the old price was announced to cost `amount`, where the new one no longer announces it.
fn made(old: &Price, new: &Price, amount: &CurrencyAmount) -> Option<String> {
    let withdrawn = old.changes.iter().filter(|change| new.changes.iter().all(|kept| kept.on != change.on));
    withdrawn.filter(|change| change.amounts.contains(amount)).map(|change| change.on.clone()).next()
}
