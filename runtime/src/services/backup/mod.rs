//! Backups: every row of the tables that a sync writes, as SQL that puts them back, and putting them back.

mod dump;
mod error;
mod file;
mod outside;
mod rehearse;
mod restore;
mod rotate;
mod statements;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use pricebook_types::Artifacts;
use serde::Serialize;

pub use dump::{Dump, dump};
pub use error::BackupError;
pub use file::{Contents, read};
pub use rehearse::{Rehearsed, RowChanges, rehearse};
pub use restore::{Restored, fitting, restore};
pub use rotate::{KEEP, Rotated, rotate};

use super::state::State;
use crate::db::Session;

/// Why a backup is taken; it is part of the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody asked for it.
    Manual,
    /// Rows are about to be synced.
    BeforeSync,
    /// Rows are about to be replaced by those of a backup.
    BeforeRestore,
}

impl Reason {
    /// What the file's name begins with.
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Manual => "backup",
            Self::BeforeSync => "backup-before-sync",
            Self::BeforeRestore => "backup-before-restore",
        }
    }

    /// What the table `backups` calls it, which knows nothing of restoring.
    pub(super) const fn recorded(self) -> &'static str {
        match self {
            Self::Manual | Self::BeforeRestore => "manual",
            Self::BeforeSync => "before_sync",
        }
    }
}

/// Where and for whom a backup is written.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The folder; `.` for the current one.
    pub folder: &'a Path,
    /// The environment whose database it is.
    pub environment: &'a str,
    /// The database ([`crate::config::DatabaseUrl::identity`]).
    pub database: &'a str,
    /// The time that stands in the file's name.
    pub time: DateTime<Utc>,
}

/// A backup that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// Its id in the table `backups`.
    pub id: String,
    /// The file, with its whole path.
    pub file: PathBuf,
    /// The file's size.
    pub size_bytes: u64,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub checksum: String,
    /// The catalog whose rows it holds, as the database remembered it.
    pub catalog_hash: Option<String>,
    /// How many rows it holds.
    pub rows: usize,
}

/// Writes every row of the tables that a sync writes to a new file. Within a transaction of
/// [`crate::db::begin_alone`] it holds just what that transaction then replaces.
///
/// # Errors
/// [`BackupError`]; there is no file then.
pub async fn take(
    session: &mut Session,
    artifacts: &Artifacts,
    reason: Reason,
    place: Place<'_>,
    state: &State,
) -> Result<Backup, BackupError> {
    let dump = dump(session, artifacts.synced_tables).await?;
    let head = file::Head {
        catalog: artifacts.name,
        catalog_hash: state.catalog_hash.as_deref(),
        dialect: session.dialect(),
        environment: place.environment,
        kept_in: place.database,
        time: place.time,
    };
    file::write(reason, place, &head, &dump)
}
