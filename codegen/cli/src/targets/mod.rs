//! What a change of the catalog does to each target: Stripe's objects, the database's rows, the TypeScript package.

mod rows;
mod stripe;

use std::collections::{BTreeMap, HashMap};

use pricebook_emit::{Artifact, typescript};
use pricebook_model::Catalog;
use serde::Serialize;
use serde_json::{Value, json};

use crate::changes::{Change, Subject, What};
use rows::{Row, rows};

/// Everything that differs between the artifacts of two catalogs.
pub(crate) struct Targets {
    stripe: Vec<(Owner, &'static str)>,
    rows: Vec<Row>,
    /// The positions in both of what stands for one thing.
    of_owner: HashMap<Owner, (Vec<usize>, Vec<usize>)>,
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
        let mut of_owner: HashMap<Owner, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (at, (owner, _)) in stripe.iter().enumerate() {
            of_owner.entry(owner.clone()).or_default().0.push(at);
        }
        for (at, row) in rows.iter().enumerate() {
            of_owner.entry(row.owner.clone()).or_default().1.push(at);
        }
        Self { stripe, rows, of_owner, typescript_files: typescript_files(old, new) }
    }

    /// What one change does.
    pub(crate) fn effect(&self, change: &Change) -> Effect {
        let narrower = |row: &Row| match &change.what {
            What::Amount { to: amount, .. }
            | What::Announced { to: amount, .. }
            | What::CurrencyAdded { amount }
            | What::CurrencyDropped { amount } => {
                row.currency.as_deref().is_some_and(|currency| currency == amount.currency.code())
            }
            What::Tiers { currency, .. } => row.currency.as_deref() == Some(currency.code()),
            What::Entitlement { feature, .. } => row.feature.as_ref() == Some(feature),
            What::Added { .. } | What::Removed { .. } | What::Renamed { .. } => true,
            What::Moved { .. } | What::Withdrawn { .. } => row.currency.is_some(),
            _ => row.feature.is_none() && row.currency.is_none(),
        };
        let none = (Vec::new(), Vec::new());
        // What stays as it is does nothing to any target.
        let owner = Owner::of(&change.subject).filter(|_| !matches!(change.what, What::Unmarked { .. }));
        let (steps, rows) = owner.and_then(|owner| self.of_owner.get(&owner)).unwrap_or(&none);
        let mut stripe: Vec<_> = steps.iter().map(|at| self.stripe[*at].1).collect();
        stripe.dedup();
        Effect { stripe, rows: rows.iter().filter(|at| narrower(&self.rows[**at])).count() }
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
