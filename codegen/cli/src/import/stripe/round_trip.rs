//! Compares what the imported catalog makes with what the account has: every field that differs is a note.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_emit::stripe::desired;
use pricebook_model::Catalog;
use pricebook_types::stripe::{Desired, PriceParams, owned};
use serde::Serialize;
use serde_json::{Map, Value};

use super::prices::KeyedPrice;
use super::products::Taken;
use crate::import::note::Note;

pub(super) fn differences(taken: &[Taken], catalog: &Catalog) -> Vec<Note> {
    let desired = desired(catalog);
    let mut notes = Vec::new();
    for product in taken {
        let Some(made) = desired.products.iter().find(|made| made.local_id == product.local_id) else { continue };
        compare(&product.place, &product.params, &made.params, &mut notes);
        for price in &product.prices {
            let account = with_catalog_meter(price);
            match price_params(&desired, &product.local_id, &price.key) {
                Some(made) => compare(&price.place, &account, &made, &mut notes),
                None => notes.push(Note::left_out(&price.place, "price", "the catalog does not make it")),
            }
        }
    }
    notes
}

/// Archived prices of products that are sold, by their Stripe ids, which are not what the catalog last wrote: it has retired them.
pub(super) fn sold_no_more(taken: &[Taken], catalog: &Catalog) -> BTreeSet<String> {
    let desired = desired(catalog);
    let mut gone = BTreeSet::new();
    for product in taken.iter().filter(|product| product.is_ours && product.params.active) {
        for price in product.prices.iter().filter(|price| !price.params.active) {
            let made = price_params(&desired, &product.local_id, &price.key);
            let hash = made.as_ref().and_then(|made| made.metadata.get(owned::HASH)).map(|hash| &**hash);
            if hash != price.hash.as_deref() {
                gone.insert(price.place.clone());
            }
        }
    }
    gone
}

/// The meter by the catalog's id, for the ids that Stripe gives differ between accounts.
fn with_catalog_meter(price: &KeyedPrice) -> PriceParams<'static> {
    let mut params = price.params.clone();
    if let Some(recurring) = &mut params.recurring {
        recurring.meter = price.meter.clone().map(Into::into);
    }
    params
}

fn price_params<'a>(desired: &Desired<'a>, product: &str, key: &str) -> Option<PriceParams<'a>> {
    let price = desired
        .prices
        .iter()
        .filter(|price| price.product == product)
        .find(|price| price.params.metadata.get(owned::PRICE).is_some_and(|made| made == key))?;
    let mut params = price.params.clone();
    if let Some(recurring) = &mut params.recurring {
        recurring.meter = price.meter.clone();
    }
    Some(params)
}

fn compare(place: &str, account: &impl Serialize, catalog: &impl Serialize, notes: &mut Vec<Note>) {
    let (account, catalog) = (fields(account), fields(catalog));
    let names: BTreeSet<_> = account.keys().chain(catalog.keys()).collect();
    for name in names {
        values(place, name, account.get(name), catalog.get(name), notes);
    }
}

/// Where both have an object, what differs in it; of currencies also where one has none.
fn values(place: &str, name: &str, has: Option<&Value>, makes: Option<&Value>, notes: &mut Vec<Note>) {
    if has == makes {
        return;
    }
    let none = Value::Object(Map::new());
    let (has, makes) = match name {
        "currency_options" => (has.or(Some(&none)), makes.or(Some(&none))),
        _ => (has, makes),
    };
    if let (Some(Value::Object(has)), Some(Value::Object(makes))) = (has, makes) {
        let keys: BTreeSet<_> = has.keys().chain(makes.keys()).collect();
        keys.into_iter().for_each(|key| values(place, &format!("{name}.{key}"), has.get(key), makes.get(key), notes));
        return;
    }
    // A price of an archived product is sold no more, whatever it says itself.
    let is_lost = name != "active" && has.is_some_and(is_said);
    let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    let why = format!("the account has {}, the catalog makes {} of it", shown(has), shown(makes));
    notes.push(Note { left_out: is_lost, ..Note::new(place, name, why) });
}

/// Whether somebody set the value.
fn is_said(value: &Value) -> bool {
    !value.is_null() && *value != "" && value.as_object().is_none_or(|fields| !fields.is_empty())
}

/// The fields of some parameters, without the metadata that marks an object as ours.
fn fields(params: &impl Serialize) -> BTreeMap<String, Value> {
    let Ok(Value::Object(fields)) = serde_json::to_value(params) else { return BTreeMap::new() };
    fields
        .into_iter()
        .map(|(name, mut value)| {
            if let (true, Value::Object(metadata)) = (name == "metadata", &mut value) {
                metadata.retain(|key, _| !key.starts_with("pricebook_"));
            }
            (name, value)
        })
        .collect()
}
