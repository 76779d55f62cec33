//! Learning from the database that rows have changed: by its revision, which is asked for four times a second.

use std::sync::Arc;
use std::time::Duration;

use sea_query::{Expr, ExprTrait, Query};

use super::App;
use super::ticks::every;
use crate::db::text_type;

const EVERY: Duration = Duration::from_millis(250);
/// How many rounds pass between two tidyings of the limits.
const TIDY_ROUNDS: u32 = 240;

/// What operators are told of a program and a database that do not belong together.
const OTHER_CATALOG: &str = "the database holds the rows of another catalog than this program: where prices differ, \
    payments are put off; deploy the program of that catalog, or sync the rows of this one";

/// The same of a database without rows.
const NEVER_SYNCED: &str = "the database was never synced, so that nothing is sold: sync the rows of this program";

/// What is to be told of rows that are not of the catalog in this program.
pub(super) fn warning(database_hash: Option<&str>) -> &'static str {
    if database_hash.is_some() { OTHER_CATALOG } else { NEVER_SYNCED }
}

/// Watches until it is dropped.
pub async fn watch(app: Arc<App>) {
    let mut seen = None;
    let mut ticks = every(EVERY);
    for round in 0_u32.. {
        ticks.tick().await;
        match app.state().await {
            Ok(state) => {
                if app.metrics.database_up.set(1) == 0 && round > 0 {
                    tracing::info!("the database answers again");
                }
                app.metrics.revision.set(state.as_ref().map_or(0, |state| state.revision));
                tell_catalog(&app, seen.as_ref(), &state);
                if seen.as_ref().is_some_and(|seen| *seen != state) {
                    tracing::info!(revision = app.metrics.revision.get(), "the rows have changed");
                    app.lists.forget();
                }
                seen = Some(state);
            }
            Err(cause) => {
                if app.metrics.database_up.set(0) == 1 {
                    tracing::error!(error = %cause, "the database does not answer");
                }
            }
        }
        if round % TIDY_ROUNDS == 0 {
            app.limits.tidy();
        }
    }
}

/// Says where the rows are of another catalog than the program, once for each.
fn tell_catalog(app: &App, before: Option<&Option<State>>, now: &Option<State>) {
    let is_synced = app.is_synced(now.as_ref());
    app.metrics.synced.set(u64::from(is_synced));
    let hash = |state: &Option<State>| state.as_ref().map(|state| state.catalog_hash.clone());
    let database = hash(now);
    match before.map(hash) {
        Some(before) if before == database => {}
        _ if !is_synced => {
            tracing::warn!(program = app.artifacts.catalog_hash, database, "{}", warning(database.as_deref()));
        }
        Some(_) => tracing::info!("the database holds the rows of the catalog in this program again"),
        None => {}
    }
}

/// What the database's rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) catalog_hash: String,
    pub(super) revision: i64,
}

impl App {
    /// Whether the rows are of the catalog in this program.
    pub(super) fn is_synced(&self, state: Option<&State>) -> bool {
        state.is_some_and(|state| state.catalog_hash == self.artifacts.catalog_hash)
    }

    /// Which catalog the rows hold; `None` where they were never synced.
    pub(super) async fn state(&self) -> Result<Option<State>, crate::db::Error> {
        let mut session = self.reads.session().await?;
        let as_text = text_type(session.dialect());
        let query = Query::select()
            .exprs(["catalog_hash", "revision"].map(|column| Expr::col(column).cast_as(as_text)))
            .from("catalog_state")
            .and_where(Expr::col("catalog").eq(self.artifacts.name))
            .to_owned();
        let rows = session.rows(&query).await.map_err(|cause| self.reads.failed("read", cause))?;
        let state = |row: Vec<Option<String>>| {
            let [catalog_hash, revision] = row.try_into().ok()?;
            Some(State { catalog_hash: catalog_hash?, revision: revision?.parse().ok()? })
        };
        Ok(rows.into_iter().next().and_then(state))
    }
}
