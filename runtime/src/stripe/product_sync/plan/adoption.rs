//! Which objects that were made by hand become the catalog's.

use std::collections::{HashMap, HashSet};

use pricebook_types::stripe::{Desired, owned};

use crate::stripe::product_sync::actual::{Actual, Owned, Product};

/// What is taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// One object made by hand.
    One {
        /// What it is in the catalog: a product's local id, a feature's or coupon's id.
        local_id: String,
        /// What it is in Stripe.
        id: String,
    },
    /// Every object without an owner that something of the catalog could be: products by the lookup keys of their prices, else
    /// by their names, features by their lookup keys, coupons by their ids.
    All,
}

/// Ids of the catalog with ids of Stripe; `known` are the products that have an owner here.
pub(super) fn pairs<'a>(
    adoption: &'a Adoption,
    desired: &'a Desired<'_>,
    actual: &'a Actual,
    known: &HashMap<&'a str, &'a Product>,
) -> Vec<(&'a str, &'a str)> {
    if let Adoption::One { local_id, id } = adoption {
        return vec![(local_id, id)];
    }
    let features = desired.features.iter().filter_map(|feature| {
        let key = &*feature.params.lookup_key;
        let found = actual.features.iter().find(|there| there.lookup_key == key && is_nobodys(*there))?;
        Some((key, found.id.as_str()))
    });
    let coupons = desired.coupons.iter().filter_map(|coupon| {
        let id = &*coupon.params.id;
        actual.coupons.iter().find(|there| there.id == id && is_nobodys(*there)).map(|found| (id, found.id.as_str()))
    });
    products(desired, actual, known).into_iter().chain(features).chain(coupons).collect()
}

fn is_nobodys(object: &impl Owned) -> bool {
    object.mark(owned::CATALOG).is_empty()
}

fn products<'a>(
    desired: &'a Desired<'_>,
    actual: &'a Actual,
    known: &HashMap<&'a str, &'a Product>,
) -> Vec<(&'a str, &'a str)> {
    let nobodys: HashMap<&str, &Product> =
        actual.products.iter().filter(|there| is_nobodys(*there)).map(|there| (there.id.as_str(), there)).collect();
    let prices =
        actual.prices.iter().filter(|price| is_nobodys(*price) && nobodys.contains_key(price.product.as_str()));
    let by_key: HashMap<&str, &str> =
        prices.filter_map(|price| Some((price.lookup_key.as_deref()?, price.product.as_str()))).collect();
    let mut by_name: HashMap<&str, Vec<&str>> = HashMap::new();
    for there in actual.products.iter().filter(|there| is_nobodys(*there)) {
        let name = there.fields.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
        by_name.entry(name).or_default().push(&there.id);
    }
    let mut keys: HashMap<&str, HashSet<&str>> = HashMap::new();
    for price in &desired.prices {
        keys.entry(&price.product).or_default().extend(by_key.get(&*price.params.lookup_key));
    }
    let (mut pairs, mut taken) = (Vec::new(), HashSet::new());
    let open = || desired.products.iter().filter(|product| !known.contains_key(&*product.local_id));
    for product in open() {
        let holders = keys.get(&*product.local_id).into_iter().flatten().copied().collect::<Vec<_>>();
        if let [only] = holders.as_slice()
            && taken.insert(*only)
        {
            pairs.push((&*product.local_id, *only));
        }
    }
    let found: HashSet<&str> = pairs.iter().map(|(local_id, _)| *local_id).collect();
    for product in open().filter(|product| !found.contains(&*product.local_id)) {
        // Of several with one name, an archived one is not what is sold.
        let named = by_name.get(&*product.params.name).into_iter().flatten();
        let named: Vec<_> = named.filter(|id| nobodys[*id].active == product.params.active).collect();
        if let [only] = named.as_slice()
            && taken.insert(**only)
        {
            pairs.push((&*product.local_id, **only));
        }
    }
    pairs
}
