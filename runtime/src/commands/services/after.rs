//! `--after staging`: production gets what staging has.

use super::ready;
use crate::commands::show;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure};
use crate::services::record::is_on_record;
use crate::services::{SyncError, plan};

/// Goes on only when that environment was synced with this catalog, and its rows are what the catalog says now.
pub(super) async fn must_be_synced(context: &Context<'_>, after: &str, chosen: &Choice) -> Result<(), Failure> {
    // Its own database: --database names that of the environment to be synced.
    let elsewhere = Target::own(context, after, chosen)?;
    let database = ready::open_read_only(context, &elsewhere).await?;
    let mut session = database.session().await?;
    let hash = context.artifacts.catalog_hash;
    let known = is_on_record(&mut session, hash, elsewhere.environment).await;
    let plan = plan(&mut session, context.artifacts).await;
    drop(session);
    database.close().await;
    let (known, plan) = (known.map_err(SyncError::Database)?, plan.map_err(SyncError::Database)?);
    let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
    let message = match plan.synced_hash.as_deref() {
        _ if !known => format!("{after} was not synced with this catalog ({})", short(hash)),
        Some(theirs) if theirs == hash && plan.differences.is_empty() => return Ok(()),
        Some(theirs) if theirs != hash => format!("{after} has another catalog by now ({})", short(theirs)),
        _ => {
            let found = show::counted(plan.differences.len(), "difference");
            format!("{after} is not as this catalog says: {found}")
        }
    };
    Err(Failure::failed(message, format!("sync it first: pricebook services sync {after}")))
}
