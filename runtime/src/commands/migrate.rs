//! `migrate`, `migrate up`: bring the tables up to date; `migrate status`: what was applied and what is due.

use std::io;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::failure::unless_unread;
use super::services::confirm::confirm;
use super::target::{Choice, Target};
use super::{Context, Failure, show};
use crate::db::Database;
use crate::db::migrate::{Applied, Due, History, Partway, TakenOver, history, migrate, taken_over};
use crate::services::record::last_run;

/// There are migrations that are due.
const DUE: u8 = 2;

#[derive(Args)]
#[command(after_help = "Exit codes: 0 all was done; 2 migrations are due (status); 1 anything else, also wrong usage.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Apply what is due, as without a command; asks where customers see the database
    Up(Up),
    /// Show which migrations were applied and which are due; writes nothing (exit code 0: none is due, 2: some are)
    Status(Choice),
}

#[derive(Args)]
struct Up {
    #[command(flatten)]
    target: Choice,
    /// Write to production without asking
    #[arg(long)]
    yes: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    database: String,
    dry_run: bool,
    applied: &'a [Due],
    taken_over: &'a [TakenOver],
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        None => apply(context, &Choice::default(), false).await.map(|()| 0),
        Some(Command::Up(up)) => apply(context, &up.target, up.yes).await.map(|()| 0),
        Some(Command::Status(chosen)) => {
            let database = Target::of_server(&context, chosen)?.database;
            status(Context { database, ..context }).await
        }
    }
}

async fn apply(context: Context<'_>, chosen: &Choice, yes: bool) -> Result<(), Failure> {
    let target = Target::of_server(&context, chosen)?;
    let mut context = Context { database: target.database.clone(), ..context };
    let is_missing = context.database.path().is_some_and(|path| !path.exists());
    if is_missing && !context.dry_run {
        // Opening it makes it.
        confirm(&target, yes, context.json)?;
    }
    let database = context.open().await?;
    let mut session = database.session().await?;
    let due = history(&mut session, &context.streams()).await?.due;
    let taken = taken_over(&mut session, &due).await?;
    if !is_missing && !context.dry_run && !due.is_empty() {
        let last = last_run(&mut session).await.map_err(|cause| target.failed("read", cause))?;
        let target = target.remembered(context.artifacts, last.as_ref());
        if target.live.is_some() {
            print_taken(context.err, "is taken over", &taken)?;
        }
        confirm(&target, yes, context.json)?;
    }
    let applied = match context.rehearses() {
        true => due,
        false => migrate(&mut session, &context.streams()).await?,
    };
    drop(session);
    database.close().await;
    let report = Report {
        database: context.database.to_string(),
        dry_run: context.dry_run,
        applied: &applied,
        taken_over: &taken,
    };
    let told = match context.json {
        true => show::json(context.out, &report),
        false => print_applied(context.again(), &report),
    };
    match context.dry_run {
        true => told?,
        false => context.told(&format!("{} has every table", context.database), told),
    }
    Ok(())
}

fn print_applied(context: Context<'_>, report: &Report<'_>) -> io::Result<()> {
    let &Report { applied, taken_over, dry_run, .. } = report;
    let word = if dry_run { "would be migrated" } else { "migrated" };
    writeln!(context.out, "{}", context.paint.bold(&report.database))?;
    print_taken(context.out, if dry_run { "would be taken over" } else { "taken over" }, taken_over)?;
    for due in applied {
        writeln!(context.out, "  {word}: {} {:04}_{}{}", due.stream, due.number, due.name, way_back(due, applied))?;
    }
    if applied.is_empty() {
        writeln!(context.out, "  nothing changed: every migration was applied before")?;
    }
    Ok(())
}

/// Tables that are kept where a migration would make them.
pub(super) fn print_taken(out: &mut dyn io::Write, word: &str, taken_over: &[TakenOver]) -> io::Result<()> {
    for TakenOver { table, rows, added, .. } in taken_over {
        let rows = if *rows == 1 { "its row".to_owned() } else { format!("its {rows} rows") };
        let added = if added.is_empty() { String::new() } else { format!(", and given {}", added.join(", ")) };
        writeln!(out, "  {word}: the table {table} with {rows}{added}")?;
    }
    Ok(())
}

/// Said of one of those that are due, where a program from before cannot go on serving.
fn way_back(due: &Due, all: &[Due]) -> &'static str {
    // Before the first of a stream nobody served.
    let was_served = all.iter().all(|due| due.number > 1);
    if due.additive || !was_served { "" } else { " (no program from before can serve after it)" }
}

async fn status(context: Context<'_>) -> Result<u8, Failure> {
    let streams = context.streams();
    // A missing file is shown as an empty database.
    let database = match Database::open_read_only(&context.database).await? {
        Some(database) => database,
        None => Database::open_copy(&context.database).await?,
    };
    let history = history(&mut database.session().await?, &streams).await?;
    database.close().await;
    let told = match context.json {
        true => show::json(context.out, &history),
        false => print_history(context, &history),
    };
    unless_unread(told.map_err(Failure::from))?;
    Ok(if history.due.is_empty() { 0 } else { DUE })
}

fn print_history(context: Context<'_>, history: &History) -> io::Result<()> {
    let out = context.out;
    writeln!(out, "{}", context.paint.bold(&context.database.to_string()))?;
    for Applied { stream, number, name, applied_at, .. } in &history.applied {
        writeln!(out, "  applied {applied_at}: {stream} {number:04}_{name}")?;
    }
    for due in &history.due {
        let Due { stream, number, name, partway, .. } = due;
        let partway = match partway {
            None => String::new(),
            Some(Partway { done, begun: false }) => format!(" (stopped after {})", show::counted(*done, "statement")),
            Some(Partway { done, begun: true }) => format!(" (stopped in statement {})", done + 1),
        };
        writeln!(out, "  due: {stream} {number:04}_{name}{partway}{}", way_back(due, &history.due))?;
    }
    Ok(())
}
