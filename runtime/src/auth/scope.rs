//! What a token may do, of that which its user may.

use serde::Serialize;

/// A token's scope. Each has a text that the database holds and that people type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Whatever the user's role may do, also what comes later
    All,
    /// See what administrators see
    AdminRead,
    /// Change what administrators may change
    AdminWrite,
}

impl Scope {
    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::AdminRead => "admin-read",
            Self::AdminWrite => "admin-write",
        }
    }
}
