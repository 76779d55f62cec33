//! Why a backup cannot be taken or put back.

use std::io;
use std::path::PathBuf;

use crate::db::{Fault, said};

/// Why a backup cannot be taken or put back; the rows are then as they were.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database refused.
    #[error("the rows cannot be saved or put back: {}", said(.0))]
    Database(#[from] sqlx::Error),
    /// The database refused to keep the rows.
    #[error("the rows could not be put back, and are as they were: {}", said(.0))]
    NotKept(#[source] sqlx::Error),
    /// The last statement got no answer.
    #[error("whether the rows were put back is not known: {}", said(.0))]
    Commit(#[source] sqlx::Error),
    /// A file cannot be read or written.
    #[error("{}: {cause}", file.display())]
    File {
        /// The file, or its folder.
        file: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A file of something else.
    #[error("{} is no backup of pricebook", .0.display())]
    NoBackup(PathBuf),
    /// A file that lacks its end, or was changed.
    #[error("{} is damaged: it {what}", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// `lacks its end`, `was changed after it was written`.
        what: &'static str,
    },
    /// A backup that does not belong here.
    #[error("the backup is of {what} {found}, and this is {expected}")]
    Other {
        /// `the catalog`, `a database of`.
        what: &'static str,
        /// What the backup says.
        found: String,
        /// What is needed.
        expected: String,
    },
    /// A backup of another environment, or of another database of the same one.
    #[error("the backup is of {found}, and this is {expected}; nothing was written")]
    Elsewhere {
        /// The environment or database that the backup names.
        found: String,
        /// Where it was to be put.
        expected: String,
    },
    /// A table that the catalog does not have.
    #[error("the backup holds the table {0}, which no sync of this catalog writes")]
    UnknownTable(String),
    /// The rows are otherwise after they were put back.
    #[error("after putting it back the rows of {0} are not those of the backup; nothing was kept")]
    NotEqual(String),
    /// The rows are otherwise after they were put back, on D1, which shows it only afterwards.
    #[error("after putting it back the rows of {0} are not those of the backup")]
    Kept(String),
    /// Rows of other tables would be lost, on D1, which does not tell of which.
    #[error("rows of other tables refer to rows that the backup does not have; nothing was kept")]
    Refuted,
    /// Rows of another table would be lost.
    #[error("{table}.{column} refers to {count} rows that the backup does not have; nothing was kept")]
    Referred {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// How many of its rows.
        count: i64,
    },
}

impl BackupError {
    /// Whether the user may read, and the database remembers nothing for them.
    pub fn is_for_want_of_rights(&self) -> bool {
        let Self::Database(cause) = self else { return false };
        matches!(Fault::of(cause), Fault::NotAllowed | Fault::Replica | Fault::ReadOnly)
    }

    pub(super) fn of_commit(cause: sqlx::Error) -> Self {
        match Fault::of(&cause) {
            Fault::Refuted => Self::Refuted,
            _ if Fault::is_refused_commit(&cause) => Self::NotKept(cause),
            _ => Self::Commit(cause),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Database(cause) | Self::NotKept(cause) => Fault::of(cause).help(),
            Self::Commit(_) => "the plan tells it: pricebook services plan",
            Self::Elsewhere { .. } => "name a backup of this one; if that one is meant, add --from with its name",
            Self::File { cause, .. } => match cause.kind() {
                io::ErrorKind::StorageFull => Fault::Full.help(),
                io::ErrorKind::NotFound => "see that the file or folder is there; --folder names another folder",
                _ => "see that you may read and write there; --folder names another folder",
            },
            Self::NoBackup(_) => "name a file that `services sync` or `services backup` wrote",
            Self::Damaged { .. } => "name another backup",
            Self::Other { .. } => "name the environment or database that the backup was taken of",
            Self::UnknownTable(_) => "run the program that wrote the backup",
            Self::NotEqual(_) | Self::Kept(_) => {
                "the table has other columns than when the backup was taken, or triggers of your own"
            }
            Self::Referred { .. } | Self::Refuted => {
                "let those rows refer to others first, or sync the catalog instead"
            }
        }
    }
}
