//! The library behind the pricebook server and commands. It knows no product: a company's application compiles its
//! catalog and hands over the [`Artifacts`].
//!
//! ```no_run
//! use pricebook::Artifacts;
//!
//! fn start(artifacts: &'static Artifacts) -> std::process::ExitCode {
//!     pricebook::run(artifacts)
//! }
//! ```

pub mod alerts;
pub mod audit;
pub mod auth;
mod clock;
mod commands;
pub mod config;
pub mod db;
pub mod http;
pub mod jobs;
mod outgoing;
pub mod records;
pub mod services;
pub mod stripe;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

pub use commands::{Addition, Additions};
pub use http::{Storefront, StorefrontFile, StorefrontSources};
pub use pricebook_types::Artifacts;

/// Runs the command that the process was started with: 0 is done, 1 is failed, 2 is wrong usage or changes
/// that are pending.
pub fn run(artifacts: &'static Artifacts) -> ExitCode {
    start(artifacts, None, Additions::default())
}

/// Runs the command as [`run`] does, for a company whose server has pages for browsers besides its API.
pub fn run_with_storefront(artifacts: &'static Artifacts, storefront: Storefront) -> ExitCode {
    start(artifacts, Some(storefront), Additions::default())
}

/// Runs the command as [`run_with_storefront`] does, or one that the company brings itself.
pub fn run_with_additions(artifacts: &'static Artifacts, storefront: Storefront, additions: Additions) -> ExitCode {
    start(artifacts, Some(storefront), additions)
}

fn start(artifacts: &'static Artifacts, storefront: Option<Storefront>, additions: Additions) -> ExitCode {
    let mut stdout = std::io::stdout();
    let is_terminal = stdout.is_terminal();
    let manner = commands::Manner {
        colours: is_terminal && std::env::var_os("NO_COLOR").is_none(),
        // Somebody sits there and can end the server.
        goes_on_to_serve: is_terminal,
        storefront,
        additions,
    };
    ExitCode::from(commands::run(artifacts, std::env::args_os(), &mut stdout, &mut std::io::stderr(), manner))
}

/// Runs one command as [`run`] does, with the given arguments (the first is the program's name) and outputs, without
/// colours, and returns the exit code.
pub fn run_with(
    artifacts: &'static Artifacts,
    arguments: impl IntoIterator<Item = OsString>,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> u8 {
    commands::run(artifacts, arguments, stdout, stderr, commands::Manner::default())
}
