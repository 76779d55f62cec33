//! Changes of products: what they are, what they grant, and which of their prices are new or gone.

use std::collections::HashMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Product, StripeProductPer};
use pricebook_types::{DepositKind, Limit, Money};
use rust_decimal::Decimal;

use super::{Amount, Change, Subject, What, attributes, columns, fields, order, price};

/// Compared by their own types, or no more than a way to say something that another field says too.
const TYPED: &[&str] =
    &["id", "kind", "was", "active", "deposit", "grants", "prices", "deposit_display", "price_display"];

pub(super) fn changes(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    let mut gone: HashMap<(&str, &str), &Product> =
        old.products.iter().map(|product| (key(product), product)).collect();
    for product in &new.products {
        let mut former = new.former_ids(&product.kind, &product.id);
        let before = gone.remove(&key(product)).or_else(|| former.find_map(|id| gone.remove(&(&*product.kind, id))));
        match before {
            Some(before) => one(old, new, before, product, changes),
            None => {
                changes.push(Change { subject: Subject::product(product), what: order::new_product(product) });
            }
        }
    }
    for product in old.products.iter().filter(|product| gone.contains_key(&key(product))) {
        let retired = is_retired(new, &product.kind, &product.id);
        changes.push(Change { subject: Subject::product(product), what: What::Removed { retired } });
    }
}

/// The id that a product of a kind has in `new`.
pub(crate) fn today<'a>(new: &'a Catalog, kind: &'a str, id: &'a str) -> &'a str {
    if new.products_of(kind).any(|product| product.id == id) {
        return id;
    }
    let renamed = new.products_of(kind).find(|product| new.former_ids(kind, &product.id).any(|was| was == id));
    renamed.map_or(id, |product| &product.id)
}

fn key(product: &Product) -> (&str, &str) {
    (&product.kind, &product.id)
}

pub(super) fn is_retired(catalog: &Catalog, what: &str, id: &str) -> bool {
    catalog.retired.iter().any(|retired| retired.what == what && retired.id == id)
}

fn one(old: &Catalog, new: &Catalog, from: &Product, to: &Product, changes: &mut Vec<Change>) {
    let subject = Subject::product(to);
    let mut say = |what| changes.push(Change { subject: subject.clone(), what });
    if from.id != to.id {
        say(What::Renamed { from: from.id.clone() });
    }
    match (from.active, to.active) {
        (false, true) => say(What::Activated),
        (true, false) => say(What::Deactivated),
        _ => {}
    }
    if deposit(from) != deposit(to) {
        let more_is_due = match (due(from), due(to)) {
            (Some(before), Some(now)) => before.currency == now.currency && now.minor > before.minor,
            _ => false,
        };
        let more_is_due = more_is_due && !follows_its_price(from, to);
        say(What::Deposit { from: deposit(from), to: deposit(to), more_is_due });
    } else if from.deposit != to.deposit {
        say(What::Field { field: "deposit".to_owned(), from: deposit_words(from), to: deposit_words(to) });
    }
    for what in columns::amounts(old, new, from, to).into_iter().chain(entitlements(old, new, from, to)) {
        say(what);
    }
    if let Some(what) = order::first_price(from, to) {
        say(what);
    }
    // Where a Stripe product stands for each price, or did, the whole product has no id and no name there.
    let is_in_stripe = price::stripe_product_per(old, from) == Some(StripeProductPer::Product)
        && price::stripe_product_per(new, to) == Some(StripeProductPer::Product);
    let of_stripe: &[&str] = if is_in_stripe { &[] } else { &["local_id", "stripe_name"] };
    let typed: Vec<&str> = TYPED.iter().chain(of_stripe).copied().collect();
    fields::differences(&attributes::of_today(new, from), to, &typed, say);
    price::changes((old, new), from, to, changes);
}

fn deposit(product: &Product) -> Option<Amount> {
    let due = product.deposit.as_ref()?.amount();
    Some(Amount::new(Decimal::from(due.minor()), due.currency()))
}

/// Whether the deposit is the share of the price that it was, and more is due because the price was raised.
fn follows_its_price(from: &Product, to: &Product) -> bool {
    let share = |product: &Product| {
        let deposit = product.deposit.as_ref()?;
        (deposit.kind != DepositKind::Fixed).then_some((deposit.kind, deposit.value))
    };
    let price = |product: &Product| product.prices.first().map(|price| price.key.clone());
    let amount = |product: &Product| product.prices.first()?.amounts.first()?.unit_amount;
    share(from).is_some() && share(from) == share(to) && price(from) == price(to) && amount(to) > amount(from)
}

/// What is paid before the work begins, in the default currency: without a deposit the whole price.
fn due(product: &Product) -> Option<Amount> {
    deposit(product).or_else(|| {
        let amount = product.prices.first()?.amounts.first()?;
        Some(Amount::new(amount.unit_amount?, amount.currency))
    })
}

/// The deposit in every currency and on every day: `20 %: 299.00 USD, 280.00 EUR; from 2027-01-01 319.00 USD, 300.00 EUR`.
fn deposit_words(product: &Product) -> String {
    let Some(deposit) = &product.deposit else { return String::new() };
    let listed = |amounts: &[Money]| amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let changes = deposit.changes.iter().map(|change| format!("; from {} {}", change.on, listed(&change.amounts)));
    let declared = match deposit.kind {
        DepositKind::Percentage => format!("{} %", deposit.value.normalize()),
        DepositKind::Full => "full".to_owned(),
        DepositKind::Fixed => "fixed".to_owned(),
    };
    std::iter::once(format!("{declared}: {}", listed(&deposit.amounts))).chain(changes).collect()
}

fn entitlements(old: &Catalog, new: &Catalog, from: &Product, to: &Product) -> Vec<What> {
    let was = |feature: &str, id: &str| new.former_ids("feature", feature).any(|former| former == id);
    let renamed = |id: &str| new.features.iter().find(|feature| was(&feature.id, id));
    let today = |id: &str| renamed(id).map_or_else(|| id.to_owned(), |feature| feature.id.clone());
    let before: Vec<(String, Limit)> = from.grants.iter().map(|grant| (today(&grant.feature), grant.limit)).collect();
    let now = to.grants.iter().map(|grant| (grant.feature.clone(), grant.limit));
    let limit = |id: &str, grants: &[(String, Limit)]| {
        grants.iter().find(|(feature, _)| feature == id).map_or(Limit::Off, |(_, limit)| *limit)
    };
    let now: Vec<_> = now.collect();
    let mut ids: Vec<&str> = now.iter().map(|(id, _)| id.as_str()).collect();
    ids.extend(before.iter().map(|(id, _)| id.as_str()).filter(|id| limit(id, &now) == Limit::Off));
    let changed = ids.into_iter().filter(|id| limit(id, &before) != limit(id, &now));
    let features = || new.features.iter().chain(&old.features);
    changed
        .map(|id| What::Entitlement {
            feature: id.to_owned(),
            name: features().find(|feature| feature.id == id).map_or(id, |feature| &feature.name).to_owned(),
            from: limit(id, &before),
            to: limit(id, &now),
        })
        .collect()
}
