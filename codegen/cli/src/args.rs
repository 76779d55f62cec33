//! The command line: one list of definitions for parser, help, man page and completions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use rust_decimal::Decimal;

use crate::import;

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  problems were found, or something could not be done; the output says what to do
  2  wrong usage";

/// Work on a price catalog: check it, generate its artifacts, compare and migrate it.
#[derive(Debug, Parser)]
#[command(name = "cargo-catalog", bin_name = "cargo catalog", version, after_help = EXIT_CODES)]
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
    Check {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write `generated/` as the catalog says
    Generate {
        /// Write nothing; show what differs
        #[arg(long)]
        check: bool,
    },
    /// Say what a change of the catalog means for customers and for each target
    Diff(Diff),
    /// Find changes that break promises to customers
    Lint(Lint),
    /// Write the next migration: what leads from the last migrated tables to the catalog's
    Migrate(Migrate),
    /// Write into the lock what is sold now, so that ids and prices keep their meaning
    Record {
        /// Write nothing; say what would be recorded
        #[arg(long)]
        check: bool,
    },
    /// Make a catalog from `services.config.ts` or from a Stripe account's products and prices
    Import(import::Args),
    /// Explain a diagnostic's code or a lint rule
    Explain {
        /// As it stands in brackets: `unknown-feature`
        #[arg(required_unless_present = "list")]
        code: Option<String>,
        /// List all codes
        #[arg(long, conflicts_with = "code")]
        list: bool,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
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
    #[arg(long, value_name = "PERCENT", default_value = "0")]
    pub max_raise: Decimal,
    /// Lower a price by more than so many percent only with a reason
    #[arg(long, value_name = "PERCENT", default_value = "30")]
    pub max_cut: Decimal,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
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
}
