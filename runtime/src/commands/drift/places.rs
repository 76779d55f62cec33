//! Looking at checkout, database, Stripe and live API, each as its own commands do.

use std::path::Path;
use std::time::Duration;

use url::Url;

use super::address;
use crate::commands::services::live::Live;
use crate::commands::services::ready;
use crate::commands::stripe::{Account, Manner};
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure};
use crate::db::Session;
use crate::services::drift::{Part, Place};
use crate::services::live::served;
use crate::services::state::State;
use crate::services::{self, Difference, check_generated};
use crate::stripe::product_sync::plan::text;

/// Of one answer of the API.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The files beside the program.
pub(super) fn catalog(context: &Context<'_>, target: &Target) -> Part {
    let here = "generated/";
    match check_generated(context.artifacts, target.database.dialect(), Path::new(".")) {
        Ok(true) => Part::found(Place::Catalog, here, Vec::new()),
        // The program itself is what all are held against.
        Ok(false) => Part::found(Place::Catalog, "this program; no checkout of it is here", Vec::new()),
        Err(stale) => Part::found(Place::Catalog, here, vec![stale.to_string()]),
    }
}

/// The rows.
pub(super) async fn database(context: &Context<'_>, target: &Target) -> Result<Part, Failure> {
    let database = ready::open_read_only(context, target).await?;
    let mut session = database.session().await?;
    let read = rows(&mut session, context).await;
    drop(session);
    database.close().await;
    let (state, differences) = read.map_err(|cause| target.failed("read", cause))?;
    let differences = differences.iter().map(row).collect();
    let part = Part::found(Place::Database, target.database.to_string(), differences);
    Ok(part.of_catalog(state.catalog_hash, context.artifacts.catalog_hash))
}

async fn rows(session: &mut Session, context: &Context<'_>) -> Result<(State, Vec<Difference>), sqlx::Error> {
    let state = State::read(session, context.artifacts).await?;
    Ok((state, services::verify(session, context.artifacts).await?))
}

fn row(difference: &Difference) -> String {
    let Difference { table, row, column, old, new } = difference;
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    match column {
        None => format!("{table} {row}: the row is missing"),
        Some(column) => format!("{table} {row} {column}: {} instead of {}", value(old), value(new)),
    }
}

/// What is sold, with what every product grants.
pub(super) async fn stripe(context: &Context<'_>, chosen: &Choice) -> Result<Part, Failure> {
    let account = Account::of(context, chosen).await?;
    let known = account.read_known(context).await?;
    let plan = account.plan(&known, Manner { deep: true, force_update: false }, None).await?;
    let differences = if plan.is_equal() { Vec::new() } else { text::lines(&plan) };
    Ok(Part::found(Place::Stripe, account.id, differences))
}

/// What the API answers, and the catalog that its program says it has.
pub(super) async fn live_api(context: &Context<'_>, target: &Target, given: Option<&Url>) -> Result<Part, Failure> {
    let url = address(context.artifacts, target, given, "--api")?;
    let live = Live::new(context, Some(target.environment), url, TIMEOUT)?;
    let at = live.api.shown();
    let (found, error) = live.look(false).await;
    if let Some(error) = error {
        return Ok(Part::unknown(Place::LiveApi, error.to_string(), error.help()).at(at));
    }
    let part = Part::found(Place::LiveApi, &at, found.issues());
    match served(&live.api).await {
        Ok(served) => Ok(part.of_catalog(Some(served.catalog_hash), context.artifacts.catalog_hash)),
        Err(error) => Ok(Part::unknown(Place::LiveApi, error.to_string(), error.help()).at(at)),
    }
}
