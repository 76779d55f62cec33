//! The command line: one list of definitions for parser, help, man page and completions.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use rust_decimal::Decimal;

use crate::{examples, import};

/// Work on a price catalog: check it, generate its artifacts, compare and migrate it.
#[derive(Debug, Parser)]
#[command(name = "cargo-catalog", bin_name = "cargo catalog", version, after_help = examples::ALL)]
pub struct Cli {
    /// Where the catalog is.
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the catalog is.
#[derive(Args, Debug)]
pub struct Place {
    /// The package whose `catalog/` is meant [default: the nearest folder upwards that has one]
    #[arg(long, global = true, value_name = "DIR")]
    pub manifest_dir: Option<PathBuf>,
    /// The runtime's own records instead of a catalog
    #[arg(long, global = true, hide = true)]
    pub records: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report every problem of the catalog
    #[command(after_help = examples::CHECK)]
    Check {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write `generated/` as the catalog says
    #[command(after_help = examples::GENERATE)]
    Generate {
        /// Write nothing; show what differs
        #[arg(long)]
        check: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say what a change of the catalog means for customers and for each target
    #[command(after_help = examples::DIFF)]
    Diff(Diff),
    /// Find changes that break promises to customers
    #[command(after_help = examples::LINT)]
    Lint(Lint),
    /// Write the next migration: what leads from the last migrated tables to the catalog's
    #[command(after_help = examples::MIGRATE)]
    Migrate(Migrate),
    /// Write into the lock what is sold now, so that ids and prices keep their meaning
    #[command(after_help = examples::RECORD)]
    Record {
        /// Write nothing; say what would be recorded, and fail if there is anything
        #[arg(long)]
        check: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a catalog from `services.config.ts`, or from what a Stripe account sells
    #[command(after_help = examples::IMPORT)]
    Import(import::Args),
    /// Explain a diagnostic's code or a lint rule
    #[command(after_help = examples::EXPLAIN)]
    Explain {
        /// As it stands in brackets: `unknown-feature`
        #[arg(required_unless_present = "list")]
        code: Option<String>,
        /// List all codes
        #[arg(long, conflicts_with = "code")]
        list: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = examples::MAN)]
    Man,
}

impl Command {
    /// Whether a program reads the output, which then is one JSON document however the command ends.
    pub(crate) fn is_json(&self) -> bool {
        match self {
            Self::Check { json }
            | Self::Generate { json, .. }
            | Self::Record { json, .. }
            | Self::Explain { json, .. } => *json,
            Self::Diff(args) => args.json,
            Self::Lint(args) => args.json || args.format == LintFormat::Json,
            Self::Migrate(args) => args.json,
            Self::Import(args) => args.json,
            Self::Completions { .. } | Self::Man => false,
        }
    }
}

/// `diff`.
#[derive(Args, Debug)]
pub struct Diff {
    /// The commit to compare with
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub against: String,
    /// As JSON
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// As Markdown, for a pull request
    #[arg(long)]
    pub markdown: bool,
    /// The day of the sync whose rows are counted, in UTC [default: the clock's]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<NaiveDate>,
}

/// `lint`.
#[derive(Args, Debug)]
pub struct Lint {
    /// The commit to compare with
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub against: String,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: LintFormat,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Raise a price by more than so many percent only with a reason
    #[arg(long, value_name = "PERCENT", default_value = "0", value_parser = percent)]
    pub max_raise: Decimal,
    /// Lower a price by more than so many percent only with a reason
    #[arg(long, value_name = "PERCENT", default_value = "30", value_parser = percent)]
    pub max_cut: Decimal,
    /// The day on which the change is made, in UTC [default: the clock's]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<NaiveDate>,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
}

/// A share without a sign: `10` or `12.5`.
fn percent(text: &str) -> Result<Decimal, String> {
    let number: Option<Decimal> = text.parse().ok();
    number.filter(|number| !number.is_sign_negative()).ok_or_else(|| "write a number such as 10 or 12.5".to_owned())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "write a day such as 2027-01-01".to_owned())
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// `migrate`.
#[derive(Args, Debug)]
pub struct Migrate {
    /// What the migration does, in snake case: `add_invoices`
    pub name: String,
    /// Accept a destructive step by its name; may be repeated
    #[arg(long, value_name = "HAZARD")]
    pub accept: Vec<String>,
    /// Print the migration instead of writing it
    #[arg(long)]
    pub dry_run: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
