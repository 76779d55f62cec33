//! Why artifacts could not be made or written, as text for people.

use std::fmt;
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
            Self::Load(error) => vec![format!(
                "error[unreadable-catalog]: {error}\n  = help: the catalog is every *.yaml file below catalog/"
            )],
            Self::Stale(differences) => differences.iter().map(ToString::to_string).collect(),
            Self::Io { verb, path, cause } => {
                vec![format!("error[io]: cannot {verb} {}: {cause}", path.display())]
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
