//! `--after staging`: production gets what staging has.

use super::proof::{self, Served};
use super::{Sync, ready};
use crate::commands::show;
use crate::commands::target::Target;
use crate::commands::{Context, Failure};
use crate::services::record::last_run;
use crate::services::{SyncError, plan};

/// Goes on only when that environment was synced with this catalog, and its rows are what the catalog says now; or, with a
/// proof, were when it was made. Returns what to tell of it.
pub(super) async fn must_be_synced(context: &Context<'_>, after: &str, arguments: &Sync) -> Result<String, Failure> {
    if let Some(file) = &arguments.after_proof {
        Target::known(context.artifacts, after)?;
        let served = proof::must_prove(file, after, context.artifacts.catalog_hash)?;
        let unseen = match served {
            Served::NoLiveUrl => "; it has no live_url, so that nobody looked at what it serves",
            Served::Equal | Served::NotLookedAt => "",
        };
        return Ok(format!("After: {after}, which was synced with the same catalog, by {}{unseen}", file.display()));
    }
    // Its own database: --database names that of the environment to be synced.
    let elsewhere = Target::own(context, after, &arguments.target)?;
    let database = ready::open_read_only(context, &elsewhere).await?;
    let mut session = database.session().await?;
    let hash = context.artifacts.catalog_hash;
    let last = last_run(&mut session).await;
    let plan = plan(&mut session, context.artifacts).await;
    drop(session);
    database.close().await;
    let (last, plan) = (last.map_err(SyncError::Database)?, plan.map_err(SyncError::Database)?);
    let known = last.is_some_and(|last| last.is_of(elsewhere.environment, hash));
    let message = match plan.synced_hash.as_deref() {
        _ if !known => format!("{after} was not synced with this catalog ({})", show::short_hash(hash)),
        Some(theirs) if theirs == hash && plan.differences.is_empty() => {
            return Ok(format!("After: {after}, which was synced with the same catalog"));
        }
        Some(theirs) if theirs != hash => format!("{after} has another catalog by now ({})", show::short_hash(theirs)),
        _ => {
            let found = show::counted(plan.differences.len(), "difference");
            format!("{after} is not as this catalog says: {found}")
        }
    };
    Err(Failure::failed(message, format!("sync it first: pricebook services sync {after}")))
}
