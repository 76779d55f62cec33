//! `stripe queue list` and `replay`: the syncs that wait at the server, and those that were given up.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::json;

use super::EQUAL;
use super::account::{Access, open};
use crate::audit::{self, Actor, Entry};
use crate::clock;
use crate::commands::failure::unless_unread;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, show};
use crate::db::transaction;
use crate::jobs::{self, Kept};
use crate::stripe::sync_queue::{Ask, KIND};

/// What fits a few screens.
const SHOWN: u64 = 100;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what waits, is under way, is done or was given up, the newest first
    List(List),
    /// Have a sync tried again that was given up
    Replay(Replay),
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    target: Choice,
    /// Only those with this status: queued, running, succeeded, dead
    #[arg(long, value_name = "STATUS", value_parser = ["queued", "running", "succeeded", "dead"])]
    status: Option<String>,
}

#[derive(Args)]
struct Replay {
    /// Its id, as `list` shows it
    id: String,
    #[command(flatten)]
    target: Choice,
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::List(arguments) => list(context, arguments).await,
        Command::Replay(arguments) => replay(context, arguments).await,
    }
}

async fn list(context: Context<'_>, arguments: &List) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    let database = open(&context, &target, Access::Read).await?;
    let kept = jobs::newest(&mut database.session().await?, KIND, arguments.status.as_deref(), SHOWN).await;
    database.close().await;
    let kept = kept.map_err(|cause| target.failed("read", cause))?;
    let told = match context.json {
        true => show::json(context.out, &kept),
        false => print(context.out, &kept),
    };
    unless_unread(told.map_err(Failure::from))?;
    Ok(EQUAL)
}

fn print(out: &mut dyn Write, kept: &[Kept]) -> io::Result<()> {
    if kept.is_empty() {
        return writeln!(out, "nothing is queued");
    }
    for Kept { id, payload, status, attempts, max_attempts, error, run_at, .. } in kept {
        let what = match serde_json::from_value::<Ask>(payload.clone()) {
            Ok(ask) => {
                format!("{} of {}, by {} ({})", ask.mode.as_str(), ask.environment, ask.actor, ask.trigger.as_str())
            }
            Err(_) => "of another program".to_owned(),
        };
        writeln!(out, "{id}  {status:<9}  {run_at}  {attempts} of {max_attempts} tries  {what}")?;
        if let Some(error) = error {
            writeln!(out, "  {error}")?;
        }
    }
    Ok(())
}

async fn replay(context: Context<'_>, arguments: &Replay) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    let database = open(&context, &target, Access::Write).await?;
    let id = &arguments.id;
    let mut session = database.session().await?;
    let replayed = transaction(&mut session, async |session| {
        let replayed = jobs::replay(session, KIND, id, clock::now()).await?;
        if replayed {
            let actor = Actor::of_command();
            let entry = Entry {
                actor: &actor,
                action: "stripe.sync.replay",
                object_type: "job",
                object_id: id,
                result: "succeeded",
                details: json!({}),
            };
            audit::record(session, entry).await?;
        }
        Ok::<_, sqlx::Error>(replayed)
    })
    .await;
    drop(session);
    database.close().await;
    if !replayed.map_err(|cause| target.failed("write", cause))? {
        return Err(Failure::failed(
            format!("there is no sync {id} that was given up"),
            "pricebook stripe queue list --status dead shows those that were",
        ));
    }
    let told = match context.json {
        true => show::json(context.out, &json!({ "id": id, "status": "queued" })),
        false => writeln!(context.out, "{id} waits again; a server with STRIPE_SECRET_KEY does it"),
    };
    unless_unread(told.map_err(Failure::from))?;
    Ok(EQUAL)
}
