//! `stripe status`: the last sync, and what it has left in the database.

use serde::Serialize;

use super::EQUAL;
use super::account::{Access, open};
use crate::commands::failure::unless_unread;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, show};
use crate::stripe::product_sync::record::{self, Last, MappingCounts};

#[derive(Serialize)]
struct Status {
    environment: &'static str,
    /// `all_synced`, `needs_sync` or `sync_errors`.
    status: &'static str,
    last: Option<Last>,
    mappings: MappingCounts,
}

pub(super) async fn run(context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    let target = Target::of(&context, chosen)?;
    let database = open(&context, &target, Access::Read).await?;
    let mut session = database.session().await?;
    let read = async {
        let last = record::last(&mut session, target.environment).await?;
        Ok((last, record::counts(&mut session).await?))
    };
    let (last, mappings) = read.await.map_err(|cause| target.failed("read", cause))?;
    drop(session);
    database.close().await;
    let status = match &last {
        Some(last) if last.status == "failed" => "sync_errors",
        Some(last) if last.status == "succeeded" && last.catalog_hash == context.artifacts.catalog_hash => "all_synced",
        _ => "needs_sync",
    };
    let status = Status { environment: target.environment, status, last, mappings };
    unless_unread(print(context, &status))?;
    Ok(EQUAL)
}

fn print(context: Context<'_>, status: &Status) -> Result<(), Failure> {
    let Context { json, paint, out, .. } = context;
    if json {
        show::json(out, status)?;
        return Ok(());
    }
    let words = match status.status {
        "all_synced" => "All Synced: as of the last sync; `pricebook stripe validate` asks Stripe",
        "sync_errors" => "Sync Errors: the last sync failed",
        _ => "Needs Sync: nothing was synced with this catalog yet",
    };
    writeln!(out, "{}", paint.bold(&format!("{}: {words}", status.environment)))?;
    if let Some(Last { mode, status, created, updated, synced, errors, started_at, .. }) = &status.last {
        writeln!(out, "  last {mode} {status}, {started_at}")?;
        writeln!(out, "  products: {created} created, {updated} updated, {synced} already synced; {errors} errors")?;
    }
    let MappingCounts { created, updated, synced, error } = status.mappings;
    writeln!(out, "  mapped prices: {}, {error} of them with an error", created + updated + synced + error)?;
    Ok(())
}
