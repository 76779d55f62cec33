//! No subcommand: migrate, sync, verify, and show the price list and what was done.

use std::io::{self, Write};

use pricebook_types::Day;
use serde::Serialize;

use super::local_stripe::{self, Filled};
use super::target::Target;
use super::{Context, Failure, LOCAL, serve, show};
use crate::audit::Actor;
use crate::config::Settings;
use crate::db::migrate::{Due, history, migrate};
use crate::db::{Database, Session};
use crate::services::doctor::up_to_date;
use crate::services::record::{LastRun, Run, last_run};
use crate::services::whose::live_environment;
use crate::services::{Line, Outcome, Request, price_list, rehearse, sync};

#[derive(Serialize)]
struct Report {
    catalog: Catalog,
    database: String,
    created: bool,
    dry_run: bool,
    changed: bool,
    migrations: Vec<Due>,
    #[serde(flatten)]
    sync: Option<Outcome>,
    /// Nothing where no local Stripe stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    stripe: Option<Filled>,
    prices: Vec<Line>,
}

#[derive(Serialize)]
struct Catalog {
    name: &'static str,
    title: &'static str,
    hash: &'static str,
}

pub(super) async fn run(mut context: Context<'_>) -> Result<(), Failure> {
    let artifacts = context.artifacts;
    let settings = serve::settings_of_process(&context)?;
    must_not_be_live(&context, live_environment(artifacts, &settings.environment))?;
    let database = context.open().await?;
    let mut session = database.session().await?;
    let target = Target::named(&context);
    let last = last_run(&mut session).await.map_err(|cause| target.failed("read", cause))?;
    must_not_be_live(&context, target.remembered(artifacts, last.as_ref()).live)?;
    let actor = Actor::of_command();
    let run = Run { environment: LOCAL, actor: &actor };
    let request =
        Request { run, planned: None, backup: None, last: last.as_ref(), new_rows: &[], must_be_recorded: false };
    let (migrations, sync) = match context.rehearses() {
        true => rehearsal(&mut session, &context, request).await?,
        false => (
            migrate(&mut session, &context.streams()).await?,
            Some(sync(&mut session, artifacts, request, &mut |_| {}).await?),
        ),
    };
    drop(session);
    let stripe = local_stripe(&mut context, &settings, last.as_ref(), &database).await;
    let created = database.created;
    database.close().await;
    let rows_change = sync.as_ref().is_some_and(|sync| !sync.rows.is_none());
    let report = Report {
        catalog: Catalog { name: artifacts.name, title: artifacts.title, hash: artifacts.catalog_hash },
        database: context.database.to_string(),
        created,
        dry_run: context.dry_run,
        changed: created
            || !migrations.is_empty()
            || rows_change
            || stripe.as_ref().is_some_and(|stripe| stripe.changed),
        migrations,
        sync,
        stripe,
        prices: price_list(artifacts, Day::today(), Some(&[])),
    };
    let told = match context.json {
        true => show::json(context.out, &report),
        false => print(context.again(), &report),
    };
    match context.dry_run {
        true => told?,
        false => context.told(&format!("{} is as the catalog says", context.database), told),
    }
    Ok(())
}

/// Has the local Stripe follow, where there is one. What goes wrong there is told: the database is as it should be.
async fn local_stripe(
    context: &mut Context<'_>,
    settings: &Settings,
    last: Option<&LastRun>,
    database: &Database,
) -> Option<Filled> {
    let last = last.map(|last| last.environment.as_str());
    let filled = match context.dry_run {
        true => local_stripe::planned(context, settings, last).await,
        false => local_stripe::fill(context, settings, last, database).await,
    };
    filled.unwrap_or_else(|failure| {
        context.warn(&format!("{}; {}", failure.message(), failure.help()));
        None
    })
}

/// Rows that customers see are written with a plan, a question and a backup, which this command does not know.
fn must_not_be_live(context: &Context<'_>, live: Option<&'static str>) -> Result<(), Failure> {
    match live.filter(|_| !context.dry_run) {
        Some(live) => Err(Failure::failed(
            format!("{} is the database of {live}, which this command does not write", context.database),
            up_to_date(live),
        )),
        None => Ok(()),
    }
}

/// A dry run on a server, which has no copy in memory: its transaction is taken back. Rows can be compared only where
/// every table is there.
async fn rehearsal(
    session: &mut Session,
    context: &Context<'_>,
    request: Request<'_>,
) -> Result<(Vec<Due>, Option<Outcome>), Failure> {
    let due = history(session, &context.streams()).await?.due;
    let outcome = if due.is_empty() { Some(rehearse(session, context.artifacts, request).await?) } else { None };
    Ok((due, outcome))
}

fn print(context: Context<'_>, report: &Report) -> io::Result<()> {
    let Context { artifacts, paint, out, .. } = context;
    let hash = show::short_hash(report.catalog.hash);
    writeln!(out, "{}\n", paint.bold(&format!("{}, catalog {hash}", report.catalog.title)))?;
    show::price_list(out, artifacts, &report.prices, paint)?;
    writeln!(
        out,
        "{}{}",
        paint.bold(&report.database),
        if report.dry_run { " (dry run: nothing is kept)" } else { "" }
    )?;
    database_lines(out, report)?;
    let Some(stripe) = &report.stripe else { return Ok(()) };
    let [where_it_is, what_was_done] = stripe.lines(report.dry_run);
    writeln!(out, "{}\n  {what_was_done}", paint.bold(&where_it_is))
}

fn database_lines(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let would = if report.dry_run { "would be " } else { "" };
    let has_rows = report.sync.as_ref().is_some_and(|sync| !sync.rows.is_none());
    if !report.created && report.migrations.is_empty() && !has_rows {
        return writeln!(out, "  nothing changed: every table and row is as the catalog says");
    }
    if report.created {
        writeln!(out, "  {would}created")?;
    }
    for due in &report.migrations {
        writeln!(out, "  {would}migrated: {} {:04}_{}", due.stream, due.number, due.name)?;
    }
    let Some(sync) = &report.sync else {
        return writeln!(out, "  rows are compared when the tables are there");
    };
    show::differences(out, &sync.differences)?;
    let rows = sync.rows;
    writeln!(
        out,
        "  {}: {} inserted, {} updated, {} deactivated, {} removed",
        if report.dry_run { "would be synced" } else { "synced" },
        show::counted(rows.inserted, "row"),
        rows.updated,
        rows.deactivated,
        rows.removed
    )?;
    writeln!(out, "  verified: every row is as the catalog says")
}
