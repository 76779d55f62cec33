//! `stripe status`: the last sync, and what it has left in the database.

use serde::Serialize;

use super::EQUAL;
use super::account::{Access, open};
use crate::commands::failure::unless_unread;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, show};
use crate::stripe::dashboard::{Overall, overall};
use crate::stripe::product_sync::record::{self, Last, MappingCounts};

#[derive(Serialize)]
struct Status {
    environment: &'static str,
    status: Overall,
    last: Option<Last>,
    mappings: MappingCounts,
}

pub(super) async fn run(context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    let target = Target::of(&context, chosen)?;
    let database = open(&context, &target, Access::Read).await?;
    let mut session = database.session().await?;
    let read = async {
        let last = record::last(&mut session, target.environment).await?;
        let validation = record::last_validation(&mut session, target.environment).await?;
        Ok((last, validation, record::counts(&mut session).await?))
    };
    let (last, validation, mappings) = read.await.map_err(|cause| target.failed("read", cause))?;
    drop(session);
    database.close().await;
    let status = overall(last.as_ref(), validation.as_ref(), context.artifacts.catalog_hash);
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
    let overall = status.status;
    writeln!(out, "{}: {}", paint.bold(&format!("{}: {}", status.environment, overall.words())), overall.meaning())?;
    if overall == Overall::AllSynced {
        writeln!(out, "  `pricebook stripe validate` asks Stripe")?;
    }
    if let Some(Last { mode, status, created, updated, synced, errors, started_at, .. }) = &status.last {
        writeln!(out, "  last {mode} {status}, {started_at}")?;
        writeln!(out, "  products: {created} created, {updated} updated, {synced} already synced; {errors} errors")?;
    }
    let MappingCounts { created, updated, synced, error } = status.mappings;
    writeln!(out, "  mapped prices: {}, {error} of them with an error", created + updated + synced + error)?;
    Ok(())
}
