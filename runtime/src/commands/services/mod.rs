//! `services`: the rows of an environment's database against the catalog.

mod after;
mod afterwards;
mod backup;
pub(super) mod confirm;
mod deployed;
mod history;
mod journal;
pub(super) mod live;
mod plan;
mod proof;
pub(super) mod ready;
mod restore;
mod sync;
mod table;
mod validate;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::failure::unless_unread;
use super::target::Choice;
use super::{Context, Failure};
use crate::services::backup::{KEEP, Rotated};

const CODES: &str = "Exit codes: 0 nothing differs, or all was done; 2 changes are pending (plan, sync or restore \
                     --dry-run); 1 anything else, also wrong usage.";

/// Nothing differs, or everything was done.
const EQUAL: u8 = 0;
/// Differences were found where none should be.
const DIFFERENT: u8 = 1;
/// A sync would change something.
const PENDING: u8 = 2;

#[derive(Args)]
#[command(after_help = CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what a sync would change, old → new; writes nothing (exit code 0: nothing, 2: something)
    Plan(Choice),
    /// Back up the rows, make them equal to the catalog, verify them, and let servers drop their caches
    Sync(Sync),
    /// See that every row is as the catalog says; writes nothing (exit code 1: some are not; rows that the catalog does not know are told, and no difference)
    Verify(Choice),
    /// See that a live API answers what the catalog says, over the network (exit code 1: it does not)
    Validate(Validate),
    /// Wait until the servers of a live API run this program's catalog (exit code 1: they do not)
    Deployed(Deployed),
    /// See that a proof of an environment's sync holds for this program, as `sync --after-proof` would; writes nothing (exit code 1: it does not)
    Proved(Proved),
    /// Write every row that a sync could change to a file
    Backup(Backup),
    /// Put the rows of a backup back
    Restore(Restore),
}

#[derive(Args)]
struct Files {
    /// Where logs and backups are written
    #[arg(long, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
    /// How many backups of a sort stay in the folder
    #[arg(long, value_name = "N", default_value_t = KEEP, value_parser = at_least_one)]
    keep: usize,
}

#[derive(Args)]
struct Sync {
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    files: Files,
    /// Write to production without asking
    #[arg(long)]
    yes: bool,
    /// Take no backup; refused for production
    #[arg(long)]
    no_backup: bool,
    /// The database is a copy of this environment's, whose it is by its last sync: from now on it is that of the one named first
    #[arg(long, value_name = "ENVIRONMENT")]
    copy_of: Option<String>,
    /// Go on only if this environment was synced with the same catalog, and has its rows now
    #[arg(long, value_name = "ENVIRONMENT")]
    after: Option<String>,
    /// With --after: what its sync wrote with --proof, in place of a look at its database
    #[arg(long, value_name = "FILE", requires = "after")]
    after_proof: Option<PathBuf>,
    /// Write down for other places that these rows are as the catalog says, and what is served, too
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Do not look at the live API afterwards
    #[arg(long)]
    no_validate: bool,
    /// In a checkout: do not ask `cargo catalog generate --check` whether catalog/ was edited since the program was built
    #[arg(long)]
    no_catalog_check: bool,
}

#[derive(Args)]
struct Validate {
    /// An environment of the catalog that has a live_url, or the address of an API, without /services [default: production]
    #[arg(value_name = "ENVIRONMENT|URL")]
    target: Option<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Also ask for a payment of each product that must be refused; nothing can be charged
    #[arg(long)]
    payments: bool,
    /// Look again and again until stopped
    #[arg(long)]
    watch: bool,
    /// With --watch: seconds between two looks
    #[arg(long, value_name = "SECS", default_value_t = 60, requires = "watch", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// Show the checks that servers have kept in the database, the newest first
    #[arg(long, conflicts_with_all = ["watch", "payments"])]
    history: bool,
}

#[derive(Args)]
struct Deployed {
    /// An environment that has a live_url, or addresses: where a proxy stands before several servers, that of each [default: production]
    #[arg(value_name = "ENVIRONMENT|URL")]
    targets: Vec<String>,
    /// Seconds to wait for it
    #[arg(long, value_name = "SECS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    within: u64,
}

#[derive(Args)]
struct Proved {
    /// The environment that was synced
    environment: String,
    /// What its sync wrote with --proof
    file: PathBuf,
}

#[derive(Args)]
struct Backup {
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    files: Files,
}

#[derive(Args)]
struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    files: Files,
    /// The environment or the database of the backup, as its head names it, where that is another one
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    /// Write to production without asking
    #[arg(long)]
    yes: bool,
}

/// Zero would take away the backup that was just written.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least one stays".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a number".to_owned()),
    }
}

/// What is told of old backups that were taken away.
fn removed(rotated: &Rotated) -> impl Iterator<Item = String> {
    rotated.removed.iter().map(|old| format!("removed {}, an old backup", old.display()))
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Plan(target) => plan::run(context, target).await,
        Command::Sync(arguments) => sync::run(context, arguments).await,
        Command::Verify(target) => verify::run(context, target).await,
        Command::Validate(arguments) => validate::run(context, arguments).await,
        Command::Deployed(arguments) => deployed::run(context, arguments).await,
        Command::Proved(arguments) => after::proved(context, arguments),
        Command::Backup(arguments) => backup::run(context, arguments).await,
        Command::Restore(arguments) => restore::run(context, arguments).await,
    }
}
