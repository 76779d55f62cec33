//! `services plan`: what a sync would change.

use serde::Serialize;

use super::{EQUAL, PENDING, ready, table, unless_unread};
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, show};
use crate::services::{self, Plan, SyncError};

/// What is printed as JSON.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) environment: &'static str,
    pub(super) database: String,
    pub(super) catalog_hash: &'static str,
    pub(super) equal: bool,
    #[serde(flatten)]
    pub(super) plan: &'a Plan,
}

pub(super) async fn run(context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    let (target, plan) = find(&context, chosen).await?;
    unless_unread(print(context, &target, &plan))?;
    Ok(if plan.differences.is_empty() { EQUAL } else { PENDING })
}

/// The plan of an environment.
pub(super) async fn find(context: &Context<'_>, chosen: &Choice) -> Result<(Target, Plan), Failure> {
    let target = Target::of(context, chosen)?;
    let database = ready::open_read_only(context, &target).await?;
    let plan = services::plan(&mut database.session().await?, context.artifacts).await;
    database.close().await;
    Ok((target, plan.map_err(SyncError::Database)?))
}

/// Prints it.
pub(super) fn print(context: Context<'_>, target: &Target, plan: &Plan) -> Result<(), Failure> {
    let Context { artifacts, json, paint, out, .. } = context;
    let equal = plan.differences.is_empty();
    if json {
        let (environment, database) = (target.environment, target.database.to_string());
        show::json(out, &Report { environment, database, catalog_hash: artifacts.catalog_hash, equal, plan })?;
        return Ok(());
    }
    writeln!(out, "{}", paint.bold(&format!("{}: {}", target.environment, target.database)))?;
    for line in table::plan(plan) {
        writeln!(out, "  {line}")?;
    }
    if equal {
        writeln!(out, "  every row is as the catalog says")?;
    }
    Ok(())
}
