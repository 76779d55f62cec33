//! `--after staging`: production gets what staging got.

use super::ready;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure};
use crate::services::SyncError;
use crate::services::record::is_on_record;

/// Goes on only when a sync of this catalog in that environment is on record.
pub(super) async fn must_be_synced(context: &Context<'_>, after: &str, chosen: &Choice) -> Result<(), Failure> {
    // Its own database: --database names that of the environment to be synced.
    let elsewhere = Target::own(context, after, chosen)?;
    let database = ready::open_read_only(context, &elsewhere).await?;
    let hash = context.artifacts.catalog_hash;
    let known = is_on_record(&mut database.session().await?, hash, elsewhere.environment).await;
    database.close().await;
    match known.map_err(SyncError::Database)? {
        true => Ok(()),
        false => {
            let message = format!("{after} was not synced with this catalog ({})", hash.get(..12).unwrap_or(hash));
            Err(Failure::failed(message, format!("sync it first: pricebook services sync {after}")))
        }
    }
}
