//! What comes first, and what stands in another order: of a product's prices the first one is shown, Stripe's default, and
//! charged where none is named.

use std::collections::{HashMap, HashSet};

use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Kind, Price, PriceChange, Product};

use super::{Asked, Change, Subject, What, attributes};

/// That another price is the first.
pub(super) fn first_price(from: &Product, to: &Product) -> Option<What> {
    let (before, now) = (from.prices.first()?, to.prices.first()?);
    (before.key != now.key).then(|| What::FirstPrice { from: named(before), to: named(now) })
}

/// That a product is new, with what it costs, price by price: `monthly 29.00 USD, 27.00 EUR; yearly 290.00 USD`.
pub(super) fn new_product(product: &Product) -> What {
    let terms = product.prices.iter().map(|price| format!("{}{}", named(price), from_days_on(price)));
    let terms = terms.collect::<Vec<_>>().join("; ");
    What::Added { terms, announced: product.prices.iter().filter_map(first_day).min(), frees: 0 }
}

/// That a price is new, with what it costs.
pub(super) fn new_price(price: &Price) -> What {
    What::Added { terms: format!("{}{}", cost(price), from_days_on(price)), announced: first_day(price), frees: 0 }
}

/// What is announced: ` (from 2027-01-01 35.00 USD; from 2027-07-01 39.00 USD)`.
fn from_days_on(price: &Price) -> String {
    let of_day = |change: &PriceChange| format!("from {} {}", change.on, asked(&change.amounts));
    let days: Vec<String> = price.changes.iter().map(of_day).collect();
    if days.is_empty() { String::new() } else { format!(" ({})", days.join("; ")) }
}

fn first_day(price: &Price) -> Option<String> {
    price.changes.iter().map(|change| change.on.clone()).min()
}

fn named(price: &Price) -> String {
    format!("{} {}", price.key, cost(price))
}

/// What a price is: `29.00 USD, 27.00 EUR per seat every month, 14 days of trial`.
fn cost(price: &Price) -> String {
    let mut words = asked(&price.amounts);
    words.extend(price.per().map(|per| format!(" per {per}")));
    words.extend(price.interval.map(|interval| format!(" every {interval}")));
    if price.trial_days > 0 {
        words.push_str(&format!(", {} days of trial", price.trial_days));
    }
    words
}

pub(super) fn asked(amounts: &[CurrencyAmount]) -> String {
    amounts.iter().map(|amount| Asked::of(amount).words).collect::<Vec<_>>().join(", ")
}

/// Lists in which what is in both catalogs stands in another order.
pub(super) fn changes(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    // The same things in other files are the same list.
    if old.hash == new.hash {
        return;
    }
    for (of, before, now) in [
        ("kinds", ids(&old.kinds, |kind| &kind.id), ids(&new.kinds, |kind| &kind.id)),
        ("features", ids(&old.features, |feature| &feature.id), ids(&new.features, |feature| &feature.id)),
        ("coupons", ids(&old.coupons, |coupon| &coupon.id), ids(&new.coupons, |coupon| &coupon.id)),
        ("meters", ids(&old.meters, |meter| &meter.id), ids(&new.meters, |meter| &meter.id)),
        ("groups", ids(&old.groups, |group| &group.id), ids(&new.groups, |group| &group.id)),
        ("environments", ids(&old.environments, |one| &one.id), ids(&new.environments, |one| &one.id)),
    ] {
        if is_reordered(&before, &now) {
            changes.push(Change { subject: Subject::Catalog, what: What::Order { of: of.to_owned() } });
        }
    }
    for kind in &new.kinds {
        let of =
            |catalog: &Catalog| catalog.products_of(&kind.id).map(|product| product.id.clone()).collect::<Vec<_>>();
        if is_reordered(&of(old), &of(new)) {
            let of = format!("the products of {}", kind.id);
            changes.push(Change { subject: Subject::Catalog, what: What::Order { of } });
        }
    }
    for kind in &new.kinds {
        changes.extend(old.kind(&kind.id).and_then(|before| within(old, new, before, kind)));
    }
    let former: HashMap<_, _> = old.products.iter().map(|product| ((&product.kind, &product.id), product)).collect();
    for product in &new.products {
        let Some(before) = former.get(&(&product.kind, &product.id)).copied() else { continue };
        let prices = |product: &Product| ids(&product.prices, |price| &price.key);
        let grants = |product: &Product| ids(&product.grants, |grant| &grant.feature);
        let mut say = |of: &str| {
            changes.push(Change { subject: Subject::product(product), what: What::Order { of: of.to_owned() } });
        };
        if first_price(before, product).is_none() && is_reordered(&prices(before), &prices(product)) {
            say("prices");
        }
        if is_reordered(&grants(before), &grants(product)) {
            say("features");
        }
    }
}

/// The attributes of a kind, or else the columns of its table, in another order; columns follow attributes.
fn within(old: &Catalog, new: &Catalog, before: &Kind, kind: &Kind) -> Option<Change> {
    let today = |id: &str| attributes::today(new, &kind.id, id).to_owned();
    let former: Vec<String> = before.attributes.iter().map(|attribute| today(&attribute.id)).collect();
    let columns = |catalog: &Catalog, kind: &Kind| {
        let table = catalog.tables.iter().find(|table| table.name == kind.table);
        table.map_or_else(Vec::new, |table| ids(&table.columns, |column| &column.name))
    };
    let of = if is_reordered(&former, &ids(&kind.attributes, |attribute| &attribute.id)) {
        format!("the attributes of {}", kind.id)
    } else if is_reordered(&columns(old, before), &columns(new, kind)) {
        format!("the columns of the table {}", kind.table)
    } else {
        return None;
    };
    Some(Change { subject: Subject::Catalog, what: What::Order { of } })
}

fn ids<T>(list: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
    list.iter().map(|one| id(one).clone()).collect()
}

/// Whether what both lists have stands in another order.
fn is_reordered(before: &[String], now: &[String]) -> bool {
    let (known, left): (HashSet<&String>, HashSet<&String>) = (before.iter().collect(), now.iter().collect());
    !before.iter().filter(|id| left.contains(id)).eq(now.iter().filter(|id| known.contains(id)))
}
