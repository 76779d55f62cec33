//! A Cloudflare D1 database, and how wrangler reaches it.

use std::fmt;
use std::path::PathBuf;

/// A Cloudflare D1 database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct D1Database {
    /// Its name, or the name of its binding in wrangler's configuration.
    pub name: String,
    /// The environment in wrangler's configuration.
    pub environment: Option<String>,
    /// Whether it is the copy on this machine that wrangler keeps for development.
    pub local: bool,
    /// Wrangler's configuration, where it is not in the current folder.
    pub config: Option<PathBuf>,
}

impl fmt::Display for D1Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on Cloudflare D1{}", self.name, if self.local { " (local)" } else { "" })
    }
}
