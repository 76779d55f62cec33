//! Opening the database file: write-ahead log, foreign keys, and patience with other processes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::{Error, Fault};
use crate::config::DatabaseUrl;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait between attempts where SQLite itself does not wait.
const RETRY_AFTER: Duration = Duration::from_millis(20);
/// How many copies in memory this process has made; each has a name of its own.
static COPIES: AtomicUsize = AtomicUsize::new(0);

/// An open database with its one connection for writing.
#[derive(Debug)]
pub struct Database {
    /// The connection.
    pub writer: SqliteConnection,
    /// The file, for messages.
    pub path: PathBuf,
    /// Whether the file was made by opening it.
    pub created: bool,
}

impl Database {
    /// Opens the file for writing; makes it when it is missing.
    ///
    /// # Errors
    /// [`Error`] where it cannot be opened or made, or is no database.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Error> {
        let path = url.path();
        let created = !path.exists();
        if let (DatabaseUrl::Embedded(_), Some(folder)) = (url, path.parent()) {
            std::fs::create_dir_all(folder).map_err(|cause| error("open", path, cause.into()))?;
        }
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let writer = connect_patiently(options).await.map_err(|cause| error("open", path, cause))?;
        Ok(Self { writer, path: path.clone(), created })
    }

    /// Opens the file for reading only; `None` where it is missing.
    ///
    /// # Errors
    /// [`Error`] where it cannot be opened or is no database.
    pub async fn open_read_only(url: &DatabaseUrl) -> Result<Option<SqliteConnection>, Error> {
        let path = url.path();
        if !path.exists() {
            return Ok(None);
        }
        let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
        options.connect().await.map(Some).map_err(|cause| error("open", path, cause))
    }

    /// A copy of the file in memory (empty where there is none), for a dry run: everything works on it as on the file,
    /// and nothing is kept. It takes as much memory as the file has bytes.
    ///
    /// # Errors
    /// [`Error`] where the file is there and cannot be read.
    pub async fn open_copy(url: &DatabaseUrl) -> Result<Self, Error> {
        let path = url.path();
        let name = format!("file:pricebook-copy-{}", COPIES.fetch_add(1, Ordering::Relaxed));
        let options = SqliteConnectOptions::new().filename(&name).in_memory(true).shared_cache(true);
        let writer = options.connect().await.map_err(|cause| error("copy", path, cause))?;
        let original = Self::open_read_only(url).await?;
        let created = original.is_none();
        if let Some(mut original) = original {
            let copy = AssertSqlSafe(format!("VACUUM INTO '{name}?mode=memory&cache=shared'"));
            sqlx::raw_sql(copy).execute(&mut original).await.map_err(|cause| error("copy", path, cause))?;
            original.close().await.map_err(|cause| error("copy", path, cause))?;
        }
        Ok(Self { writer, path: path.clone(), created })
    }

    /// Closes the connection, which also writes the log back into the file.
    ///
    /// # Errors
    /// [`Error`] where that fails; what was committed is safe in the log.
    pub async fn close(self) -> Result<(), Error> {
        self.writer.close().await.map_err(|cause| error("close", &self.path, cause))
    }
}

/// Connects with the settings that every connection for writing has. The change to the write-ahead log takes a lock that
/// SQLite does not wait for, so that it is tried again here.
async fn connect_patiently(options: SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let options = options.journal_mode(SqliteJournalMode::Wal).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match options.connect().await {
            Err(cause) if Fault::of(&cause) == Fault::Locked && Instant::now() < deadline => {
                tokio::time::sleep(RETRY_AFTER).await;
            }
            result => return result,
        }
    }
}

fn error(doing: &'static str, path: &Path, cause: sqlx::Error) -> Error {
    Error { doing, path: path.to_path_buf(), cause }
}
