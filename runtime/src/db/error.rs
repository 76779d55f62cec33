//! What can be wrong with a database, in terms that say what to do.

use std::path::PathBuf;

/// What kind of trouble a database is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another process holds the lock for longer than we wait.
    Locked,
    /// The file, its folder or its file system cannot be written.
    ReadOnly,
    /// The file cannot be opened or made.
    CannotOpen,
    /// The file is not a SQLite database.
    NotADatabase,
    /// The file is a damaged SQLite database.
    Damaged,
    /// There is no space left.
    Full,
    /// Anything else that the database said.
    Other,
}

impl Fault {
    /// The kind of trouble behind an error of the driver.
    pub fn of(cause: &sqlx::Error) -> Self {
        let code = match cause {
            sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()),
            sqlx::Error::Io(_) => return Self::CannotOpen,
            _ => None,
        };
        // The low byte of SQLite's extended result code is its primary result code.
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Locked,
            Some(8) => Self::ReadOnly,
            Some(11) => Self::Damaged,
            Some(13) => Self::Full,
            Some(14) => Self::CannotOpen,
            Some(26) => Self::NotADatabase,
            _ => Self::Other,
        }
    }

    /// What to do about it; empty where the database's own message has to do.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Locked => "another program is writing to it; wait until that has ended and run the command again",
            Self::ReadOnly => {
                "make the file and its folder writable, or name another database with --database sqlite:<path>"
            }
            Self::CannotOpen => {
                "make the folder and see that you may write to it, or name another database with --database sqlite:<path>"
            }
            Self::NotADatabase => "the file is something else; name another with --database sqlite:<path>",
            Self::Damaged => "restore the file from a backup, or move it away to start with a fresh one",
            Self::Full => "make space on the disk and run the command again",
            Self::Other => "",
        }
    }
}

/// A failure of the database, with what was being done; nothing was kept of that.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}: {cause}", path.display())]
pub struct Error {
    /// What was being done: `open`, `migrate` …
    pub doing: &'static str,
    /// The database file.
    pub path: PathBuf,
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
