//! Why a command failed, what to do about it, and its exit code.

use std::io::{self, Write};

use super::show::Paint;
use crate::auth::AuthError;
use crate::config::{DatabaseError, SettingErrors};
use crate::db;
use crate::db::migrate::MigrationError;
use crate::services::backup::BackupError;
use crate::services::live::LiveError;
use crate::services::{Edited, Stale, SyncError};

/// The exit code of a command that failed.
pub(super) const FAILED: u8 = 1;
/// The exit code of a command that was not understood.
pub(super) const WRONG_USAGE: u8 = 2;

/// Everything that ends a command early.
#[derive(Debug)]
pub(super) enum Failure {
    /// The arguments are wrong, or ask for help.
    Arguments(clap::Error),
    /// The command cannot be done as it was asked for.
    Usage(String),
    /// The command failed: the message, and what to do about it.
    Failed { message: String, help: String },
    /// A live API gave no usable answer: the message, and what to do about it.
    Validation { message: String, help: String },
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// Prints the failure and returns the exit code.
    pub(super) fn report(self, out: &mut dyn Write, err: &mut dyn Write, paint: Paint) -> u8 {
        // A failure that cannot be printed still gives its exit code.
        match self {
            Self::Arguments(cause) => {
                let text = if paint.is_on() { cause.render().ansi().to_string() } else { cause.render().to_string() };
                let to: &mut dyn Write = if cause.use_stderr() { err } else { out };
                let _ = to.write_all(text.as_bytes());
                if cause.use_stderr() { WRONG_USAGE } else { 0 }
            }
            Self::Usage(message) => {
                let _ = writeln!(err, "{} {message}", paint.red("error:"));
                WRONG_USAGE
            }
            Self::Failed { message, help } => {
                let _ = writeln!(err, "{} {message}", paint.red("error:"));
                if !help.is_empty() {
                    let _ = writeln!(err, "{} {help}", paint.bold("help:"));
                }
                FAILED
            }
            Self::Validation { message, help } => {
                let _ = writeln!(err, "{} {message}", paint.red("Validation failed:"));
                let _ = writeln!(err, "{} {help}", paint.bold("help:"));
                FAILED
            }
            Self::Output(cause) => {
                let _ = writeln!(err, "{} the output cannot be written: {cause}", paint.red("error:"));
                FAILED
            }
        }
    }
}

impl Failure {
    /// A failure with what to do about it.
    pub(super) fn failed(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Failed { message: message.into(), help: help.into() }
    }

    /// What to do about it, or nothing.
    pub(super) fn help(&self) -> &str {
        match self {
            Self::Failed { help, .. } | Self::Validation { help, .. } => help,
            Self::Arguments(_) | Self::Usage(_) | Self::Output(_) => "",
        }
    }

    /// What is told, on one line.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Arguments(cause) => cause.to_string(),
            Self::Usage(message) | Self::Failed { message, .. } => message.clone(),
            Self::Validation { message, .. } => format!("Validation failed: {message}"),
            Self::Output(cause) => cause.to_string(),
        }
    }
}

/// Prints what was found, or not: it stays what it is where nobody reads it to the end (`| head`).
pub(super) fn unless_unread(told: Result<(), Failure>) -> Result<(), Failure> {
    match told {
        Err(Failure::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        told => told,
    }
}

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        Self::Validation { help: error.help(), message: error.to_string() }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<Stale> for Failure {
    fn from(error: Stale) -> Self {
        Self::failed(error.to_string(), "run cargo build, and look at the difference of generated/")
    }
}

impl From<Edited> for Failure {
    fn from(error: Edited) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        Self::failed(error.to_string(), error.help())
    }
}

impl From<SettingErrors> for Failure {
    fn from(errors: SettingErrors) -> Self {
        Self::Usage(errors.to_string())
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Self {
        Self::Failed { help: error.fault().help().to_owned(), message: error.to_string() }
    }
}

impl From<MigrationError> for Failure {
    fn from(error: MigrationError) -> Self {
        Self::Failed { help: error.help().into_owned(), message: error.to_string() }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        Self::Failed { help: error.help().to_owned(), message: error.to_string() }
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        Self::Output(cause)
    }
}
