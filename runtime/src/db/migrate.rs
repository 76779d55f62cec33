//! Numbered migrations: which were applied, which are due, and applying them once, each in a transaction of its own.

use pricebook_types::{Migration, Stream};
use serde::Serialize;
use sqlx::{Connection, SqliteConnection};

use super::body;

/// One migration of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// `pricebook`, or the catalog's name.
    pub stream: String,
    /// From 1 within the stream.
    pub number: u32,
    /// In snake case.
    pub name: String,
    /// SHA-256 of the text that was run, in lower-case hexadecimal.
    pub checksum: String,
    /// When, in UTC.
    pub applied_at: String,
}

/// A migration that the database does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// `pricebook`, or the catalog's name.
    pub stream: &'static str,
    /// From 1 within the stream.
    pub number: u32,
    /// In snake case.
    pub name: &'static str,
    /// SHA-256 of its text, in lower-case hexadecimal.
    pub checksum: &'static str,
    #[serde(skip)]
    sql: &'static str,
}

/// What the database has and what it lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct History {
    /// In the order in which they were applied.
    pub applied: Vec<Applied>,
    /// In the order in which they are to be applied.
    pub due: Vec<Due>,
}

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
    #[error("migration {number:04}_{name} of {stream} failed: {cause}")]
    Failed {
        /// The stream.
        stream: &'static str,
        /// The migration's number.
        number: u32,
        /// The migration's name.
        name: &'static str,
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
    /// The table of applied migrations cannot be read or written.
    #[error("the table of applied migrations cannot be used: {0}")]
    Database(#[from] sqlx::Error),
}

impl MigrationError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Edited { .. } => {
                "bring its file back as it was, and put the change into a new migration: cargo catalog migrate NAME"
            }
            Self::Unknown { .. } => "run the newer program that made it, or restore a backup from before",
            Self::OtherCatalog(_) => "name another database with --database sqlite:<path>",
            Self::Gap { .. } => "restore a backup: its table pricebook_migrations was changed by hand",
            Self::Failed { cause, .. } => super::Fault::of(cause).help(),
            Self::Dangling { .. } => {
                "nothing was changed; put those rows right or change the migration, then run it again"
            }
            Self::Database(cause) => super::Fault::of(cause).help(),
        }
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS pricebook_migrations (
  stream TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  PRIMARY KEY (stream, number)
)";

/// Compares what the database has with the streams.
///
/// # Errors
/// [`MigrationError`] where the database was migrated by another or a newer program, or a migration was changed.
pub async fn history(connection: &mut SqliteConnection, streams: &[Stream]) -> Result<History, MigrationError> {
    let applied = applied(connection).await?;
    for row in &applied {
        check_applied(row, streams)?;
    }
    let due = streams.iter().flat_map(|stream| due_in(stream, &applied)).collect::<Vec<_>>();
    let gap = due.iter().find(|due| applied.iter().any(|row| row.stream == due.stream && row.number > due.number));
    match gap {
        Some(due) => Err(MigrationError::Gap { stream: due.stream, number: due.number, name: due.name }),
        None => Ok(History { applied, due }),
    }
}

async fn applied(connection: &mut SqliteConnection) -> Result<Vec<Applied>, sqlx::Error> {
    let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM sqlite_master WHERE name = 'pricebook_migrations'")
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, u32, String, String, String)> =
        sqlx::query_as("SELECT stream, number, name, checksum, applied_at FROM pricebook_migrations ORDER BY rowid")
            .fetch_all(connection)
            .await?;
    let applied = |(stream, number, name, checksum, applied_at)| Applied { stream, number, name, checksum, applied_at };
    Ok(rows.into_iter().map(applied).collect())
}

/// Applies what is due and returns it. Several processes may do this at once: each step looks again under the lock.
///
/// # Errors
/// [`MigrationError`]; the migrations before the failing one are kept, the failing one leaves nothing behind.
pub async fn migrate(connection: &mut SqliteConnection, streams: &[Stream]) -> Result<Vec<Due>, MigrationError> {
    let mut done = Vec::new();
    if history(connection, streams).await?.due.is_empty() {
        return Ok(done);
    }
    // Rebuilding a table drops it, which would delete the rows that refer to it; references are checked before COMMIT.
    sqlx::raw_sql("PRAGMA foreign_keys = OFF").execute(&mut *connection).await?;
    let result = loop {
        match apply_next(connection, streams).await {
            Ok(Some(due)) => done.push(due),
            Ok(None) => break Ok(done),
            Err(error) => break Err(error),
        }
    };
    sqlx::raw_sql("PRAGMA foreign_keys = ON").execute(&mut *connection).await?;
    result
}

async fn apply_next(connection: &mut SqliteConnection, streams: &[Stream]) -> Result<Option<Due>, MigrationError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql(TABLE).execute(&mut *transaction).await?;
    let Some(due) = history(&mut transaction, streams).await?.due.first().copied() else {
        transaction.rollback().await?;
        return Ok(None);
    };
    let Due { stream, number, name, .. } = due;
    let failed = |cause| MigrationError::Failed { stream, number, name, cause };
    sqlx::raw_sql(body(due.sql)).execute(&mut *transaction).await.map_err(failed)?;
    let dangling: Option<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
        .fetch_optional(&mut *transaction)
        .await?;
    if let Some(table) = dangling {
        return Err(MigrationError::Dangling { stream, number, name, table });
    }
    sqlx::query("INSERT INTO pricebook_migrations (stream, number, name, checksum) VALUES (?, ?, ?, ?)")
        .bind(stream)
        .bind(number)
        .bind(name)
        .bind(due.checksum)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(Some(due))
}

fn check_applied(row: &Applied, streams: &[Stream]) -> Result<(), MigrationError> {
    let Applied { stream, number, name, .. } = row.clone();
    let Some(ours) = streams.iter().find(|known| known.name == stream) else {
        return Err(MigrationError::OtherCatalog(stream));
    };
    match ours.migrations.iter().find(|migration| migration.number == number) {
        None => Err(MigrationError::Unknown { stream, number, name }),
        Some(migration) if migration.checksum.sqlite != row.checksum => {
            Err(MigrationError::Edited { stream, number, name })
        }
        Some(_) => Ok(()),
    }
}

fn due_in<'a>(stream: &'a Stream, applied: &'a [Applied]) -> impl Iterator<Item = Due> + 'a {
    let is_applied =
        |migration: &Migration| applied.iter().any(|row| row.stream == stream.name && row.number == migration.number);
    stream.migrations.iter().filter(move |migration| !is_applied(migration)).map(|migration| Due {
        stream: stream.name,
        number: migration.number,
        name: migration.name,
        checksum: migration.checksum.sqlite,
        sql: migration.sql.sqlite,
    })
}
