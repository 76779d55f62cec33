//! `cargo catalog completions SHELL`.
//!
//! The command is called in two ways, `cargo-catalog …` and `cargo catalog …`, and shells look completions up by the first word.
//! zsh's own completion of cargo asks `_cargo-catalog`; for bash and fish the second way is added here.

use std::io::Write;

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;

use crate::args::Cli;
use crate::outcome::{Ended, Outcome};

/// Hands `cargo catalog …` to the function above, and everything else to whatever completed cargo before.
const OF_CARGO_IN_BASH: &str = include_str!("completions.bash");

pub(super) fn run(shell: Shell) -> Ended {
    let script = match shell {
        Shell::Bash => in_bash(),
        Shell::Fish => in_fish() + &of_cargo_in_fish(),
        _ => generated(shell, Cli::command(), NAME),
    };
    std::io::stdout().lock().write_all(script.as_bytes())?;
    Ok(Outcome::Clean)
}

/// The name of the program.
const NAME: &str = "cargo-catalog";

fn generated(shell: Shell, mut command: clap::Command, name: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Made for a name without a hyphen: the cases for the options of subcommands would have another name than the rest.
fn in_bash() -> String {
    let plain = "cargo_catalog";
    let script = generated(Shell::Bash, Cli::command().bin_name(plain), plain);
    script.replace(&format!(" default {plain}\n"), &format!(" default {NAME}\n")) + OF_CARGO_IN_BASH
}

/// Completions of cargo for its subcommand `catalog`, which fish adds to those that it has. The functions that they use have
/// names of their own, for fish may bring some for cargo; they read past the toolchain of `cargo +stable catalog`.
fn of_cargo_in_fish() -> String {
    const FUNCTIONS: &str = "__fish_cargo_with_catalog";
    const WITHOUT_PROGRAM: &str = "    set -e cmd[1]\n";
    let catalog = Cli::command().name("catalog").bin_name("catalog");
    let cargo = clap::Command::new("cargo").disable_help_flag(true).disable_help_subcommand(true).subcommand(catalog);
    let script = generated(Shell::Fish, cargo, "cargo").replace("__fish_cargo_", &format!("{FUNCTIONS}_"));
    let without_toolchain = format!("{WITHOUT_PROGRAM}    string match -q -- '+*' $cmd[1]\n    and{WITHOUT_PROGRAM}");
    let is_it = format!("{FUNCTIONS}_using_subcommand catalog; and __fish_seen_subcommand_from completions");
    script.replacen(WITHOUT_PROGRAM, &without_toolchain, 1) + &shells_in_fish("cargo", &is_it)
}

fn in_fish() -> String {
    let is_it = "__fish_cargo_catalog_using_subcommand completions";
    generated(Shell::Fish, Cli::command(), NAME) + &shells_in_fish(NAME, is_it)
}

/// What can be written for a shell, which would be names of files: clap completes no values of arguments without a name here.
fn shells_in_fish(name: &str, condition: &str) -> String {
    let shells: Vec<String> = Shell::value_variants().iter().map(Shell::to_string).collect();
    format!("complete -c {name} -n \"{condition}\" -f -a \"{}\"\n", shells.join(" "))
}
