//! SQLite files: write-ahead log, foreign keys, and patience with other processes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::{Fault, Pool};

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait between attempts where SQLite itself does not wait.
const RETRY_AFTER: Duration = Duration::from_millis(20);
/// Rows that SQLite's thread hands over before it waits for whoever reads them: a plan may have tens of thousands.
const ROWS_AT_ONCE: usize = 1000;
/// Statements that stay prepared: more than a verification of 10,000 products has.
const STATEMENTS: usize = 1000;
/// Memory for the pages of a transaction, in KiB: a sync of 10,000 products writes about half of it. With less, pages go to the file and come
/// back before the transaction ends.
const CACHE_KIB: u32 = 65_536;
/// How many databases in memory this process has made; each has a name of its own.
static COPIES: AtomicUsize = AtomicUsize::new(0);

/// For writing; the file is made when it is missing.
pub(super) async fn writer(path: &Path) -> Result<Pool, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
    let options = options.row_buffer_size(ROWS_AT_ONCE).statement_cache_capacity(STATEMENTS);
    let options = options.pragma("cache_size", format!("-{CACHE_KIB}"));
    // The change to the write-ahead log takes a lock that SQLite does not wait for, so that it is tried again here.
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        match options.connect().await {
            Err(cause) if Fault::of(&cause) == Fault::Locked && Instant::now() < deadline => {
                tokio::time::sleep(RETRY_AFTER).await;
            }
            Err(cause) => return Err(cause),
            Ok(connection) => {
                connection.close().await?;
                return Ok(Pool::sqlite(options, 1));
            }
        }
    }
}

/// For reading a file that is there.
pub(super) async fn reader(path: &Path, connections: u32) -> Result<Pool, sqlx::Error> {
    Ok(Pool::sqlite(reading(path).await?, connections))
}

/// SQLite reads a file with a write-ahead log only where it finds the log's two files, or may make them. Who may not write is
/// shown the file as it is, where nobody has it open: the last who closes it takes the log away.
async fn reading(path: &Path) -> Result<SqliteConnectOptions, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let read = sqlx::raw_sql("SELECT 1 FROM sqlite_schema LIMIT 1").execute(&mut connection).await;
    connection.close().await?;
    match read {
        Err(cause) if matches!(Fault::of(&cause), Fault::CannotOpen | Fault::ReadOnly) => match beside(path) {
            Some(log) => Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, ClosedLog(log)))),
            None => Ok(options.immutable(true)),
        },
        // Whatever else is wrong is told by who reads.
        _ => Ok(options),
    }
}

/// A file of the write-ahead log that is there.
fn beside(path: &Path) -> Option<PathBuf> {
    ["-wal", "-shm"].into_iter().find_map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        Some(PathBuf::from(name)).filter(|file| file.exists())
    })
}

/// Changes stand in a log that this user may not read, or not without writing.
#[derive(Debug, thiserror::Error)]
#[error("its newest rows are in {}, which this user may not read with it", .0.display())]
pub(super) struct ClosedLog(PathBuf);

/// An empty database in memory.
pub(super) async fn empty() -> Result<Pool, sqlx::Error> {
    in_memory().await.map(|(_, pool)| pool)
}

/// The same, and the name by which this process can reach it.
async fn in_memory() -> Result<(String, Pool), sqlx::Error> {
    let name = format!("file:pricebook-copy-{}", COPIES.fetch_add(1, Ordering::Relaxed));
    let pool = Pool::sqlite(SqliteConnectOptions::new().filename(&name).in_memory(true).shared_cache(true), 1);
    // It lives as long as a connection to it, which the pool keeps from now on.
    drop(pool.session().await?);
    Ok((name, pool))
}

/// A copy in memory of the file, empty where there is none. It takes as much memory as the file has bytes.
pub(super) async fn copy(path: &Path) -> Result<Pool, sqlx::Error> {
    let (name, pool) = in_memory().await?;
    if path.exists() {
        let mut original = reading(path).await?.connect().await?;
        let copy = AssertSqlSafe(format!("VACUUM INTO '{name}?mode=memory&cache=shared'"));
        sqlx::raw_sql(copy).execute(&mut original).await?;
        original.close().await?;
    }
    Ok(pool)
}
