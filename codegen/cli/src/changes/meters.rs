//! Meters by what they listen to: Stripe knows a meter by its event's name, and its id is a name within the catalog only.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Meter, Price};

use super::{Change, Subject, What};

/// Meters that have another id and listen to what they did.
pub(super) fn renamed(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    for before in &old.meters {
        if let Some(now) = same(before, new).filter(|now| now.id != before.id) {
            let subject = Subject::Entry { section: "meter".to_owned(), id: now.id.clone(), name: now.name.clone() };
            changes.push(Change { subject, what: What::Renamed { from: before.id.clone() } });
        }
    }
}

/// The meters of `old` with their ids in `new`; those first that are still there, for the id of one that is gone may be
/// another's now.
pub(super) fn of_today(old: &Catalog, new: &Catalog) -> Vec<Meter> {
    let (kept, gone): (Vec<&Meter>, Vec<&Meter>) = old.meters.iter().partition(|meter| same(meter, new).is_some());
    let kept = kept.into_iter().map(|meter| Meter { id: today(old, new, &meter.id).to_owned(), ..meter.clone() });
    kept.chain(gone.into_iter().cloned()).collect()
}

/// A price of `old` on the meter as `new` calls it.
pub(super) fn price_of_today<'a>(old: &Catalog, new: &Catalog, price: &'a Price) -> Cow<'a, Price> {
    match &price.meter {
        Some(id) if today(old, new, id) != id => {
            Cow::Owned(Price { meter: Some(today(old, new, id).to_owned()), ..price.clone() })
        }
        _ => Cow::Borrowed(price),
    }
}

fn today<'a>(old: &Catalog, new: &'a Catalog, id: &'a str) -> &'a str {
    let before = old.meters.iter().find(|meter| meter.id == id);
    before.and_then(|before| same(before, new)).map_or(id, |now| &now.id)
}

fn same<'a>(meter: &Meter, new: &'a Catalog) -> Option<&'a Meter> {
    new.meters.iter().find(|now| now.event_name == meter.event_name)
}
