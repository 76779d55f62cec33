//! How a command ends, and what that means for the exit code.

use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use pricebook_emit::build::Failure;
use pricebook_model::Report;
use pricebook_model::render::{self, Style};

use crate::import::Note;
use crate::output;
use crate::problem::problems;

/// A command that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Clean,
    /// Problems were found, and printed.
    Problems,
    /// The command line asks for something that cannot be, and that was printed.
    WrongUsage,
}

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The catalog, its history or the disk is at fault.
    Failure(Box<Failure>),
    /// The catalog at a commit that another one is compared with is at fault.
    BrokenRevision {
        /// As it was named.
        revision: String,
        /// Its problems.
        report: Report,
    },
    /// What is wrong and what to do next.
    Refused {
        /// In one sentence without a full stop.
        message: String,
        /// What to do.
        help: String,
    },
    /// Files that hold nothing that can be imported: why, with their places.
    NotImported(Vec<Note>),
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

/// How a command ends that has printed: who closes the pipe early (`cargo catalog lint | head`) changes nothing of it.
pub(crate) fn after_printing(printed: std::io::Result<()>, outcome: Outcome) -> Ended {
    match printed.map_err(Stop::from) {
        Ok(()) | Err(Stop::OutputClosed) => Ok(outcome),
        Err(stop) => Err(stop),
    }
}

impl Stop {
    /// How a command ends that printed it itself.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Usage { .. } => Outcome::WrongUsage,
            _ => Outcome::Problems,
        }
    }

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

/// After an import that did not succeed.
pub(crate) const NOTHING_WRITTEN: &str = "nothing was written";

/// Prints why a command stopped, for people or for programs, and returns its exit code.
pub(crate) fn exit_code(ended: Ended, as_json: bool) -> ExitCode {
    let stop = match ended {
        Ok(Outcome::Clean) | Err(Stop::OutputClosed) => return ExitCode::SUCCESS,
        Ok(Outcome::Problems) => return ExitCode::from(1),
        Ok(Outcome::WrongUsage) => return ExitCode::from(2),
        Err(stop) => stop,
    };
    match &stop {
        stop if as_json => output::stopped(problems(stop)),
        Stop::Failure(failure) => output::failure(failure),
        Stop::BrokenRevision { revision, report } => {
            let text = render::text(report, Style::Plain);
            let message = format!("the catalog at {revision} has problems, so nothing can be compared with it\n{text}");
            output::error(&message, "name a commit whose catalog has none with --against");
        }
        Stop::NotImported(notes) => {
            let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
            output::error(&notes.join("\n"), NOTHING_WRITTEN);
        }
        Stop::Refused { message, help } | Stop::Usage { message, help } => output::error(message, help),
        Stop::OutputClosed => {}
    }
    ExitCode::from(if stop.outcome() == Outcome::WrongUsage { 2 } else { 1 })
}
