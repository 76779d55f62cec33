//! What has no typed comparison: values compared field by field as JSON.

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, Group};
use serde::Serialize;
use serde_json::{Map, Value};

use super::product::{is_retired, today};
use super::value::{self, text};
use super::{Change, Subject, What, attributes, free, meters, terms};

/// The catalog's own section.
pub(super) fn catalog(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    const LISTS: &[&str] = &[
        "environments",
        "kinds",
        "products",
        "features",
        "meters",
        "groups",
        "coupons",
        "retired",
        "formerly_sold",
        "former_keys",
        "renamed",
        "enums",
        "tables",
    ];
    differences(old, new, LISTS, |what| changes.push(Change { subject: Subject::Catalog, what }));
}

/// Everything else that has an id.
pub(super) fn lists(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    let mut list = |section: &str, old: Value, new: Value| entries((section, "id"), &[], old, new, changes);
    list("kind", kinds(old, new, new), kinds(new, old, new));
    list("group", json(&groups_of_today(old, new)), json(&new.groups));
    list("environment", environments(old), environments(new));
    let mut retirable = Vec::new();
    entries(("meter", "id"), &[], json(&meters::of_today(old, new)), json(&new.meters), &mut retirable);
    entries(("feature", "id"), &["was"], json(&old.features), features(new), &mut retirable);
    entries(("coupon", "id"), terms::TYPED, json(&old.coupons), json(&new.coupons), &mut retirable);
    for coupon in &new.coupons {
        let before = old.coupons.iter().find(|before| before.id == coupon.id);
        let before = before.map(|before| terms::of_today(new, before));
        let changes = before.map_or_else(Vec::new, |before| terms::changes((old, new), &before, coupon));
        let subject = Subject::Entry { section: "coupon".to_owned(), id: coupon.id.clone(), name: coupon.name.clone() };
        retirable.extend(changes.into_iter().map(|what| Change { subject: subject.clone(), what }));
    }
    for change in &mut retirable {
        if let (Subject::Entry { section, id, .. }, What::Removed { retired }) = (&change.subject, &mut change.what) {
            *retired = is_retired(new, section, id);
        }
        if let (Subject::Entry { section, id, .. }, What::Added { terms, frees, .. }) =
            (&change.subject, &mut change.what)
            && section == "coupon"
            && let Some(coupon) = new.coupons.iter().find(|coupon| coupon.id == *id)
        {
            (*terms, *frees) = (terms::words(coupon), free::newly((old, new), coupon));
        }
    }
    changes.extend(retirable);
    let own = |catalog: &Catalog| json(&catalog.enums.iter().filter(|known| !known.base).collect::<Vec<_>>());
    entries(("enum", "name"), &[], own(old), own(new), changes);
    // What a migration changes is said by its steps.
    let shape = &["columns", "primary_key", "indexes", "foreign_keys", "was"];
    let mut tables = Vec::new();
    entries(("table", "name"), shape, json(&own_tables(old)), json(&own_tables(new)), &mut tables);
    changes.extend(tables.into_iter().filter(|change| matches!(change.what, What::Field { .. })));
    let columns = |catalog: &Catalog| {
        let described = own_tables(catalog).into_iter().flat_map(|table| {
            table.columns.iter().map(|column| {
                serde_json::json!({
                    "id": format!("{}.{}", table.name, column.name),
                    "description": column.description,
                    "type": column.ty,
                    "default": column.default,
                })
            })
        });
        Value::Array(described.collect())
    };
    let mut described = Vec::new();
    entries(("column", "id"), &["type", "default"], columns(old), columns(new), &mut described);
    changes.extend(described.into_iter().filter(|change| matches!(change.what, What::Field { .. })));
}

/// Groups with the ids that their products have in `new`.
fn groups_of_today(old: &Catalog, new: &Catalog) -> Vec<Group> {
    let mut groups = old.groups.clone();
    for Group { kind, products, .. } in &mut groups {
        products.iter_mut().for_each(|id| *id = today(new, kind, id).to_owned());
    }
    groups
}

/// Kinds, with where those columns get their values that `other` has too: the migration tells of the rest. Attributes
/// have the ids and the order that `new` gives them, and columns one of their own: what is reordered is told once.
fn kinds(catalog: &Catalog, other: &Catalog, new: &Catalog) -> Value {
    let columns = |catalog: &Catalog, table: &str| -> Vec<String> {
        let table = catalog.tables.iter().find(|known| known.name == table);
        table.into_iter().flat_map(|table| table.columns.iter().map(|column| column.name.clone())).collect()
    };
    let mut kinds = json(&catalog.kinds);
    for (kind, value) in catalog.kinds.iter().zip(kinds.as_array_mut().into_iter().flatten()) {
        let kept = other.kind(&kind.id).map_or_else(Vec::new, |kind| columns(other, &kind.table));
        let named = columns(catalog, &kind.table).into_iter().zip(&kind.sources);
        let named = named.filter(|(column, _)| kept.contains(column));
        let words = |source: &ColumnSource| source_words(source, |id| attributes::today(new, &kind.id, id));
        let mut sources: Vec<String> = named.map(|(column, source)| format!("{column}: {}", words(source))).collect();
        sources.sort_unstable();
        value["sources"] = sources.into();
        for (attribute, value) in kind.attributes.iter().zip(value["attributes"].as_array_mut().into_iter().flatten()) {
            value["id"] = attributes::today(new, &kind.id, &attribute.id).into();
            value.as_object_mut().and_then(|fields| fields.remove("was"));
        }
        if let Some(listed) = value["attributes"].as_array_mut() {
            listed.sort_by_key(|attribute| attributes::position(new, &kind.id, &text(&attribute["id"])));
        }
    }
    kinds
}

