//! What is found at each place, as a part of the report.

use std::path::Path;

use pricebook_types::Dialect;
use pricebook_types::validation::Validation;

use super::{Part, Place};
use crate::db::Session;
use crate::services::live::{self, LiveApi, served};
use crate::services::state::State;
use crate::services::{Difference, check_generated, verify};
use crate::stripe::product_sync::plan::{Plan, text};
use crate::{Artifacts, clock};

/// How a page says which catalog it was built with: `<meta name="catalog-hash" content="…">`.
const NAME: &str = "name=\"catalog-hash\"";

/// The files beside the program, where it runs in its checkout.
pub fn of_files(artifacts: &Artifacts, dialect: Dialect) -> Part {
    let here = "generated/";
    match check_generated(artifacts, dialect, Path::new(".")) {
        Ok(true) => Part::found(Place::Catalog, here, Vec::new()),
        // The program itself is what all are held against.
        Ok(false) => Part::found(Place::Catalog, "this program; no checkout of it is here", Vec::new()),
        Err(stale) => Part::found(Place::Catalog, here, vec![stale.to_string()]),
    }
}

/// The rows of a database, which is shown as `at`.
///
/// # Errors
/// What the database said.
pub async fn of_database(session: &mut Session, artifacts: &Artifacts, at: &str) -> Result<Part, sqlx::Error> {
    let state = State::read(session, artifacts).await?;
    let differences = verify(session, artifacts).await?;
    let part = Part::found(Place::Database, at, differences.iter().map(row).collect());
    Ok(part.of_catalog(state.catalog_hash, artifacts.catalog_hash))
}

fn row(difference: &Difference) -> String {
    let Difference { table, row, column, old, new } = difference;
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    match column {
        None => format!("{table} {row}: the row is missing"),
        Some(column) => format!("{table} {row} {column}: {} instead of {}", value(old), value(new)),
    }
}

/// What would have to be done in Stripe.
pub fn of_plan(plan: &Plan) -> Part {
    let differences = if plan.is_equal() { Vec::new() } else { text::lines(plan) };
    Part::found(Place::Stripe, &plan.account, differences)
}

/// What a live API answers, and the catalog that its program says it has.
pub async fn of_live_api(api: &LiveApi, artifacts: &Artifacts, validation: &Validation<'_>) -> Part {
    let at = api.shown();
    let now = clock::now().timestamp();
    let found = match live::check(api, artifacts, validation, now, clock::today).await {
        Ok(checked) => checked.differences.into_iter().map(|difference| difference.message).collect(),
        Err(error) => return Part::unknown(Place::LiveApi, error.to_string(), error.help()).at(at),
    };
    match served(api).await {
        Ok(served) => {
            Part::found(Place::LiveApi, at, found).of_catalog(Some(served.catalog_hash), artifacts.catalog_hash)
        }
        Err(error) => Part::unknown(Place::LiveApi, error.to_string(), error.help()).at(at),
    }
}

/// Which catalog a storefront's page says that it was built with: prices stand in its scripts, built together with it.
pub fn of_page(page: &str, artifacts: &Artifacts, at: &str) -> Part {
    match hash(page) {
        Some(hash) => {
            Part::found(Place::Frontend, at, Vec::new()).of_catalog(Some(hash.to_owned()), artifacts.catalog_hash)
        }
        None => Part::unknown(
            Place::Frontend,
            "the page does not say which catalog it was built with",
            "build the storefront anew and deploy it, or name its address with --page",
        )
        .at(at),
    }
}

/// The hash in the page's head.
fn hash(page: &str) -> Option<&str> {
    let tag = page.split('<').find(|tag| tag.starts_with("meta ") && tag.contains(NAME))?;
    let (_, rest) = tag.split_once("content=\"")?;
    let (hash, _) = rest.split_once('"')?;
    (!hash.is_empty()).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_hash_is_read_from_the_head_and_nowhere_else() {
        assert_eq!(hash("<head><meta name=\"catalog-hash\" content=\"abc\"></head>"), Some("abc"));
        assert_eq!(hash("<meta content=\"abc\" name=\"catalog-hash\" />"), Some("abc"));
        for without in ["<p>name=\"catalog-hash\" content=\"abc\"</p>", "<meta name=\"x\" content=\"abc\">", ""] {
            assert_eq!(hash(without), None, "{without}");
        }
    }
}
