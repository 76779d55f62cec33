//! Why artifacts could not be made or written, as text for people.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use pricebook_model::render::{self, Style};
use pricebook_model::{Report, source::LoadError};

use super::Difference;

/// Why a package's artifacts could not be made or written.
#[derive(Debug)]
pub enum Failure {
    /// The catalog has problems.
    Catalog(Report),
    /// The lock or the migrations have problems.
    History(Vec<Problem>),
    /// The catalog's files cannot be read.
    Load(LoadError),
    /// `generated/` is not what the catalog says, where nothing may be written.
    Stale(Vec<Difference>),
    /// The system refused.
    Io {
        /// `read`, `write` …
        verb: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        cause: std::io::Error,
    },
}

/// A problem of a file that is not part of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// In kebab case, naming the fault.
    pub code: &'static str,
    /// The file, relative to the package.
    pub file: String,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Failure {
    /// For `map_err` on input and output.
    pub(crate) fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| Self::Io { verb, path, cause }
    }

    /// The texts of the problems, each complete, in plain text.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Catalog(report) => {
                let text = |found| render::diagnostic(found, &report.sources, Style::Plain).trim_end().to_owned();
                report.diagnostics.iter().map(text).collect()
            }
            Self::History(problems) => problems.iter().map(ToString::to_string).collect(),
            Self::Load(error) => {
                vec![format!("error[unreadable-catalog]: {error}\n  = help: {}", unreadable(&error.cause))]
            }
            Self::Stale(differences) => differences.iter().map(ToString::to_string).collect(),
            Self::Io { verb, path, cause } => {
                vec![format!("error[io]: cannot {verb} {}: {cause}\n  = help: {}", path.display(), to_do(cause))]
            }
        }
    }

    /// [`Self::texts`] as messages of `compile_error!`, in front of which rustc prints `error: `.
    pub fn compile_errors(&self) -> Vec<String> {
        let without_word = |text: String| match text.strip_prefix("error") {
            Some(rest) => rest.strip_prefix(": ").unwrap_or(rest).to_owned(),
            None => text,
        };
        self.texts().into_iter().map(without_word).collect()
    }
}

/// What to do about a file or folder of the catalog that cannot be read.
pub fn unreadable(cause: &std::io::Error) -> String {
    format!("{}; the catalog is every *.yaml file below catalog/", to_do(cause))
}

/// What to do about what the system refused.
pub fn to_do(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::PermissionDenied => "see whose it is, and who may read and write it",
        ErrorKind::NotFound => "see whether it is still there, or a link leads nowhere",
        ErrorKind::ReadOnlyFilesystem => "run it where the folder can be written",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room on the disk, then run it again: nothing is half written"
        }
        ErrorKind::AlreadyExists => "move away what stands there, and see who wrote it",
        ErrorKind::InvalidInput | ErrorKind::IsADirectory | ErrorKind::NotADirectory => {
            "put a file there, or give it another name"
        }
        _ => "mend what the system says, then run it again",
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Catalog(report)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts().join("\n\n"))
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, file, message, help } = self;
        write!(f, "error[{code}]: {message}\n --> {file}\n  = help: {help}")
    }
}
