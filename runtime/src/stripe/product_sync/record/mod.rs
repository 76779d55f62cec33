//! What is remembered of syncs: `stripe_sync_runs`, `stripe_product_mappings`, `product_change_log` and the audit log.

mod changes;
mod mappings;
mod progress;
mod runs;
mod validations;

use pricebook_types::stripe::Desired;
use serde_json::json;

use super::{Applied, Plan, Report};
use crate::audit::{self, Actor, Entry};
use crate::db::{Session, transaction};

pub use mappings::{MappingCounts, counts, known};
pub use progress::{Progress, RunState, progress, state_of_run};
pub use runs::{Begun, Last, New, begin, broken_off, interrupted_on_servers, last};
pub use validations::{Validated, Validation, keep_validation, last_validation};

/// A run at work.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Its id.
    pub id: &'a str,
    /// Who runs it.
    pub actor: &'a Actor,
    /// What the catalog wants.
    pub desired: &'a Desired<'a>,
    /// What was planned.
    pub plan: &'a Plan,
}

/// Stores what became of a run: its results, the mapping of every price, a row for each product that changed, and the
/// audit row, all or none.
///
/// # Errors
/// What the database said.
pub async fn finish(
    session: &mut Session,
    run: Run<'_>,
    applied: &Applied,
    report: &Report,
) -> Result<(), sqlx::Error> {
    transaction(session, async |session| write(session, run, applied, report).await).await
}

async fn write(session: &mut Session, run: Run<'_>, applied: &Applied, report: &Report) -> Result<(), sqlx::Error> {
    runs::end(session, run.id, report).await?;
    mappings::write(session, run, applied).await?;
    changes::write(session, run, applied).await?;
    let details = json!({
        "environment": report.environment,
        "mode": report.mode,
        "catalog_hash": report.catalog_hash,
        "run": run.id,
        "created": report.created,
        "updated": report.updated,
        "synced": report.synced,
        "errors": report.errors,
    });
    let entry = Entry {
        actor: run.actor,
        action: "stripe.sync",
        object_type: "stripe_account",
        object_id: &report.account,
        result: if report.errors == 0 { "succeeded" } else { "failed" },
        details,
    };
    audit::record(session, entry).await
}
