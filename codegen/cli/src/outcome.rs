//! How a command ends, and what that means for the exit code.

use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use pricebook_emit::build::Failure;

use crate::output;

/// A command that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Clean,
    /// Problems were found, and printed.
    Problems,
}

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The catalog, its history or the disk is at fault.
    Failure(Box<Failure>),
    /// What is wrong and what to do next.
    Refused {
        /// In one sentence without a full stop.
        message: String,
        /// What to do.
        help: String,
    },
    /// The command line asks for something that cannot be.
    Usage {
        /// In one sentence without a full stop.
        message: String,
        /// What to do.
        help: String,
    },
    /// Nobody reads the output any more: `cargo catalog diff | head`.
    OutputClosed,
}

/// What every command returns.
pub(crate) type Ended = Result<Outcome, Stop>;

impl Stop {
    pub(crate) fn refused(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), help: help.into() }
    }

    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// For `map_err` on input and output: `cannot write generated/catalog.lock: …`.
    pub(crate) fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Failure::Io { verb, path, cause }.into()
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

/// Of the standard output only.
impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::refused(format!("cannot write to the standard output: {error}"), "see what it is connected to"),
        }
    }
}

/// Prints why a command stopped, and returns its exit code.
pub(crate) fn exit_code(ended: Ended) -> ExitCode {
    match ended {
        Ok(Outcome::Clean) | Err(Stop::OutputClosed) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(Stop::Failure(failure)) => {
            output::failure(&failure);
            ExitCode::from(1)
        }
        Err(Stop::Refused { message, help }) => {
            output::error(&message, &help);
            ExitCode::from(1)
        }
        Err(Stop::Usage { message, help }) => {
            output::error(&message, &help);
            ExitCode::from(2)
        }
    }
}
