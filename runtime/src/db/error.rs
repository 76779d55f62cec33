//! A failure of the database, with what was being done.

use super::Fault;

/// A failure of the database, with what was being done; nothing was kept of that.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {database}: {}", said(.cause))]
pub struct Error {
    /// What was being done: `open`, `migrate` …
    pub doing: &'static str,
    /// The database as it is shown: its file, or its URL without the password.
    pub database: String,
    /// What the driver said.
    #[source]
    pub cause: sqlx::Error,
}

impl Error {
    /// The kind of trouble.
    pub fn fault(&self) -> Fault {
        Fault::of(&self.cause)
    }
}

/// What the driver said, without what is of the server's own program: PostgreSQL tells the line of its source as well.
pub fn said(cause: &sqlx::Error) -> String {
    match cause {
        sqlx::Error::Database(error) => format!("error returned from database: {}", error.message()),
        other => other.to_string(),
    }
}
