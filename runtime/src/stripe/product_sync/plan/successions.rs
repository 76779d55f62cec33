//! Which price has taken the place of which: what subscriptions may be moved from, and to.

use std::collections::HashSet;

use pricebook_types::stripe::Desired;

use super::{Known, Options, Planning, prices};
use crate::stripe::product_sync::actual::{Actual, Price};

/// Mappings of earlier syncs, which nothing here depends on.
static NONE: Known = Known::new();

/// A price of the catalog with the objects that were it before.
#[derive(Debug)]
pub(in crate::stripe::product_sync) struct Succession<'a> {
    /// Of the catalog.
    pub(in crate::stripe::product_sync) lookup_key: &'a str,
    /// What is sold now; none where the account does not have it as the catalog says.
    pub(in crate::stripe::product_sync) now: Option<&'a Price>,
    /// What was sold before, in the catalog's own objects.
    pub(in crate::stripe::product_sync) before: Vec<&'a Price>,
}

/// The prices that are sold and had other objects before. One that the catalog grandfathers is no former one: who has it is
/// to keep it.
pub(in crate::stripe::product_sync) fn successions<'a>(
    desired: &'a Desired<'a>,
    actual: &'a Actual,
    options: &'a Options,
) -> Vec<Succession<'a>> {
    let planning = Planning::new(desired, actual, &NONE, options);
    let mut found = Vec::new();
    for product in &desired.products {
        let Some(there) = planning.matching.product(&product.local_id) else { continue };
        let Ok(steps) = prices::plan(&planning, product, Some(there)) else { continue };
        let chosen: HashSet<&str> = steps.chosen.values().map(|price| price.id.as_str()).collect();
        for wanted in planning.prices_of(&product.local_id).iter().filter(|wanted| wanted.params.active) {
            let key = &*wanted.params.lookup_key;
            let candidates = planning.matching.candidates(wanted, product).into_iter();
            let before: Vec<_> = candidates.filter(|price| !chosen.contains(price.id.as_str())).collect();
            if !before.is_empty() {
                let is_sold = |price: &&Price| price.active && price.lookup_key.as_deref() == Some(key);
                found.push(Succession { lookup_key: key, now: steps.chosen.get(key).copied().filter(is_sold), before });
            }
        }
    }
    found
}
