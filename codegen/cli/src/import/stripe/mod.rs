//! Products and prices of a Stripe account, with all that belongs to them, saved as JSON.

mod discounts;
mod entitlements;
mod entries;
mod families;
mod gather;
mod objects;
mod patterns;
mod price_object;
mod prices;
mod products;
mod read;
mod round_trip;

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::Imported;
use super::note::{Failure, Note};
use super::{Input, Options};
use gather::Objects;

/// Imports the objects of all files.
pub(super) fn import(inputs: &[Input], options: &Options) -> Result<Imported, Failure> {
    let mut objects = Objects::default();
    for input in inputs {
        let value: Value = serde_json::from_str(&input.text).map_err(|cause| {
            let place = format!("{}:{}:{}", input.name, cause.line(), cause.column());
            let alone = if input.is_json() { "" } else { "; a module such as `services.config.ts` is imported alone" };
            Failure::Source(vec![Note::new(place, "JSON", format!("{cause}{alone}"))])
        })?;
        objects.gather(&input.name, value);
    }
    let names: Vec<_> = inputs.iter().map(|input| input.name.as_str()).collect();
    objects.finish(&names.join(", "));
    if !objects.foreign.is_empty() {
        return Err(Failure::Source(objects.foreign));
    }
    if !objects.contradictions.is_empty() {
        return Err(Failure::Source(objects.contradictions));
    }
    if objects.products.is_empty() {
        let mut notes = objects.notes;
        if !objects.refused {
            notes.push(Note::new(names.join(", "), "products", "no Stripe product was found"));
        }
        return Err(Failure::Source(notes));
    }
    let origin = inputs.iter().map(|input| input.file_name()).collect::<Vec<_>>().join(", ");
    objects.products.sort_by_key(|product| product.created);
    objects.prices.sort_by_key(|price| price.created);
    let take = |gone: &BTreeSet<String>| {
        let (draft, taken, notes) = products::take(&objects, options, &origin, gone);
        draft.compile(notes).map(|imported| (imported, taken))
    };
    let (mut imported, mut taken) = take(&BTreeSet::new())?;
    let gone = round_trip::sold_no_more(&taken, &imported.catalog);
    if !gone.is_empty() {
        (imported, taken) = take(&gone)?;
    }
    let mut differences = round_trip::differences(&taken, &imported.catalog);
    // What was left out was said with the reason.
    let said = |found: &Note| {
        let is_part =
            |of: &str| found.what.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        imported.notes.iter().any(|note| note.left_out && note.place == found.place && is_part(&note.what))
    };
    differences.retain(|found| !said(found));
    imported.notes.extend(differences);
    Ok(imported)
}
