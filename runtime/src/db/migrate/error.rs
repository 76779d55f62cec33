//! Why a database cannot be migrated, and what to do about it.

use std::borrow::Cow;

use super::Refusal;
use crate::db::{Fault, said};

/// Why a database cannot be migrated; a migration that fails leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database's migration has another text than ours.
    #[error("migration {number:04}_{name} of {stream} was changed after this database had run it")]
    Edited {
        /// The stream.
        stream: String,
        /// The migration's number.
        number: u32,
        /// The migration's name as the database has it.
        name: String,
    },
    /// The database has a migration that this program does not know.
    #[error("this database has run migration {number:04}_{name} of {stream}, which this program does not know")]
    Unknown {
        /// The stream.
        stream: String,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: String,
    },
    /// The database belongs to another catalog.
    #[error("this database belongs to the catalog {0}")]
    OtherCatalog(String),
    /// The database lacks a migration in front of one that it has.
    #[error("this database lacks migration {number:04}_{name} of {stream} but has a later one")]
    Gap {
        /// The stream.
        stream: &'static str,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: &'static str,
    },
    /// A statement failed.
    #[error("migration {number:04}_{name} of {stream} failed{}: {}", at.as_deref().unwrap_or_default(), said(.cause))]
    Failed {
        /// The stream.
        stream: &'static str,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: &'static str,
        /// ` at statement 3 of 12, CREATE TABLE a`, where it is known.
        at: Option<String>,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
    /// A statement failed on a database that keeps each statement by itself.
    #[error("migration {number:04}_{name} of {stream} failed at statement {statement} of {of}: {}", said(.cause))]
    FailedPartway {
        /// The stream.
        stream: &'static str,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: &'static str,
        /// The failing statement, from 1.
        statement: usize,
        /// How many statements the migration has.
        of: usize,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
    /// Rows would point at rows that are gone.
    #[error("migration {number:04}_{name} of {stream} would leave rows of {table} that refer to nothing")]
    Dangling {
        /// The stream.
        stream: &'static str,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: &'static str,
        /// The table with such rows.
        table: String,
    },
    /// Tables are there that a migration makes, and hold something else; nothing was migrated.
    #[error("{}\nnothing was migrated", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    NotTakenOver(Vec<Refusal>),
    /// Another process migrates the same database and does not end.
    #[error("another process migrates this database")]
    Busy,
    /// The table of applied migrations cannot be read or written.
    #[error("the table of applied migrations cannot be used: {}", said(.0))]
    Database(#[from] sqlx::Error),
}

impl MigrationError {
    /// What to do about it.
    pub fn help(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::NotTakenOver(refusals) => {
                let all: Vec<_> = refusals.iter().map(Refusal::help).collect();
                return Cow::Owned(all.join("\n"));
            }
            Self::FailedPartway { .. } => {
                "MySQL keeps each statement: those before it stand; mend the cause, then migrate again, and it goes on there"
            }
            Self::Edited { .. } => {
                "bring its file back as it was, and put the change into a new migration: cargo catalog migrate NAME"
            }
            Self::Unknown { .. } => "run the newer program that made it, or restore a backup from before",
            Self::OtherCatalog(_) => "name another database with --database",
            Self::Gap { .. } => "restore a backup: its table pricebook_migrations was changed by hand",
            Self::Failed { cause, .. } => {
                let kept = "nothing of it is kept, and those before it stand";
                return match Fault::of(cause).help() {
                    "" => Cow::Borrowed(kept),
                    help => Cow::Owned(format!("{help}; {kept}")),
                };
            }
            Self::Dangling { .. } => {
                "nothing was changed; put those rows right or change the migration, then run it again"
            }
            Self::Busy => Fault::Locked.help(),
            Self::Database(cause) => Fault::of(cause).help(),
        })
    }
}
