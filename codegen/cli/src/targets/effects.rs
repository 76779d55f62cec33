//! Which change does what: every step and every row is told once, by the change that is nearest to it, so that the effects
//! of all changes add up to the totals.

use std::collections::{HashMap, HashSet};

use pricebook_model::Catalog;
use pricebook_model::catalog::Product;
use serde::Serialize;

use super::rows::Row;
use super::{Owner, counted};
use crate::changes::{Amount, Asked, Change, Subject, What, today};

/// What one change does.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Effect {
    /// In words: `new Stripe price`, `2 × Stripe product updated`.
    pub(crate) stripe: Vec<String>,
    /// How many rows are written for it.
    pub(crate) rows: usize,
}

impl Effect {
    /// `new Stripe price`, `1 row`; nothing where there is none.
    pub(crate) fn words(&self) -> Vec<String> {
        let rows = (self.rows > 0).then(|| counted(self.rows, "row"));
        self.stripe.iter().cloned().chain(rows).collect()
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.stripe.is_empty() && self.rows == 0
    }

    fn of(steps: &[&'static str], rows: usize) -> Self {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for words in steps {
            match counts.iter_mut().find(|(known, _)| known == words) {
                Some((_, count)) => *count += 1,
                None => counts.push((words, 1)),
            }
        }
        let words = |(words, count)| if count == 1 { String::from(words) } else { format!("{count} × {words}") };
        Self { stripe: counts.into_iter().map(words).collect(), rows }
    }
}

/// How near a change is to what happens, the nearest first.
const NEARNESS: [fn(&Change, &Thing<'_>) -> bool; 5] =
    [is_just_it, is_its_own, is_of_its_product, is_of_its_kind, is_any];

/// A step or a row.
struct Thing<'a> {
    owner: &'a Owner,
    /// Of rows.
    row: Option<&'a Row>,
    /// The kind and id of the product that the owner is or belongs to.
    product: Option<&'a (String, String)>,
}

/// What each change does, in their order, and what none of them does itself.
pub(super) fn shared_out(
    changes: &[Change],
    stripe: &[(Owner, &'static str)],
    rows: &[Row],
    products: &Products,
) -> (Vec<Effect>, Effect) {
    let steps = stripe.iter().map(|(owner, words)| (owner, None, Some(*words)));
    let rows = rows.iter().map(|row| (&row.owner, Some(row), None));
    let nearby = Nearby::of(changes);
    // Behind the changes stands what none of them does.
    let mut shares: Vec<(Vec<&'static str>, usize)> = vec![Default::default(); changes.len() + 1];
    for (owner, row, words) in steps.chain(rows) {
        let thing = Thing { owner, row, product: products.of_owner(owner) };
        let candidates = nearby.to(&thing);
        let nearest =
            |near: &fn(&Change, &Thing<'_>) -> bool| candidates.iter().copied().find(|at| near(&changes[*at], &thing));
        let share = &mut shares[NEARNESS.iter().find_map(nearest).unwrap_or(changes.len())];
        match words {
            Some(words) => share.0.push(words),
            None => share.1 += 1,
        }
    }
    let mut effects: Vec<Effect> = shares.iter().map(|(steps, rows)| Effect::of(steps, *rows)).collect();
    let rest = effects.pop().unwrap_or_default();
    (effects, rest)
}

/// The changes that may be near to something, so that not all are asked for everything.
struct Nearby<'a> {
    of_products: HashMap<(&'a str, &'a str), Vec<usize>>,
    of_others: Vec<usize>,
}

impl<'a> Nearby<'a> {
    fn of(changes: &'a [Change]) -> Self {
        let mut nearby = Self { of_products: HashMap::new(), of_others: Vec::new() };
        for (at, change) in changes.iter().enumerate() {
            match change.subject.of_product() {
                Some(product) => nearby.of_products.entry(product).or_default().push(at),
                None => nearby.of_others.push(at),
            }
        }
        nearby
    }

    /// Their positions, in order.
    fn to(&self, thing: &Thing<'_>) -> Vec<usize> {
        let product = thing.product.and_then(|(kind, id)| self.of_products.get(&(kind.as_str(), id.as_str())));
        product.into_iter().flatten().chain(&self.of_others).copied().collect()
    }
}

/// The change of just this amount or entitlement.
fn is_just_it(change: &Change, thing: &Thing<'_>) -> bool {
    let Some(row) = thing.row else { return is_its_own(change, thing) };
    let is_narrow = match &change.what {
        What::Amount { to: Amount { currency, .. }, .. }
        | What::Announced { to: Amount { currency, .. }, .. }
        | What::CurrencyAdded { amount: Asked { currency, .. } }
        | What::CurrencyDropped { amount: Asked { currency, .. } }
        | What::Tiers { currency, .. } => row.currency.as_deref() == Some(currency.code()),
        What::Entitlement { feature, .. } => row.feature.as_ref() == Some(feature),
        What::Moved { .. } | What::Withdrawn { .. } => row.currency.is_some(),
        _ => row.feature.is_none() && row.currency.is_none(),
    };
    is_narrow && is_its_own(change, thing)
}

/// A change of what it stands for.
fn is_its_own(change: &Change, thing: &Thing<'_>) -> bool {
    is_done(change) && Owner::of(&change.subject).as_ref() == Some(thing.owner)
}

/// A change of the product that it belongs to, or of another part of that.
fn is_of_its_product(change: &Change, thing: &Thing<'_>) -> bool {
    let product = thing.product.map(|(kind, id)| (kind.as_str(), id.as_str()));
    is_done(change) && product.is_some() && change.subject.of_product() == product
}

/// A change of the kind of its product, or of the feature that it grants.
fn is_of_its_kind(change: &Change, thing: &Thing<'_>) -> bool {
    let Subject::Entry { section, id, .. } = &change.subject else { return false };
    let kind = thing.product.map(|(kind, _)| kind);
    let feature = thing.row.and_then(|row| row.feature.as_ref());
    is_done(change)
        && match section.as_str() {
            "kind" => kind == Some(id),
            "attribute" => kind.is_some_and(|kind| id.split('/').next() == Some(kind)),
            "feature" => feature == Some(id),
            _ => false,
        }
}

/// A change of the whole catalog.
fn is_any(change: &Change, _: &Thing<'_>) -> bool {
    is_done(change) && change.subject == Subject::Catalog
}

/// What stays as it is does nothing to any target.
fn is_done(change: &Change) -> bool {
    !matches!(change.what, What::Unmarked { .. })
}

/// The products that prices belong to, by the ids that changes speak of.
pub(super) struct Products(HashMap<Owner, (String, String)>);

impl Products {
    pub(super) fn of(old: &Catalog, new: &Catalog) -> Self {
        let kept: HashSet<(&str, &str)> = new.products.iter().map(key).collect();
        let mut all = HashMap::new();
        for product in old.products.iter().chain(&new.products) {
            let id = match kept.contains(&key(product)) {
                true => &product.id,
                false => today(new, &product.kind, &product.id),
            };
            let of = (product.kind.clone(), id.to_owned());
            for price in &product.prices {
                all.insert(Owner::Price(price.lookup_key.clone()), of.clone());
            }
            all.insert(Owner::Product(product.kind.clone(), product.id.clone()), of);
        }
        Self(all)
    }

    fn of_owner(&self, owner: &Owner) -> Option<&(String, String)> {
        self.0.get(owner)
    }
}

fn key(product: &Product) -> (&str, &str) {
    (&product.kind, &product.id)
}
