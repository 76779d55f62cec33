//! `cargo catalog`: check, generate, compare, migrate and import a price catalog.
//!
//! The binary is a call of [`run`]. [`args`] is the one list from which parser, help, man page and completions come;
//! each command is a file of `commands/`. [`changes`] and [`lint`] are pure functions of two catalogs.

pub mod args;
pub mod changes;
mod commands;
mod examples;
mod git;
pub mod import;
pub mod lint;
mod outcome;
mod output;
mod place;
mod problem;
mod revision;
mod targets;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::Cli;

/// Runs a command line and returns its exit code: 0 for success, 1 where problems were found, 2 for wrong usage.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = without_subcommand_name(arguments).collect();
    let asks_for_json = asks_for_json(&arguments);
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            match error.use_stderr() && asks_for_json {
                true => output::stopped(vec![problem::wrong_usage(&error.render().to_string())]),
                // The text of `--help` goes to the standard output, with exit code 0.
                false => drop(error.print()),
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    outcome::exit_code(commands::run(&cli), cli.command.is_json())
}

/// Whether a command line asks for JSON, though it may be wrong in other ways.
fn asks_for_json(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--json" || argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// Cargo calls `cargo-catalog catalog …` for `cargo catalog …`.
fn without_subcommand_name(arguments: impl IntoIterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let named = |(index, argument): &(usize, OsString)| *index == 1 && argument == "catalog";
    arguments.into_iter().enumerate().filter(move |argument| !named(argument)).map(|(_, argument)| argument)
}
