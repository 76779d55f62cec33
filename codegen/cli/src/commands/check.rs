//! `cargo catalog check`: every problem of the catalog.

use std::io::Write;

use pricebook_emit::build::{History, Package, compile};
use pricebook_model::Catalog;
use serde_json::json;

use crate::outcome::{Ended, Outcome};
use crate::output::{count, document};

pub(super) fn run(package: &Package, json: bool) -> Ended {
    // No emitter can fail, so nothing needs to be emitted to know that all is well.
    let sources = package.sources()?;
    let history = History::read(&package.generated())?;
    let catalog = compile(package, sources, history.lock.as_ref())?;
    match json {
        true => document(Vec::new(), json!({ "catalog": catalog.name, "hash": catalog.hash }))?,
        false => writeln!(std::io::stdout().lock(), "{}", summary(&catalog))?,
    }
    Ok(Outcome::Clean)
}

fn summary(catalog: &Catalog) -> String {
    let prices: usize = catalog.products.iter().map(|product| product.prices.len()).sum();
    format!(
        "No problems: {} of {} with {}, {}, {}.",
        count(catalog.products.len(), "product"),
        count(catalog.kinds.len(), "kind"),
        count(prices, "price"),
        count(catalog.features.len(), "feature"),
        count(catalog.own_tables().count(), "own table"),
    )
}
