//! Recording: what a catalog sells, as the lock remembers it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::catalog::{Catalog, CurrencyAmount, Price};
use crate::former;
use crate::lock::{Lock, LockedItem, Schema};
use crate::schema::Column;

impl Lock {
    /// The lock after everything that `catalog` sells and retires is recorded in it. Nothing is ever forgotten.
    #[must_use]
    pub fn recorded(&self, catalog: &Catalog) -> Self {
        let known = self.items.iter().map(|item| (key(item), item.clone()));
        let mut items: BTreeMap<(String, String), LockedItem> = known.collect();
        let sold = sold(catalog);
        let declared: HashSet<(String, String)> = sold.iter().map(key).collect();
        for (key, item) in &mut items {
            // What is declared no more was renamed or retired, or its product was: no rule lets it vanish otherwise.
            item.retired = !declared.contains(key);
        }
        for renamed in former::declared(catalog).into_iter().chain(former::meters(catalog, &self.items)) {
            if let Some(item) = items.get_mut(&(renamed.what, renamed.from)) {
                item.renamed_to = renamed.to;
            }
        }
        for now in sold {
            let item = items.entry(key(&now)).or_insert_with(|| LockedItem { amounts: Vec::new(), ..now.clone() });
            item.of = now.of;
            item.keys.extend(now.keys.into_iter().filter(|key| !item.keys.contains(key)).collect::<Vec<_>>());
            item.amounts.extend(
                now.amounts.into_iter().filter(|amount| item.amounts.last() != Some(amount)).collect::<Vec<_>>(),
            );
        }
        let mut schema = self.schema.clone();
        for key in keys(catalog) {
            if let Some(column) = key.locked_in(&mut schema) {
                column.from = Some(key.from);
            }
        }
        Self { version: 1, schema, items: items.into_values().collect(), ..self.clone() }
    }

    /// What recording `catalog` would write of the keys of kinds' tables: a lock of before does not say what they are.
    pub fn unrecorded_keys(&self, catalog: &Catalog) -> Vec<KeySource> {
        let mut schema = self.schema.clone();
        let differs = |key: &KeySource| {
            let locked = key.locked_in(&mut schema);
            locked.is_some_and(|column| column.from.as_ref() != Some(&key.from))
        };
        keys(catalog).filter(differs).collect()
    }

    /// What recording `catalog` would write: items that are new, sold at another amount, renamed, retired or sold again.
    pub fn unrecorded(&self, catalog: &Catalog) -> Vec<LockedItem> {
        let known: HashMap<(String, String), &LockedItem> = self.items.iter().map(|item| (key(item), item)).collect();
        let items = self.recorded(catalog).items.into_iter();
        items.filter(|item| known.get(&key(item)).is_none_or(|known| *known != item)).collect()
    }

    /// What is sold and unknown here, as `plan/starter`: it could vanish from the catalog without a word.
    pub fn never_recorded(&self, catalog: &Catalog) -> Vec<String> {
        let known: HashSet<(String, String)> = self.items.iter().map(key).collect();
        let new = sold(catalog).into_iter().filter(|item| !known.contains(&key(item)));
        new.map(|item| format!("{}/{}", item.what, item.id)).collect()
    }
}

/// What the values of a column of a kind's key are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeySource {
    /// The kind's table.
    pub table: String,
    /// A column of its key.
    pub column: String,
    /// What of a product, as `from:` says it: `id`, `attribute.code`.
    pub from: String,
}

impl KeySource {
    /// The column as it was last migrated.
    fn locked_in<'s>(&self, schema: &'s mut Schema) -> Option<&'s mut Column> {
        let table = schema.tables.iter_mut().find(|table| table.name == self.table)?;
        table.columns.iter_mut().find(|column| column.name == self.column)
    }
}

fn keys(catalog: &Catalog) -> impl Iterator<Item = KeySource> + '_ {
    catalog.own_tables().flat_map(|table| {
        table.columns.iter().filter_map(|column| {
            let from = column.from.clone()?;
            Some(KeySource { table: table.name.clone(), column: column.name.clone(), from })
        })
    })
}

pub(crate) fn key(item: &LockedItem) -> (String, String) {
    (item.what.clone(), item.id.clone())
}

pub(crate) fn sold(catalog: &Catalog) -> Vec<LockedItem> {
    let item = |what: &str, id: &str, of: &str, amounts| LockedItem {
        what: what.to_owned(),
        id: id.to_owned(),
        of: of.to_owned(),
        amounts,
        keys: Vec::new(),
        retired: false,
        renamed_to: String::new(),
    };
    let mut items = Vec::new();
    let mut keys: HashMap<_, _> =
        catalog.row_keys().map(|(product, key)| ((product.kind.as_str(), product.id.as_str()), key)).collect();
    for product in &catalog.products {
        let keys = keys.remove(&(product.kind.as_str(), product.id.as_str())).into_iter().collect();
        items.push(LockedItem { keys, ..item(&product.kind, &product.id, &product.name, Vec::new()) });
        let of = format!("{}/{}", product.kind, product.id);
        items.extend(product.prices.iter().map(|price| item("price", &price.lookup_key, &of, vec![amounts(price)])));
    }
    items.extend(catalog.features.iter().map(|feature| item("feature", &feature.id, "", Vec::new())));
    items.extend(catalog.coupons.iter().map(|coupon| item("coupon", &coupon.id, "", Vec::new())));
    items.extend(catalog.meters.iter().map(|meter| item("meter", &meter.id, &meter.event_name, Vec::new())));
    items
}

/// `2900 usd, 2700 eur`; a tiered price as `0@10000 0.2@inf usd`, a tier's flat amount behind a `+`; one that customers choose as
/// `500..2000..50000 usd`: the least, the preset, the most.
pub(crate) fn amounts(price: &Price) -> String {
    price.amounts.iter().map(amount).collect::<Vec<_>>().join(", ")
}

fn amount(amount: &CurrencyAmount) -> String {
    let mut words: Vec<String> = amount.unit_amount.iter().map(|minor| minor.normalize().to_string()).collect();
    words.extend(amount.tiers.iter().map(|tier| {
        let unit = tier.unit_amount.map_or(String::new(), |minor| minor.normalize().to_string());
        let flat = tier.flat_amount.map_or(String::new(), |minor| format!("+{}", minor.normalize()));
        let up_to = tier.up_to.map_or_else(|| "inf".to_owned(), |last| last.to_string());
        format!("{unit}{flat}@{up_to}")
    }));
    words.extend(amount.custom.iter().map(|custom| {
        let [minimum, preset, maximum] = [custom.minimum, custom.preset, custom.maximum]
            .map(|minor| minor.map_or(String::new(), |minor| minor.to_string()));
        format!("{minimum}..{preset}..{maximum}")
    }));
    words.push(amount.currency.code().to_owned());
    words.join(" ")
}
