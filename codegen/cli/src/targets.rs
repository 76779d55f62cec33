//! What a change of the catalog does to each target: Stripe's objects, the database's rows, the TypeScript package.

use std::collections::{BTreeMap, HashMap};

use pricebook_emit::sql::{RowText, row_texts};
use pricebook_emit::{Artifact, stripe, typescript};
use pricebook_model::Catalog;
use serde::Serialize;
use serde_json::{Value, json};

use crate::changes::{Change, Subject, What};

/// Everything that differs between the artifacts of two catalogs.
pub(crate) struct Targets {
    stripe: Vec<(Owner, &'static str)>,
    rows: Vec<Row>,
    typescript_files: usize,
}

/// What one change does.
#[derive(Debug, Serialize)]
pub(crate) struct Effect {
    /// In words: `new Stripe price`.
    pub(crate) stripe: Vec<&'static str>,
    /// How many rows are written for it; a row may be written for several changes.
    pub(crate) rows: usize,
}

/// A row that is written.
struct Row {
    owner: Owner,
    /// For rows of amounts.
    currency: Option<String>,
    /// For rows of grants.
    feature: Option<String>,
}

/// What an object or a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owner {
    /// Kind and id.
    Product(String, String),
    /// The lookup key.
    Price(String),
    /// Section and id.
    Entry(&'static str, String),
}

impl Targets {
    /// Compares what two catalogs become.
    pub(crate) fn of(old: &Catalog, new: &Catalog) -> Self {
        let mut stripe = Vec::new();
        let (before, after) = (Objects::of(old), Objects::of(new));
        before.steps_to(&after, &mut stripe);
        Self { stripe, rows: rows(old, new), typescript_files: typescript_files(old, new) }
    }

    /// What one change does.
    pub(crate) fn effect(&self, change: &Change) -> Effect {
        let concerns = |owner: &Owner| match (&change.subject, owner) {
            (Subject::Product { kind, id, .. }, Owner::Product(of_kind, of)) => kind == of_kind && id == of,
            (Subject::Price { lookup_key, .. }, Owner::Price(of)) => lookup_key == of,
            (Subject::Entry { section, id, .. }, Owner::Entry(of_section, of)) => section == of_section && id == of,
            _ => false,
        };
        let narrower = |row: &Row| match &change.what {
            What::Amount { to: amount, .. }
            | What::Announced { to: amount, .. }
            | What::CurrencyAdded { amount }
            | What::CurrencyDropped { amount } => {
                row.currency.as_deref().is_some_and(|currency| currency == amount.currency.code())
            }
            What::Tiers { currency, .. } => row.currency.as_deref() == Some(currency.code()),
            What::Entitlement { feature, .. } => row.feature.as_ref() == Some(feature),
            What::Added | What::Removed { .. } | What::Renamed { .. } => true,
            _ => row.feature.is_none() && row.currency.is_none(),
        };
        let mut stripe: Vec<_> =
            self.stripe.iter().filter(|(owner, _)| concerns(owner)).map(|(_, words)| *words).collect();
        stripe.dedup();
        let rows = self.rows.iter().filter(|row| concerns(&row.owner) && narrower(row)).count();
        Effect { stripe, rows }
    }

    /// `Stripe: 1 new Stripe price. Database: 4 rows. TypeScript: 6 files.`
    pub(crate) fn summary(&self) -> String {
        let steps: Vec<String> =
            self.stripe_totals().iter().map(|(words, count)| format!("{count} × {words}")).collect();
        let stripe = if steps.is_empty() { "nothing".to_owned() } else { steps.join(", ") };
        format!(
            "Stripe: {stripe}. Database: {}. TypeScript: {}.",
            counted(self.rows.len(), "row"),
            counted(self.typescript_files, "file")
        )
    }

    /// The numbers of [`Self::summary`].
    pub(crate) fn totals(&self) -> Value {
        json!({ "stripe": self.stripe_totals(), "rows": self.rows.len(), "typescript_files": self.typescript_files })
    }

    fn stripe_totals(&self) -> BTreeMap<&'static str, usize> {
        let mut totals = BTreeMap::new();
        for (_, words) in &self.stripe {
            *totals.entry(*words).or_default() += 1;
        }
        totals
    }
}

