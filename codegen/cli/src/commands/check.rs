//! `cargo catalog check`: every problem of the catalog.

use std::io::Write;

use pricebook_emit::build::{Failure, Package, generate};
use pricebook_model::{Catalog, render};

use crate::outcome::{Ended, Outcome};
use crate::output::count;

pub(super) fn run(package: &Package, json: bool) -> Ended {
    let mut out = std::io::stdout().lock();
    match generate(package) {
        Ok(_) if json => writeln!(out, "[]")?,
        Ok(generated) => writeln!(out, "{}", summary(&generated.catalog))?,
        Err(Failure::Catalog(report)) if json => {
            out.write_all(render::json(&report).as_bytes())?;
            return Ok(Outcome::Problems);
        }
        Err(Failure::History(problems)) if json => {
            serde_json::to_writer_pretty(&mut out, &problems).map_err(std::io::Error::from)?;
            writeln!(out)?;
            return Ok(Outcome::Problems);
        }
        Err(failure) => return Err(failure.into()),
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
