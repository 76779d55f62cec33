//! `services plan`: what a sync would change.

use serde::Serialize;

use super::table::{self, Extent};
use super::{EQUAL, PENDING, ready, unless_unread};
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, show};
use crate::db::Database;
use crate::db::migrate::migrate;
use crate::services::{self, NewRow, Plan};

/// What is printed as JSON.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) environment: &'static str,
    pub(super) database: String,
    pub(super) catalog_hash: &'static str,
    pub(super) equal: bool,
    #[serde(flatten)]
    pub(super) plan: &'a Plan,
    /// What will stand in the rows that are missing.
    pub(super) new_rows: &'a [NewRow],
    /// Whose database it is by its last sync, where it would be that no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) copy_of: Option<&'a str>,
}

pub(super) async fn run(context: Context<'_>, chosen: &Choice) -> Result<u8, Failure> {
    let (target, plan) = find(&context, chosen).await?;
    let new_rows = new_rows(&context, &plan).await?;
    unless_unread(print(context, &target, &plan, &new_rows, None))?;
    Ok(if plan.differences.is_empty() { EQUAL } else { PENDING })
}

/// The plan of an environment.
pub(super) async fn find(context: &Context<'_>, chosen: &Choice) -> Result<(Target, Plan), Failure> {
    let target = Target::of(context, chosen)?;
    let database = ready::open_read_only(context, &target).await?;
    let plan = services::plan(&mut database.session().await?, context.artifacts).await;
    database.close().await;
    let plan = plan.map_err(|cause| target.failed("read", cause))?;
    Ok((target, plan))
}

/// What will stand in the rows of a plan that are missing.
pub(super) async fn new_rows(context: &Context<'_>, plan: &Plan) -> Result<Vec<NewRow>, Failure> {
    if plan.rows.inserted == 0 {
        return Ok(Vec::new());
    }
    let empty = Database::open_empty().await?;
    let mut session = empty.session().await?;
    migrate(&mut session, &context.streams()).await?;
    let rows = services::new_rows(&mut session, context.artifacts, &plan.differences).await;
    Ok(rows.map_err(|cause| empty.failed("fill", cause))?)
}

/// Prints it.
pub(super) fn print(
    context: Context<'_>,
    target: &Target,
    plan: &Plan,
    new_rows: &[NewRow],
    copy_of: Option<&str>,
) -> Result<(), Failure> {
    let Context { artifacts, json, paint, out, .. } = context;
    let equal = plan.differences.is_empty();
    if json {
        let (environment, database) = (target.environment, target.database.to_string());
        show::json(
            out,
            &Report { environment, database, catalog_hash: artifacts.catalog_hash, equal, plan, new_rows, copy_of },
        )?;
        return Ok(());
    }
    writeln!(out, "{}", paint.bold(&format!("{}: {}", target.environment, target.database)))?;
    if let Some(owner) = copy_of {
        let environment = target.environment;
        writeln!(out, "  from this sync on it is the database of {environment}, and no longer of {owner}")?;
    }
    for line in table::plan(plan, new_rows, Extent::Screen) {
        writeln!(out, "  {line}")?;
    }
    if equal {
        let known = if plan.unknown.is_empty() { "" } else { " that the catalog knows" };
        writeln!(out, "  every row{known} is as {} says", if known.is_empty() { "the catalog" } else { "it" })?;
    }
    Ok(())
}
