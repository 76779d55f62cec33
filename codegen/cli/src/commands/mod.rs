//! One file for each command.

mod annotation;
mod broken;
mod check;
mod completions;
mod diff;
mod explain;
mod generate;
mod lint;
mod man;
mod migrate;
mod record;

use crate::args::{Cli, Command};
use crate::import;
use crate::outcome::Ended;
use crate::workspace::package;

/// Runs the command.
pub(crate) fn run(cli: &Cli) -> Ended {
    match &cli.command {
        Command::Check { json } => check::run(&package(&cli.place)?, *json),
        Command::Generate { check, json } => generate::run(&package(&cli.place)?, *check, *json),
        Command::Diff(args) => diff::run(&package(&cli.place)?, args),
        Command::Lint(args) => lint::run(&package(&cli.place)?, args),
        Command::Migrate(args) => migrate::run(&package(&cli.place)?, args),
        Command::Record { check, json } => record::run(&package(&cli.place)?, *check, *json),
        Command::Import(args) => import::run(args),
        Command::Explain { code: Some(code), json, .. } => explain::one(code, *json),
        Command::Explain { code: None, json, .. } => explain::all(*json),
        Command::Completions { shell } => completions::run(*shell),
        Command::Man => man::run(),
    }
}
