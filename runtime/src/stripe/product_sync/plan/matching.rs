//! Which object of Stripe stands for which product of the catalog: told by metadata, and after a rename by lookup keys.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use pricebook_types::stripe::{self, Desired, owned};

use super::{Adoption, adoption};
use crate::stripe::product_sync::actual::{Actual, Owned, Price, Product};
use crate::stripe::product_sync::desired::{reference, text};

/// The products of Stripe by the local ids of the catalog, and an index of prices.
#[derive(Debug)]
pub(super) struct Matching<'a> {
    catalog: &'a str,
    /// Ids in Stripe.
    adopted: HashSet<&'a str>,
    products: HashMap<&'a str, &'a Product>,
    /// Owned by the same local id, and not chosen.
    pub(super) spare: Vec<(&'a str, &'a Product)>,
    by_lookup_key: HashMap<&'a str, &'a Price>,
    by_product: HashMap<&'a str, Vec<&'a Price>>,
    /// By `kind/id` and the key within the product, which metadata have.
    by_identity: HashMap<(&'a str, &'a str), Vec<&'a Price>>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(desired: &'a Desired<'_>, actual: &'a Actual, adoption: Option<&'a Adoption>) -> Self {
        let mut matching = Self {
            catalog: &desired.meta.catalog,
            adopted: HashSet::new(),
            products: HashMap::new(),
            spare: Vec::new(),
            by_lookup_key: HashMap::new(),
            by_product: HashMap::new(),
            by_identity: HashMap::new(),
        };
        for price in &actual.prices {
            if let Some(key) = &price.lookup_key {
                matching.by_lookup_key.insert(key, price);
            }
            matching.by_product.entry(&price.product).or_default().push(price);
            let identity = (price.mark(owned::PRODUCT), price.mark(owned::PRICE));
            if price.is_of(matching.catalog) && !identity.1.is_empty() {
                matching.by_identity.entry(identity).or_default().push(price);
            }
        }
        matching.by_local_id(desired, actual);
        let pairs = adoption.map(|adoption| adoption::pairs(adoption, desired, actual, &matching.products));
        matching.adopt(&pairs.unwrap_or_default(), actual);
        matching.by_former_names(desired, actual);
        matching
    }

    fn by_local_id(&mut self, desired: &'a Desired<'_>, actual: &'a Actual) {
        let mut candidates: HashMap<&str, Vec<&Product>> = HashMap::new();
        for product in actual.products.iter().filter(|product| product.is_of(self.catalog)) {
            candidates.entry(product.mark(owned::ID)).or_default().push(product);
        }
        let mut lookup_keys: HashMap<&str, HashSet<&str>> = HashMap::new();
        for price in &desired.prices {
            lookup_keys.entry(&price.product).or_default().insert(&price.params.lookup_key);
        }
        for product in &desired.products {
            let Some(candidates) = candidates.get(&*product.local_id) else { continue };
            let keys = lookup_keys.get(&*product.local_id);
            let has_prices = |candidate: &Product| {
                let prices = self.of(&candidate.id).iter();
                prices
                    .filter(|price| keys.zip(price.lookup_key.as_deref()).is_some_and(|(keys, key)| keys.contains(key)))
                    .count()
            };
            // Who holds the prices, then who is sold, then who was there first.
            let rank = |candidate: &&Product| {
                (has_prices(candidate), candidate.active, Reverse(candidate.created), Reverse(candidate.id.clone()))
            };
            let Some(chosen) = candidates.iter().copied().max_by_key(rank) else { continue };
            self.products.insert(&product.local_id, chosen);
            let others = candidates.iter().filter(|candidate| candidate.id != chosen.id);
            self.spare.extend(others.map(|other| (&*product.local_id, *other)));
        }
    }

    fn adopt(&mut self, pairs: &[(&'a str, &'a str)], actual: &'a Actual) {
        let products: HashMap<&str, &Product> = match pairs {
            [] => return,
            _ => actual.products.iter().map(|product| (product.id.as_str(), product)).collect(),
        };
        for &(local_id, id) in pairs {
            self.adopted.insert(id);
            if let Some(product) = products.get(id) {
                self.products.insert(local_id, product);
            }
        }
    }

    fn by_former_names(&mut self, desired: &'a Desired<'_>, actual: &'a Actual) {
        let mut taken: HashSet<&str> = self.products.values().map(|product| product.id.as_str()).collect();
        let renamed = desired.products.iter().filter(|product| !product.was.is_empty());
        for product in renamed {
            if self.products.contains_key(&*product.local_id) {
                continue;
            }
            let prices = desired.prices.iter().filter(|price| price.product == product.local_id);
            let by_price = prices.flat_map(|price| &price.was).find_map(|key| {
                let price = self.by_lookup_key.get(&**key).filter(|price| price.is_of(self.catalog))?;
                actual.products.iter().find(|known| known.id == price.product && known.is_of(self.catalog))
            });
            let by_reference = || {
                let mut known = actual.products.iter().filter(|known| {
                    let was = known.mark(owned::PRODUCT);
                    known.is_of(self.catalog) && product.was.iter().any(|former| former == was)
                });
                known.next().filter(|_| known.next().is_none())
            };
            let found = by_price.or_else(by_reference).filter(|found| !taken.contains(found.id.as_str()));
            if let Some(found) = found {
                taken.insert(&found.id);
                self.products.insert(&product.local_id, found);
            }
        }
    }

    /// The Stripe product of a local id.
    pub(super) fn product(&self, local_id: &str) -> Option<&'a Product> {
        self.products.get(local_id).copied()
    }

    /// The local ids with their products.
    pub(super) fn products(&self) -> impl Iterator<Item = (&'a str, &'a Product)> {
        self.products.iter().map(|(local_id, product)| (*local_id, *product))
    }

    /// The prices of a Stripe product.
    pub(super) fn of(&self, product: &str) -> &[&'a Price] {
        self.by_product.get(product).map_or(&[], Vec::as_slice)
    }

    /// The price that has a lookup key.
    pub(super) fn holder(&self, lookup_key: &str) -> Option<&'a Price> {
        self.by_lookup_key.get(lookup_key).copied()
    }

    /// Whether a price is the catalog's, or to be taken over with its product.
    pub(super) fn is_ours(&self, price: &Price) -> bool {
        price.is_of(self.catalog) || self.is_adopted(price)
    }

    /// Whether a price is to be taken over with its product.
    pub(super) fn is_adopted(&self, price: &Price) -> bool {
        self.adopts(&price.product)
    }

    /// Whether an object is to be taken over.
    pub(super) fn adopts(&self, id: &str) -> bool {
        self.adopted.contains(id)
    }

    /// Every price of ours that is, or was, this one of the catalog, the newest first.
    pub(super) fn candidates(&self, wanted: &stripe::Price<'_>, product: &stripe::Product<'_>) -> Vec<&'a Price> {
        let keys = std::iter::once(&wanted.params.lookup_key).chain(&wanted.was);
        let by_key = keys.filter_map(|key| self.holder(key));
        let key = text(&wanted.params.metadata, owned::PRICE);
        let references = std::iter::once(reference(product)).chain(product.was.iter().map(|was| &**was));
        let by_identity = references.flat_map(|of| self.by_identity.get(&(of, key)).into_iter().flatten().copied());
        let mut found: Vec<_> = by_key.chain(by_identity).filter(|price| self.is_ours(price)).collect();
        found.sort_by_key(|price| (Reverse(price.created), price.id.as_str()));
        found.dedup_by_key(|price| price.id.as_str());
        found
    }
}
