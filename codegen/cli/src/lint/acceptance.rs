//! Where `accept:` may stand, and whether what stands there was said of this change.

use std::collections::HashMap;
use std::fmt;

use pricebook_model::Catalog;
use pricebook_model::catalog::Product;

use crate::changes::Subject;

/// A rule's reason at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Acceptance {
    /// It was written with the change.
    Given(String),
    /// It stood there before, for another change.
    Spent(String),
    /// It holds no word, only something like `…`.
    Wordless,
}

/// Something that may say `accept:`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Kind, product and key.
    Price(String, String, String),
    /// Kind and id.
    Product(String, String),
    /// A line of `retired:`: what and id.
    Retired(String, String),
    Coupon(String),
    Group(String),
    Kind(String),
    Catalog,
}

/// A catalog whose products are found by kind and id.
pub(super) struct Side<'a> {
    pub(super) catalog: &'a Catalog,
    products: HashMap<(&'a str, &'a str), &'a Product>,
}

impl<'a> Side<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let products = catalog.products.iter().map(|product| ((&*product.kind, &*product.id), product));
        Self { catalog, products: products.collect() }
    }

    fn product(&self, kind: &str, id: &str) -> Option<&'a Product> {
        self.products.get(&(kind, id)).copied()
    }
}

/// The first reason for breaking a rule, from the subject outwards; one that is given counts before those that are not.
pub(super) fn acceptance(old: &Side<'_>, new: &Side<'_>, subject: &Subject, rule: &str) -> Option<(Place, Acceptance)> {
    let places = Place::of(subject);
    let said = places.iter().filter_map(|place| {
        let reason = reason(place.accepts(new), rule)?;
        // Moved from the price to the product, a reason is still the one that was given before.
        let is_new = places.iter().all(|place| place.is_new(old, new, rule, reason));
        let acceptance = match is_new {
            _ if !reason.contains(char::is_alphabetic) => Acceptance::Wordless,
            true => Acceptance::Given(reason.to_owned()),
            false => Acceptance::Spent(reason.to_owned()),
        };
        Some((place.clone(), acceptance))
    });
    let (given, others): (Vec<_>, Vec<_>) =
        said.partition(|(_, acceptance)| matches!(acceptance, Acceptance::Given(_)));
    given.into_iter().chain(others).next()
}

fn reason<'a>(accepts: &'a [(String, String)], rule: &str) -> Option<&'a str> {
    accepts.iter().find(|(accepted, _)| accepted == rule).map(|(_, reason)| reason.as_str())
}

