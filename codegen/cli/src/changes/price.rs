//! Changes of a product's prices.

use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Price, Product, Tier};
use rust_decimal::Decimal;

use super::product::is_retired;
use super::{Amount, Change, Subject, What, fields, share};

const TYPED: &[&str] =
    &["key", "interval", "trial_days", "amounts", "changes", "grandfathered", "active", "accepts", "stripe_name"];

pub(super) fn changes(new: &Catalog, from: &Product, to: &Product, changes: &mut Vec<Change>) {
    for price in &to.prices {
        match from.prices.iter().find(|before| before.key == price.key) {
            Some(before) => one((from, before), (to, price), changes),
            None => changes.push(Change { subject: Subject::price(to, price), what: What::Added }),
        }
    }
    for price in from.prices.iter().filter(|before| to.prices.iter().all(|price| price.key != before.key)) {
        let retired = is_retired(new, "price", &price.lookup_key);
        changes.push(Change { subject: Subject::price(to, price), what: What::Removed { retired } });
    }
}

fn one((old_product, from): (&Product, &Price), (product, to): (&Product, &Price), changes: &mut Vec<Change>) {
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
    amounts(&from.amounts, &to.amounts, &mut found);
    announcements(from, to, &mut found);
    if from.trial_days != to.trial_days {
        found.push(What::Trial { from: from.trial_days, to: to.trial_days });
    }
    // The name follows from the product's wherever that changed.
    let also = if old_product.name == product.name { &["stripe_name"][..] } else { &[] };
    let typed: Vec<&str> = TYPED.iter().copied().filter(|field| !also.contains(field)).collect();
    fields::differences(from, to, &typed, |what| found.push(what));
    let subject = Subject::price(product, to);
    changes.extend(found.into_iter().map(|what| Change { subject: subject.clone(), what }));
}

fn amounts(from: &[CurrencyAmount], to: &[CurrencyAmount], found: &mut Vec<What>) {
    if let (Some(before), Some(now)) = (from.first(), to.first())
        && before.currency != now.currency
    {
        let code = |amount: &CurrencyAmount| amount.currency.code().to_uppercase();
        found.push(What::Field { field: "default currency".to_owned(), from: code(before), to: code(now) });
    }
    for now in to {
        match from.iter().find(|before| before.currency == now.currency) {
            Some(before) => in_one_currency(before, now, found),
            None => found.push(What::CurrencyAdded { amount: first_amount(now) }),
        }
    }
    let dropped = from.iter().filter(|before| to.iter().all(|now| now.currency != before.currency));
    found.extend(dropped.map(|before| What::CurrencyDropped { amount: first_amount(before) }));
}

fn in_one_currency(from: &CurrencyAmount, to: &CurrencyAmount, found: &mut Vec<What>) {
    if let (Some(before), Some(now)) = (from.unit_amount, to.unit_amount) {
        if before != now {
            found.push(What::Amount {
                from: Amount::new(before, from.currency),
                to: Amount::new(now, to.currency),
                percent: share(before, now),
            });
        }
        return;
    }
    if from == to {
        return;
    }
    if from.tiers.len() != to.tiers.len() {
        found.push(What::Tiers { from: from.tiers.len(), to: to.tiers.len() });
    }
    // Customers feel tiers as what a quantity costs; where steps or amounts moved, each step is compared in words.
    let words = |amount: &CurrencyAmount| match amount.unit_amount {
        Some(minor) => Amount::new(minor, amount.currency).to_string(),
        None => amount.tiers.iter().map(|tier| tier_words(tier, amount)).collect::<Vec<_>>().join(", "),
    };
    let field = format!("tiers in {}", to.currency.code().to_uppercase());
    found.push(What::Field { field, from: words(from), to: words(to) });
}

fn tier_words(tier: &Tier, of: &CurrencyAmount) -> String {
    let amount = |minor: Option<Decimal>| minor.map(|minor| Amount::new(minor, of.currency).major());
    let up_to = tier.up_to.map_or_else(|| "above".to_owned(), |last| format!("up to {last}"));
    let unit = amount(tier.unit_amount).map_or(String::new(), |unit| format!(" {unit} each"));
    let flat = amount(tier.flat_amount).map_or(String::new(), |flat| format!(" {flat} flat"));
    format!("{up_to}:{unit}{flat}")
}

/// What one unit costs at first.
fn first_amount(amount: &CurrencyAmount) -> Amount {
    let first = amount.tiers.first().and_then(|tier| tier.unit_amount.or(tier.flat_amount));
    Amount::new(amount.unit_amount.or(first).unwrap_or_default(), amount.currency)
}

fn announcements(from: &Price, to: &Price, found: &mut Vec<What>) {
    for change in to.changes.iter().filter(|change| !from.changes.contains(change)) {
        for amount in &change.amounts {
            let today = to.amounts.iter().find(|today| today.currency == amount.currency);
            let (before, after) = (today.map_or_else(|| first_amount(amount), first_amount), first_amount(amount));
            let percent = share(before.minor, after.minor);
            found.push(What::Announced { on: change.on.clone(), from: before, to: after, percent });
        }
    }
    let withdrawn = from.changes.iter().filter(|change| to.changes.iter().all(|kept| kept.on != change.on));
    found.extend(withdrawn.map(|change| What::Withdrawn { on: change.on.clone() }));
}
