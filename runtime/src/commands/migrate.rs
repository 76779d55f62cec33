//! `migrate`, `migrate up`: bring the tables up to date; `migrate status`: what was applied and what is due.

use std::io;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::target::{Choice, Target};
use super::{Context, Failure, show};
use crate::db::Database;
use crate::db::migrate::{Applied, Due, History, history, migrate};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Apply what is due, as without a command
    Up(Choice),
    /// Show which migrations were applied and which are due; writes nothing
    Status(Choice),
}

#[derive(Serialize)]
struct Report<'a> {
    database: String,
    dry_run: bool,
    applied: &'a [Due],
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        None => apply(context).await,
        Some(Command::Up(chosen)) => apply(of(context, chosen)?).await,
        Some(Command::Status(chosen)) => status(of(context, chosen)?).await,
    }
}

/// The same on the environment's database; without one on that of `--database` or `DATABASE_URL`, as ever.
fn of<'a>(context: Context<'a>, chosen: &Choice) -> Result<Context<'a>, Failure> {
    if chosen.environment.is_none() {
        return Ok(context);
    }
    let database = Target::of(&context, chosen)?.database;
    Ok(Context { database, ..context })
}

async fn apply(context: Context<'_>) -> Result<(), Failure> {
    let database = context.open().await?;
    let mut session = database.session().await?;
    let applied = match context.rehearses() {
        true => history(&mut session, &context.streams()).await?.due,
        false => migrate(&mut session, &context.streams()).await?,
    };
    drop(session);
    database.close().await;
    let report = Report { database: context.database.to_string(), dry_run: context.dry_run, applied: &applied };
    match context.json {
        true => show::json(context.out, &report)?,
        false => print_applied(context, &applied)?,
    }
    Ok(())
}

fn print_applied(context: Context<'_>, applied: &[Due]) -> io::Result<()> {
    let word = if context.dry_run { "would be migrated" } else { "migrated" };
    writeln!(context.out, "{}", context.paint.bold(&context.database.to_string()))?;
    for due in applied {
        writeln!(context.out, "  {word}: {} {:04}_{}", due.stream, due.number, due.name)?;
    }
    if applied.is_empty() {
        writeln!(context.out, "  nothing changed: every migration was applied before")?;
    }
    Ok(())
}

async fn status(context: Context<'_>) -> Result<(), Failure> {
    let streams = context.streams();
    // A missing file is shown as an empty database.
    let database = match Database::open_read_only(&context.database).await? {
        Some(database) => database,
        None => Database::open_copy(&context.database).await?,
    };
    let history = history(&mut database.session().await?, &streams).await?;
    database.close().await;
    match context.json {
        true => show::json(context.out, &history)?,
        false => print_history(context, &history)?,
    }
    Ok(())
}

fn print_history(context: Context<'_>, history: &History) -> io::Result<()> {
    let out = context.out;
    writeln!(out, "{}", context.paint.bold(&context.database.to_string()))?;
    for Applied { stream, number, name, applied_at, .. } in &history.applied {
        writeln!(out, "  applied {applied_at}: {stream} {number:04}_{name}")?;
    }
    for Due { stream, number, name, statements_done, .. } in &history.due {
        let partway = statements_done.map(|done| format!(" (stopped after {done} statements)")).unwrap_or_default();
        writeln!(out, "  due: {stream} {number:04}_{name}{partway}")?;
    }
    Ok(())
}