/// As the YAML names it: `price.min`, `attribute.seats`.
fn source_words<'a>(source: &'a ColumnSource, id: impl Fn(&'a str) -> &'a str) -> String {
    match source {
        ColumnSource::Attribute(attribute) => format!("attribute.{}", id(attribute)),
        ColumnSource::PriceMin => "price.min".to_owned(),
        ColumnSource::PriceMax => "price.max".to_owned(),
        ColumnSource::PriceCurrency => "price.currency".to_owned(),
        ColumnSource::DepositAmount => "deposit.amount".to_owned(),
        other => text(&json(other)),
    }
}

/// Features with the ids that they had before, as the catalog says or only the lock remembers.
fn features(catalog: &Catalog) -> Value {
    let mut features = json(&catalog.features);
    for (feature, value) in catalog.features.iter().zip(features.as_array_mut().into_iter().flatten()) {
        value["was"] = catalog.former_ids("feature", &feature.id).next().into();
    }
    features
}

/// Environments with the Stripe mode as the YAML names it.
fn environments(catalog: &Catalog) -> Value {
    let mut environments = json(&catalog.environments);
    for (environment, value) in catalog.environments.iter().zip(environments.as_array_mut().into_iter().flatten()) {
        value["stripe_mode"] = if environment.stripe_live { "live" } else { "test" }.into();
        value.as_object_mut().and_then(|fields| fields.remove("stripe_live"));
    }
    environments
}

fn own_tables(catalog: &Catalog) -> Vec<&pricebook_model::schema::Table> {
    catalog.own_tables().collect()
}

/// Entries of a list by the field that names them; `was` renames one.
fn entries((section, key): (&str, &str), typed: &[&str], old: Value, new: Value, changes: &mut Vec<Change>) {
    let (mut gone, new) = (objects(old), objects(new));
    for entry in new {
        let subject = subject(section, key, &entry);
        let is = |name: &Value| gone.iter().position(|before| before[key] == *name);
        let position = is(&entry[key]).or_else(|| is(entry.get("was").filter(|was| !was.is_null())?));
        let Some(before) = position.map(|position| gone.remove(position)) else {
            changes.push(Change { subject, what: What::Added { terms: String::new(), announced: None, frees: 0 } });
            continue;
        };
        if before[key] != entry[key] {
            changes.push(Change { subject: subject.clone(), what: What::Renamed { from: text(&before[key]) } });
        }
        let skipped: Vec<&str> = typed.iter().copied().chain([key]).collect();
        objects_differ(&before, &entry, &skipped, |what| changes.push(Change { subject: subject.clone(), what }));
    }
    let removed = gone
        .iter()
        .map(|before| Change { subject: subject(section, key, before), what: What::Removed { retired: false } });
    changes.extend(removed);
}

fn subject(section: &str, key: &str, entry: &Map<String, Value>) -> Subject {
    let id = text(&entry[key]);
    let name = ["name", "title"].iter().find_map(|field| entry.get(*field)).map_or_else(|| id.clone(), text);
    Subject::Entry { section: section.to_owned(), id, name }
}

/// The fields of two values of one type that differ, but for `typed` ones.
pub(super) fn differences<T: Serialize>(from: &T, to: &T, typed: &[&str], say: impl FnMut(What)) {
    let object = |value: &T| match json(value) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    objects_differ(&object(from), &object(to), typed, say);
}

fn objects_differ(from: &Map<String, Value>, to: &Map<String, Value>, typed: &[&str], mut say: impl FnMut(What)) {
    let of = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let names = to.keys().chain(from.keys().filter(|name| !to.contains_key(*name)));
    for name in names.filter(|name| !typed.contains(&name.as_str())) {
        let (before, now) = (of(from, name), of(to, name));
        if before != now {
            let field = name.replace('_', " ");
            let (from, to) = value::words(&before, &now);
            say(What::Field { field, from, to });
        }
    }
}

fn objects(list: Value) -> Vec<Map<String, Value>> {
    let Value::Array(entries) = list else { return Vec::new() };
    let object = |entry| if let Value::Object(fields) = entry { Some(fields) } else { None };
    entries.into_iter().filter_map(object).collect()
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("a catalog has texts as keys")
}
