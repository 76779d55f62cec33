//! What an import could not take over, and why.

use serde::Serialize;

/// Something that is not in the catalog as it was in the source, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where it stands: `services.config.ts:12:5`, `price_1Pga…`.
    pub place: String,
    /// What it is: `product professional`, `price.display`.
    pub what: String,
    /// Why, in one sentence without a full stop.
    pub why: String,
    /// Whether it is something for sale, or something that was said of it, that is not in the catalog at all.
    pub left_out: bool,
}

impl Note {
    /// A note on something that is not as it was.
    pub fn new(place: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), why: why.into(), left_out: false }
    }

    /// A note on something for sale, or something that was said of it, that was not taken over.
    pub fn left_out(place: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { left_out: true, ..Self::new(place, what, why) }
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.what, self.why)
    }
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The sources hold something that cannot be read; every problem, with its place.
    Source(Vec<Note>),
    /// A file or folder cannot be read or written.
    Disk(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(notes) => {
                for (index, note) in notes.iter().enumerate() {
                    let line_end = if index == 0 { "" } else { "\n" };
                    write!(f, "{line_end}{note}")?;
                }
                Ok(())
            }
            Self::Disk(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for Failure {}
