//! Entitlement features of a Stripe account, and the products that grant them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::gather::Objects;
use super::objects::Reference;
use crate::import::draft::{Entry, slug, unique};
use crate::import::note::Note;
use crate::import::yaml::Yaml;

#[derive(Deserialize)]
pub(super) struct FeatureObject {
    id: String,
    name: String,
    lookup_key: String,
    #[serde(default = "yes")]
    active: bool,
}

/// A line of `/v1/products/<product>/features`.
#[derive(Deserialize)]
pub(super) struct GrantObject {
    id: String,
    entitlement_feature: Reference,
    /// The Stripe id of the product, which the line does not say but its list's address.
    #[serde(default)]
    product: Option<String>,
}

fn yes() -> bool {
    true
}

impl GrantObject {
    pub(super) fn of(self, product: Option<&str>) -> Self {
        Self { product: self.product.or_else(|| product.map(str::to_owned)), ..self }
    }
}

/// What was found of features.
#[derive(Default)]
pub(super) struct Entitlements {
    /// `features:`.
    pub(super) features: Vec<Entry>,
    /// The ids of the features that a product grants, by its Stripe id.
    pub(super) grants: BTreeMap<String, Vec<String>>,
}

/// The features, and what grants them.
pub(super) fn take(objects: &Objects, notes: &mut Vec<Note>) -> Entitlements {
    let mut taken = Entitlements::default();
    let (mut ids, mut by_stripe) = (BTreeSet::new(), BTreeMap::new());
    for feature in &objects.features {
        if !feature.active {
            notes.push(Note::new(&feature.id, "feature", "it is archived"));
            continue;
        }
        let id = unique(slug(&feature.lookup_key).unwrap_or_else(|| "feature".to_owned()), &mut ids);
        if id != feature.lookup_key {
            let why =
                format!("an id is in snake case: `{}` becomes `{id}`, a new feature in Stripe", feature.lookup_key);
            notes.push(Note::new(&feature.id, "lookup_key", why));
        }
        // Stripe knows no quantities: what it has is granted or not.
        let body = Yaml::map([("name", Some(Yaml::text(&*feature.name))), ("type", Some(Yaml::plain("switch")))]);
        taken.features.push(Entry { id: id.clone(), place: feature.id.clone(), body, prices: None });
        by_stripe.insert(feature.id.as_str(), id);
    }
    for grant in &objects.grants {
        let left_out = |why: &str| Note::left_out(&grant.id, "product_feature", why);
        match (&grant.product, by_stripe.get(grant.entitlement_feature.id())) {
            (Some(product), Some(feature)) => {
                taken.grants.entry(product.clone()).or_default().push(feature.clone());
            }
            (None, _) => notes.push(left_out("its product is not known; give the whole list, whose `url` names it")),
            (_, None) => notes.push(left_out("its feature is not among the active entitlement features")),
        }
    }
    taken
}
