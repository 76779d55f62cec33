//! `--after staging`: production gets what staging has.

use std::path::Path;

use serde::Serialize;

use super::proof::{self, Served};
use super::{EQUAL, Proved, Sync, ready, unless_unread};
use crate::commands::show;
use crate::commands::target::Target;
use crate::commands::{Context, Failure};
use crate::services::plan;
use crate::services::record::last_run;

/// Goes on only when that environment was synced with this catalog, and its rows are what the catalog says now; or, with a
/// proof, were when it was made. Returns what to tell of it.
pub(super) async fn must_be_synced(context: &Context<'_>, after: &str, arguments: &Sync) -> Result<String, Failure> {
    if let Some(file) = &arguments.after_proof {
        return Ok(format!("After: {}", must_be_proved(context, after, file)?.0));
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
    let (last, plan) = last.and_then(|last| Ok((last, plan?))).map_err(|cause| elsewhere.failed("read", cause))?;
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

#[derive(Serialize)]
struct Report<'a> {
    environment: &'a str,
    catalog_hash: &'static str,
    served: Served,
}

/// `services proved`: the same look at a proof, before anything is touched.
pub(super) fn proved(context: Context<'_>, arguments: &Proved) -> Result<u8, Failure> {
    let Proved { environment, file } = arguments;
    let (says, served) = must_be_proved(&context, environment, file)?;
    let told = match context.json {
        true => {
            let catalog_hash = context.artifacts.catalog_hash;
            show::json(context.out, &Report { environment, catalog_hash, served })
        }
        false => writeln!(context.out, "{says}"),
    };
    unless_unread(told.map_err(Failure::from))?;
    Ok(EQUAL)
}

fn must_be_proved(context: &Context<'_>, environment: &str, file: &Path) -> Result<(String, Served), Failure> {
    Target::known(context.artifacts, environment)?;
    let served = proof::must_prove(file, environment, context.artifacts.catalog_hash)?;
    let unseen = match served {
        Served::NoLiveUrl => "; it has no live_url, so that nobody looked at what it serves",
        Served::Equal | Served::NotLookedAt => "",
    };
    let says = format!("{environment}, which was synced with the same catalog, by {}{unseen}", file.display());
    Ok((says, served))
}