impl Effect {
    /// `new Stripe price`, `1 row`; nothing where there is none.
    pub(crate) fn words(&self) -> Vec<String> {
        let rows = (self.rows > 0).then(|| counted(self.rows, "row"));
        self.stripe.iter().map(|words| (*words).to_owned()).chain(rows).collect()
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The objects of a Stripe account by what they stand for, without what marks them as ours.
struct Objects {
    products: Vec<(String, Owner, Value)>,
    prices: Vec<(String, Owner, Value)>,
    entries: Vec<(String, Owner, Value)>,
}

impl Objects {
    fn of(catalog: &Catalog) -> Self {
        let desired = stripe::desired(catalog);
        let owner = |metadata: &pricebook_types::stripe::Metadata<'_>| {
            let product = metadata.get(pricebook_types::stripe::owned::PRODUCT);
            let (kind, id) = product.and_then(|product| product.split_once('/')).unwrap_or_default();
            Owner::Product(kind.to_owned(), id.to_owned())
        };
        let products = desired
            .products
            .iter()
            .map(|product| (product.local_id.to_string(), owner(&product.params.metadata), unmarked(product)));
        let prices = desired.prices.iter().map(|price| {
            let key = price.params.lookup_key.to_string();
            (key.clone(), Owner::Price(key), unmarked(price))
        });
        let features = desired.features.iter().map(|feature| {
            let key = feature.params.lookup_key.to_string();
            (format!("feature/{key}"), Owner::Entry("feature", key), unmarked(feature))
        });
        let coupons = catalog.coupons.iter().zip(&desired.coupons).map(|(coupon, desired)| {
            (format!("coupon/{}", coupon.id), Owner::Entry("coupon", coupon.id.clone()), unmarked(desired))
        });
        let meters = desired
            .meters
            .iter()
            .map(|meter| (format!("meter/{}", meter.id), Owner::Entry("meter", meter.id.to_string()), unmarked(meter)));
        Self {
            products: products.collect(),
            prices: prices.collect(),
            entries: features.chain(coupons).chain(meters).collect(),
        }
    }

    fn steps_to(&self, after: &Self, steps: &mut Vec<(Owner, &'static str)>) {
        let fixed = |before: &Value, now: &Value| if before == now { None } else { Some("Stripe product updated") };
        compared(&self.products, &after.products, ["new Stripe product", "Stripe product archived"], fixed, steps);
        compared(&self.prices, &after.prices, ["new Stripe price", "Stripe price archived"], price_step, steps);
        let changed = |before: &Value, now: &Value| (before != now).then_some("Stripe object updated");
        compared(&self.entries, &after.entries, ["new Stripe object", "Stripe object archived"], changed, steps);
    }
}

/// Stripe's prices cannot change what they cost: that takes a new one.
fn price_step(before: &Value, now: &Value) -> Option<&'static str> {
    const CHANGEABLE: [&str; 4] = ["active", "nickname", "metadata", "lookup_key"];
    let cost = |price: &Value| {
        let mut params = price["params"].clone();
        if let Value::Object(fields) = &mut params {
            fields.retain(|name, _| !CHANGEABLE.contains(&name.as_str()));
        }
        params
    };
    if before == now {
        None
    } else if cost(before) != cost(now) {
        Some("new Stripe price")
    } else if before["params"] == now["params"] && before["changes"] != now["changes"] {
        Some("Stripe price replaced on its day")
    } else if now["params"]["active"] == false && before["params"]["active"] == true {
        Some("Stripe price archived")
    } else {
        Some("Stripe price updated")
    }
}

fn compared(
    old: &[(String, Owner, Value)],
    new: &[(String, Owner, Value)],
    [added, removed]: [&'static str; 2],
    changed: impl Fn(&Value, &Value) -> Option<&'static str>,
    steps: &mut Vec<(Owner, &'static str)>,
) {
    let before: HashMap<&str, &Value> = old.iter().map(|(id, _, value)| (id.as_str(), value)).collect();
    for (id, owner, now) in new {
        let step = before.get(id.as_str()).map_or(Some(added), |before| changed(before, now));
        steps.extend(step.map(|words| (owner.clone(), words)));
    }
    let gone = old.iter().filter(|(id, ..)| new.iter().all(|(kept, ..)| kept != id));
    steps.extend(gone.map(|(_, owner, _)| (owner.clone(), removed)));
}

/// As JSON, without the metadata that follows from all the rest.
fn unmarked(object: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(object).expect("Stripe's parameters are JSON");
    if let Some(metadata) = value.pointer_mut("/params/metadata").and_then(Value::as_object_mut) {
        metadata.remove(pricebook_types::stripe::owned::HASH);
    }
    value
}

fn rows(old: &Catalog, new: &Catalog) -> Vec<Row> {
    let (before, after) = (row_texts(old), row_texts(new));
    let known: HashMap<(&str, &[String]), &RowText> =
        before.iter().map(|row| ((row.table.as_str(), row.key.as_slice()), row)).collect();
    let mut owners = Owners::of(new);
    let written = after.iter().map(|row| (row, owners.next(row)));
    let mut rows: Vec<Row> = written
        .filter(|(row, _)| known.get(&(row.table.as_str(), row.key.as_slice())).is_none_or(|before| before != row))
        .map(|(_, owner)| owner)
        .collect();
    // A row whose thing is gone is deactivated, or deleted where it is a detail.
    let kept: HashMap<(&str, &[String]), ()> =
        after.iter().map(|row| ((row.table.as_str(), row.key.as_slice()), ())).collect();
    let mut owners = Owners::of(old);
    let former = before.iter().map(|row| (row, owners.next(row)));
    let gone = former.filter(|(row, _)| !kept.contains_key(&(row.table.as_str(), row.key.as_slice())));
    rows.extend(gone.map(|(_, owner)| owner));
    rows
}

/// Tells what rows stand for, when asked in the order of [`row_texts`].
struct Owners<'a> {
    catalog: &'a Catalog,
    of_kinds: HashMap<&'a str, usize>,
}

impl<'a> Owners<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        Self { catalog, of_kinds: HashMap::new() }
    }

