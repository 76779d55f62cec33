//! What a catalog sold before: under another id, or not any more.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, FormerKey, Renamed, Retired};
use crate::lock::{Lock, LockedItem};
use crate::record::{key, sold};

/// Adds to a catalog what its declarations and the lock say of former ids, and what only the lock remembers as sold.
pub fn remember(catalog: &mut Catalog, lock: Option<&Lock>) {
    catalog.former_keys = lock.map(|lock| former_keys(catalog, &lock.items)).unwrap_or_default();
    let mut declared = declared(catalog);
    declared.extend(lock.iter().flat_map(|lock| meters(catalog, &lock.items)));
    if lock.is_none() && declared.is_empty() {
        return;
    }
    let sold: HashSet<(String, String)> = sold(catalog).iter().map(key).collect();
    let items = || lock.into_iter().flat_map(|lock| &lock.items);
    let recorded = items().filter(|item| !item.renamed_to.is_empty());
    let recorded = recorded.map(|item| ((item.what.as_str(), item.renamed_to.as_str()), item.id.as_str()));
    let known: HashSet<(&str, &str)> = items().map(|item| (item.what.as_str(), item.id.as_str())).collect();
    let mut former: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for (of, from) in declared.iter().map(|one| ((&*one.what, &*one.to), &*one.from)).chain(recorded) {
        // A pattern gives a lookup key under the former id for prices too that did not exist then.
        if lock.is_none() || known.contains(&(of.0, from)) {
            former.entry(of).or_default().push(from);
        }
    }
    let mut renamed = Vec::new();
    let mut ends: Vec<(&str, &str)> = former.keys().copied().filter(|(what, id)| is_in(&sold, what, id)).collect();
    ends.sort_unstable();
    for (what, to) in ends {
        let mut seen = HashSet::new();
        let mut next: Vec<&str> = vec![to];
        while let Some(id) = next.pop() {
            // An id that is sold, or seen before, is a slip that a rule reports, or an edit of the lock by hand.
            let before = former.get(&(what, id)).into_iter().flatten().rev();
            next.extend(before.filter(|from| !is_in(&sold, what, from) && seen.insert(**from)));
            if id != to {
                renamed.push(Renamed { what: what.to_owned(), from: id.to_owned(), to: to.to_owned() });
            }
        }
    }
    let is_renamed: HashSet<(&str, &str)> = renamed.iter().map(|one| (&*one.what, &*one.from)).collect();
    let gone = items().filter(|item| !sold.contains(&key(item)) && !is_renamed.contains(&(&*item.what, &*item.id)));
    let event = |item: &LockedItem| (item.what == "meter").then(|| item.of.clone());
    let retired = |item: &LockedItem| Retired {
        what: item.what.clone(),
        id: item.id.clone(),
        of: (item.what == "price").then(|| item.of.clone()),
        event_name: event(item),
        accepts: Vec::new(),
    };
    catalog.formerly_sold = gone.map(retired).collect();
    for line in catalog.retired.iter_mut().filter(|line| line.what == "meter") {
        line.event_name = items().find(|item| item.what == "meter" && item.id == line.id).and_then(event);
    }
    let owners: HashMap<&str, &str> =
        items().filter(|item| item.what == "price").map(|item| (&*item.id, &*item.of)).collect();
    for line in catalog.retired.iter_mut().filter(|line| line.what == "price") {
        line.of = owners.get(line.id.as_str()).map(|of| (*of).to_owned());
    }
    catalog.renamed = renamed;
}

/// The keys of rows that were sold and that no product has now: its name changed, or it is sold no more.
fn former_keys(catalog: &Catalog, items: &[LockedItem]) -> Vec<FormerKey> {
    // What a product has now is not taken from it, nor is a key told twice that two products had.
    let mut seen: HashSet<(&str, String)> =
        catalog.row_keys().map(|(product, value)| (product.kind.as_str(), value)).collect();
    let mut former = Vec::new();
    for (item, value) in items.iter().flat_map(|item| item.keys.iter().map(move |value| (item, value))) {
        if seen.insert((&item.what, value.clone())) {
            former.push(FormerKey { kind: item.what.clone(), id: item.id.clone(), value: value.clone() });
        }
    }
    former
}

fn is_in(sold: &HashSet<(String, String)>, what: &str, id: &str) -> bool {
    sold.contains(&(what.to_owned(), id.to_owned()))
}

/// Every `was:`, and the lookup keys that go with a product's former id.
pub(crate) fn declared(catalog: &Catalog) -> Vec<Renamed> {
    let renamed = |what: &str, from: &Option<String>, to: &str| {
        let from = from.as_ref().filter(|from| *from != to)?.clone();
        Some(Renamed { what: what.to_owned(), from, to: to.to_owned() })
    };
    let products = catalog.products.iter().flat_map(|product| {
        let prices = product.prices.iter().filter_map(|price| renamed("price", &price.was, &price.lookup_key));
        renamed(&product.kind, &product.was, &product.id).into_iter().chain(prices)
    });
    let features = catalog.features.iter().filter_map(|feature| renamed("feature", &feature.was, &feature.id));
    products.chain(features).collect()
}

/// Meters that have another id and listen to what they did: an id is a name within the catalog only.
pub(crate) fn meters(catalog: &Catalog, recorded: &[LockedItem]) -> Vec<Renamed> {
    let is_declared = |id: &str| catalog.meters.iter().any(|meter| meter.id == id);
    let gone = recorded.iter().filter(|item| item.what == "meter" && !is_declared(&item.id));
    let renamed = gone.filter_map(|item| {
        let now = catalog.meters.iter().find(|meter| meter.event_name == item.of)?;
        Some(Renamed { what: "meter".to_owned(), from: item.id.clone(), to: now.id.clone() })
    });
    renamed.collect()
}
