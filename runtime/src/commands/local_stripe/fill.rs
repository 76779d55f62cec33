//! Filling the local Stripe as part of the main job: what is sold there becomes what the catalog says.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::{Local, file, not_started, reach, shown};
use crate::commands::stripe::{Account, Manner, sync_local};
use crate::commands::{Context, Failure};
use crate::config::Settings;
use crate::db::Database;
use crate::stripe::product_sync::plan::{Known, Plan};
use crate::stripe::product_sync::{Applied, Status};

/// Until another process has done it, or has ended.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(200);

/// What became of the products in the local Stripe, or would.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct Filled {
    /// Where its account is kept.
    file: String,
    /// Whether anything was written there.
    pub(in crate::commands) changed: bool,
    /// Products that were made.
    created: usize,
    /// Products that were changed.
    updated: usize,
    /// Products that were as the catalog says.
    synced: usize,
    /// Products that could not be made so.
    errors: usize,
}

impl Filled {
    fn of(local: &Local, plan: &Plan, applied: &Applied) -> Self {
        let count = |status| applied.count(status);
        Self {
            file: shown(&local.file),
            changed: !plan.is_equal(),
            created: count(Status::Created),
            updated: count(Status::Updated),
            synced: count(Status::Synced),
            errors: applied.results.iter().filter(|result| result.status == Status::Error).count(),
        }
    }

    /// For people, without what stands before it.
    pub(in crate::commands) fn lines(&self, is_dry_run: bool) -> [String; 2] {
        let Self { file, changed, created, updated, synced, errors } = self;
        let done = match (changed, is_dry_run) {
            (false, _) => "nothing changed: every product is as the catalog says".to_owned(),
            (true, true) => format!("would be synced: {created} products created, {updated} updated"),
            (true, false) => {
                let failed = if *errors == 0 { String::new() } else { format!(", {errors} failed") };
                format!("synced: {created} products created, {updated} updated, {synced} as they were{failed}")
            }
        };
        [format!("local Stripe, {file}"), done]
    }
}

/// What would be done, without any.
///
/// # Errors
/// Where the local Stripe cannot be started or read.
pub(in crate::commands) async fn planned(
    context: &Context<'_>,
    settings: &Settings,
    last: Option<&str>,
) -> Result<Option<Filled>, Failure> {
    let Some(wanted) = file(context, settings, last) else { return Ok(None) };
    let local = reach(context, wanted).await.map_err(not_started)?;
    let account = Account::of_local(context, &local, settings).await?;
    let plan = account.plan(&Known::new(), Manner::default(), None).await?;
    Ok(Some(Filled::of(&local, &plan, &Applied::as_planned(&plan))))
}

/// Does it, where this run may have a local Stripe. Where another process has it, and ends or syncs at the same time, it is tried again.
///
/// # Errors
/// Where the local Stripe cannot be started, read or written.
pub(in crate::commands) async fn fill(
    context: &Context<'_>,
    settings: &Settings,
    last: Option<&str>,
    database: &Database,
) -> Result<Option<Filled>, Failure> {
    let Some(wanted) = file(context, settings, last) else { return Ok(None) };
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        let local = reach(context, wanted.clone()).await.map_err(not_started)?;
        match once(context, settings, database, &local).await {
            Ok(filled) => return Ok(Some(filled)),
            Err(failure) if local.is_ours || Instant::now() > deadline => return Err(failure),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn once(
    context: &Context<'_>,
    settings: &Settings,
    database: &Database,
    local: &Local,
) -> Result<Filled, Failure> {
    let account = Account::of_local(context, local, settings).await?;
    // What the database knows of it is not believed: a file that was lost or put back is filled again.
    let plan = account.plan(&Known::new(), Manner::default(), None).await?;
    if plan.is_equal() {
        return Ok(Filled::of(local, &plan, &Applied::as_planned(&plan)));
    }
    let applied = sync_local(context, account, database, &plan, local.is_ours).await?;
    Ok(Filled::of(local, &plan, &applied))
}