/// What a reason says: spaces, punctuation and capitals make no other one of it.
fn words(reason: &str) -> String {
    reason.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Place {
    /// Everything in a catalog that says `accept:`.
    pub(super) fn all(side: &Side<'_>) -> Vec<Self> {
        let catalog = side.catalog;
        let products = catalog.products.iter().flat_map(|product| {
            let prices = product
                .prices
                .iter()
                .map(|price| Self::Price(product.kind.clone(), product.id.clone(), price.key.clone()));
            prices.chain([Self::Product(product.kind.clone(), product.id.clone())])
        });
        let retired = catalog.retired.iter().map(|line| Self::Retired(line.what.clone(), line.id.clone()));
        let coupons = catalog.coupons.iter().map(|coupon| Self::Coupon(coupon.id.clone()));
        let groups = catalog.groups.iter().map(|group| Self::Group(group.id.clone()));
        let kinds = catalog.kinds.iter().map(|kind| Self::Kind(kind.id.clone()));
        let all = products.chain(retired).chain(coupons).chain(groups).chain(kinds).chain([Self::Catalog]);
        all.filter(|place| !place.accepts(side).is_empty()).collect()
    }

    /// Where a finding about this may be accepted, the nearest first.
    pub(super) fn of(subject: &Subject) -> Vec<Self> {
        let mut places = match subject {
            Subject::Price { kind, product, key, lookup_key, .. } => vec![
                Self::Price(kind.clone(), product.clone(), key.clone()),
                Self::Retired("price".to_owned(), lookup_key.clone()),
                Self::Product(kind.clone(), product.clone()),
                Self::Kind(kind.clone()),
            ],
            Subject::Product { kind, id, .. } => vec![
                Self::Product(kind.clone(), id.clone()),
                Self::Retired(kind.clone(), id.clone()),
                Self::Kind(kind.clone()),
            ],
            Subject::Entry { section, id, .. } => match section.as_str() {
                "coupon" => vec![Self::Coupon(id.clone()), Self::Retired(section.clone(), id.clone())],
                "group" => vec![Self::Group(id.clone())],
                "kind" => vec![Self::Kind(id.clone())],
                _ => vec![Self::Retired(section.clone(), id.clone())],
            },
            Subject::Table { .. } | Subject::Catalog => Vec::new(),
        };
        places.push(Self::Catalog);
        places
    }

    /// What is accepted here.
    pub(super) fn accepts<'a>(&self, side: &Side<'a>) -> &'a [(String, String)] {
        let catalog = side.catalog;
        let accepts = match self {
            Self::Price(kind, id, key) => side
                .product(kind, id)
                .and_then(|product| product.prices.iter().find(|price| price.key == *key))
                .map(|price| &price.accepts),
            Self::Product(kind, id) => side.product(kind, id).map(|product| &product.accepts),
            Self::Retired(what, id) => {
                let line = catalog.retired.iter().find(|line| line.what == *what && line.id == *id);
                line.map(|line| &line.accepts)
            }
            Self::Coupon(id) => catalog.coupons.iter().find(|coupon| coupon.id == *id).map(|coupon| &coupon.accepts),
            Self::Group(id) => catalog.groups.iter().find(|group| group.id == *id).map(|group| &group.accepts),
            Self::Kind(id) => catalog.kind(id).map(|kind| &kind.accepts),
            Self::Catalog => Some(&catalog.accepts),
        };
        accepts.map_or(&[], Vec::as_slice)
    }

    /// Whether a reason did not stand at this place before, under whatever id.
    pub(super) fn is_new(&self, old: &Side<'_>, new: &Side<'_>, rule: &str, said: &str) -> bool {
        reason(self.before(old, new).accepts(old), rule).is_none_or(|before| words(before) != words(said))
    }

    /// The same place under the ids of the old catalog.
    fn before(&self, old: &Side<'_>, new: &Side<'_>) -> Self {
        let former = |kind: &str, id: &str| match (old.product(kind, id), new.product(kind, id)) {
            (None, Some(Product { was: Some(was), .. })) => was.clone(),
            _ => id.to_owned(),
        };
        match self {
            Self::Price(kind, id, key) => Self::Price(kind.clone(), former(kind, id), key.clone()),
            Self::Product(kind, id) => Self::Product(kind.clone(), former(kind, id)),
            other => other.clone(),
        }
    }

    /// What a finding about it is about.
    pub(super) fn subject(&self, side: &Side<'_>) -> Subject {
        let entry = |section: &str, id: &str| Subject::Entry {
            section: section.to_owned(),
            id: id.to_owned(),
            name: id.to_owned(),
        };
        match self {
            Self::Price(kind, id, key) => side
                .product(kind, id)
                .and_then(|product| {
                    let price = product.prices.iter().find(|price| price.key == *key)?;
                    Some(Subject::price(product, price))
                })
                .unwrap_or(Subject::Catalog),
            Self::Product(kind, id) => side.product(kind, id).map_or(Subject::Catalog, Subject::product),
            Self::Retired(what, id) => entry(what, id),
            Self::Coupon(id) => entry("coupon", id),
            Self::Group(id) => entry("group", id),
            Self::Kind(id) => entry("kind", id),
            Self::Catalog => Subject::Catalog,
        }
    }
}

impl fmt::Display for Place {
    /// As it is found in the YAML: `plan/starter/monthly`, `retired: plan/legacy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Price(kind, product, key) => write!(f, "{kind}/{product}/{key}"),
            Self::Product(kind, id) => write!(f, "{kind}/{id}"),
            Self::Retired(what, id) => write!(f, "retired: {what}/{id}"),
            Self::Coupon(id) => write!(f, "coupon/{id}"),
            Self::Group(id) => write!(f, "group/{id}"),
            Self::Kind(id) => write!(f, "kind/{id}"),
            Self::Catalog => f.write_str("catalog:"),
        }
    }
}
