//! What a change of the catalog does to each target: Stripe's objects, the database's rows, the TypeScript package.

mod effects;
mod rows;
mod stripe;

use std::collections::BTreeMap;

use pricebook_emit::{Artifact, typescript};
use pricebook_model::Catalog;
use serde_json::{Value, json};

use crate::changes::{Change, Subject};
pub(crate) use effects::Effect;
use effects::Products;
use rows::{Row, rows};

/// Everything that differs between the artifacts of two catalogs.
pub(crate) struct Targets {
    stripe: Vec<(Owner, &'static str)>,
    rows: Vec<Row>,
    products: Products,
    typescript_files: usize,
}

/// What an object or a row stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    /// Kind and id.
    Product(String, String),
    /// The lookup key.
    Price(String),
    /// Section and id.
    Entry(String, String),
}

impl Owner {
    fn of(subject: &Subject) -> Option<Self> {
        match subject {
            Subject::Product { kind, id, .. } => Some(Self::Product(kind.clone(), id.clone())),
            Subject::Price { lookup_key, .. } => Some(Self::Price(lookup_key.clone())),
            Subject::Entry { section, id, .. } => Some(Self::entry(section, id)),
            Subject::Catalog | Subject::Table { .. } => None,
        }
    }

    fn entry(section: &str, id: &str) -> Self {
        Self::Entry(section.to_owned(), id.to_owned())
    }
}

impl Targets {
    /// Compares what two catalogs become, the rows on a day (ISO 8601).
    pub(crate) fn of(old: &Catalog, new: &Catalog, day: &str) -> Self {
        let (stripe, rows) = (stripe::steps(old, new), rows(old, new, day));
        Self { stripe, rows, products: Products::of(old, new), typescript_files: typescript_files(old, new) }
    }

    /// What each change does, in their order, and what follows from all of them together.
    pub(crate) fn effects(&self, changes: &[Change]) -> (Vec<Effect>, Effect) {
        effects::shared_out(changes, &self.stripe, &self.rows, &self.products)
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

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
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
