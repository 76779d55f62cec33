//! One generated file.

/// A file below `generated/`, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to `generated/`, with `/`: `sql/sqlite/sync.sql`.
    pub path: String,
    /// The content, ending in a newline.
    pub text: String,
}

impl Artifact {
    /// A file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}