    fn next(&mut self, row: &RowText) -> Row {
        let key = |index: usize| row.key.get(index).cloned().unwrap_or_default();
        let of = |owner| Row { owner, currency: None, feature: None };
        match row.table.as_str() {
            "catalog_prices" => of(Owner::Price(key(0))),
            "catalog_price_amounts" => Row { currency: Some(key(1)), ..of(Owner::Price(key(0))) },
            "catalog_features" => of(Owner::Entry("feature", key(0))),
            "catalog_product_features" => Row { feature: Some(key(2)), ..of(Owner::Product(key(0), key(1))) },
            "catalog_coupons" => of(Owner::Entry("coupon", key(0))),
            "catalog_promotion_codes" => {
                let code = |coupon: &&pricebook_model::catalog::Coupon| {
                    coupon.promotion_codes.iter().any(|code| code.code == key(0))
                };
                let coupon = self.catalog.coupons.iter().find(code);
                of(Owner::Entry("coupon", coupon.map_or_else(|| key(0), |coupon| coupon.id.clone())))
            }
            table => of(self.product_of(table)),
        }
    }

    /// The rows of a kind's table are its products in their order.
    fn product_of(&mut self, table: &str) -> Owner {
        let Some(kind) = self.catalog.kinds.iter().find(|kind| kind.table == table) else {
            return Owner::Entry("table", table.to_owned());
        };
        let position = self.of_kinds.entry(&kind.id).or_default();
        *position += 1;
        let product = self.catalog.products_of(&kind.id).nth(*position - 1);
        Owner::Product(kind.id.clone(), product.map_or_else(String::new, |product| product.id.clone()))
    }
}

/// How many files of the TypeScript package differ in more than the catalog's hash.
fn typescript_files(old: &Catalog, new: &Catalog) -> usize {
    let files = |catalog: &Catalog| -> BTreeMap<String, String> {
        let unmarked = |Artifact { path, text }| (path, text.replace(&catalog.hash, ""));
        typescript::emit(catalog).into_iter().map(unmarked).collect()
    };
    let (before, after) = (files(old), files(new));
    let differs = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).count();
    differs + before.keys().filter(|path| !after.contains_key(*path)).count()
}
