//! `stripe`: what is sold in an environment's Stripe account against the catalog.

mod account;
mod adopt;
mod adopt_all;
mod earlier;
mod migrate_subscriptions;
mod plan;
mod queue;
mod revert;
mod status;
mod sync;
mod validate;

pub(super) use account::Account;
pub(super) use sync::sync_local;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::target::Choice;
use super::{Context, Failure};
use crate::stripe::product_sync::migration::Proration;
use crate::stripe::product_sync::plan::Guards;

const CODES: &str = "Exit codes: 0 nothing differs, or all was done; 2 changes are pending (plan, revert, validate, sync --dry-run or \
                     --validate-only); 1 anything else, also wrong usage. The key is in STRIPE_SECRET_KEY.";

/// Nothing differs, or everything was done.
const EQUAL: u8 = 0;
/// Something was not done.
const FAILED: u8 = 1;
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
    /// Show what a sync would change, with amounts and reasons; writes nothing (exit code 0: nothing, 2: something)
    Plan(Plan),
    /// Make what is sold in Stripe equal to the catalog
    Sync(Sync),
    /// See that the account is as the catalog says, features of all products included; writes nothing (exit code 2: it is not)
    Validate(Choice),
    /// Take over an object that was made by hand, where it is exactly what the catalog says
    Adopt(Adopt),
    /// Take over all that was made by hand and is exactly what the catalog says, such as an account that was imported
    AdoptAll(AdoptAll),
    /// Plan the way back to an earlier catalog, for `sync FILE`; writes nothing itself (exit code 2: something would change)
    Revert(Revert),
    /// Move who pays a former price to the one that has taken its place; without it they stay on theirs
    MigrateSubscriptions(MigrateSubscriptions),
    /// Show the syncs that the server has queued, or have one tried again that was given up
    Queue(queue::Arguments),
    /// Show the last sync, and how many prices are mapped; asks the database only
    Status(Choice),
}

#[derive(Args)]
struct Plan {
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    manner: Manner,
    /// Save the plan, for `sync FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How is planned.
#[derive(Args, Clone, Copy, Default)]
pub(super) struct Manner {
    /// Write everything again, whatever is there, and make again what was deleted in Stripe
    #[arg(long)]
    pub(super) force_update: bool,
    /// Read what each product grants, not only where its hash differs
    #[arg(long)]
    pub(super) deep: bool,
}

#[derive(Args)]
struct Sync {
    /// An environment, or a plan that `plan --out` has saved
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    manner: Manner,
    /// Only see whether the account is as the catalog says, as `validate`
    #[arg(long, conflicts_with = "force_update")]
    validate_only: bool,
    #[command(flatten)]
    asking: Asking,
}

/// What is done without asking, and where reports go.
#[derive(Args, Clone)]
struct Asking {
    /// Do it without asking: to a live account, and beyond what the guards allow
    #[arg(long)]
    yes: bool,
    /// By how many percent an amount may move without --yes
    #[arg(long, value_name = "PERCENT", default_value_t = Guards::default().amount_percent)]
    most_change: u64,
    /// How many objects may be taken out of sale without --yes, those not counted that others replace
    #[arg(long, value_name = "N", default_value_t = Guards::default().archived)]
    most_archived: usize,
    /// Go on where an earlier sync has not ended, because it was interrupted
    #[arg(long)]
    take_over: bool,
    /// Where logs/stripe-sync/ is
    #[arg(long, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
}

impl Asking {
    fn guards(&self) -> Guards {
        Guards { amount_percent: self.most_change, archived: self.most_archived }
    }
}

#[derive(Args)]
struct Revert {
    /// A git revision, or a folder or file with the desired state of then: generated/, catalog.json [default: what git has
    /// from before the last change of generated/stripe/catalog.json]
    #[arg(value_name = "REVISION|FILE")]
    to: Option<String>,
    #[command(flatten)]
    target: Choice,
    /// Read what each product grants, not only where its hash differs
    #[arg(long)]
    deep: bool,
    /// Save the plan, for `sync FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Args)]
struct MigrateSubscriptions {
    #[command(flatten)]
    target: Choice,
    /// Only those of this price, by its lookup key [default: all that have former objects]
    #[arg(long = "price", value_name = "LOOKUP_KEY")]
    prices: Vec<String>,
    /// What becomes of the part of a period that is paid already
    #[arg(long, value_enum, default_value_t = Proration::None)]
    proration: Proration,
    /// How many are moved before that is written down
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..))]
    batch: u8,
    /// Do it without asking, also to a live account
    #[arg(long)]
    yes: bool,
    /// Where logs/stripe-sync/ is
    #[arg(long, value_name = "FOLDER", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
}

#[derive(Args)]
struct Adopt {
    /// What it is in the catalog: a product's local id, the id of a feature or coupon
    name: String,
    /// What it is in Stripe: prod_…, feat_…, the coupon's id
    id: String,
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    asking: Asking,
}

#[derive(Args)]
struct AdoptAll {
    #[command(flatten)]
    target: Choice,
    #[command(flatten)]
    asking: Asking,
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    match &arguments.command {
        Command::Plan(arguments) => plan::run(context, arguments).await,
        Command::Sync(arguments) => sync::run(context, arguments).await,
        Command::Validate(target) => validate::run(context, target).await,
        Command::Adopt(arguments) => adopt::run(context, arguments).await,
        Command::AdoptAll(arguments) => adopt_all::run(context, arguments).await,
        Command::Revert(arguments) => revert::run(context, arguments).await,
        Command::MigrateSubscriptions(arguments) => migrate_subscriptions::run(context, arguments).await,
        Command::Queue(arguments) => queue::run(context, arguments).await,
        Command::Status(target) => status::run(context, target).await,
    }
}
