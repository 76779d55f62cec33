//! Opening the database that a URL names.

use std::io;
use std::path::Path;

use rustix::fs::Access;

use super::{Error, Pool, Session, sqlite};
use crate::config::DatabaseUrl;

/// One connection is enough for a command.
const OF_A_COMMAND: u32 = 1;

/// An open database.
#[derive(Debug)]
pub struct Database {
    pool: Pool,
    /// The database for messages: its file, or its URL without the password.
    pub shown: String,
    /// Whether its file was made by opening it.
    pub created: bool,
}

impl Database {
    /// Opens the database for writing; makes a SQLite file that is missing.
    ///
    /// # Errors
    /// [`Error`] where it cannot be opened, made or reached, or is no database.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, Error> {
        Self::open_many(url, OF_A_COMMAND).await
    }

    /// As [`Self::open`], with at most so many connections to a server; a SQLite file has one writer.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_many(url: &DatabaseUrl, connections: u32) -> Result<Self, Error> {
        must_be_no_folder(url, "open")?;
        let created = url.path().is_some_and(|path| !path.exists());
        if let DatabaseUrl::Embedded(path) = url
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder).map_err(|cause| error("open", url, cause.into()))?;
        }
        let pool = match url {
            DatabaseUrl::Embedded(path) | DatabaseUrl::Sqlite(path) => sqlite::writer(path).await,
            DatabaseUrl::Postgres(url) => Pool::postgres(url, connections),
            DatabaseUrl::Mysql(url) => Pool::mysql(url, connections),
            DatabaseUrl::D1(database) => Ok(Pool::D1(database.clone())),
        };
        Self::reached(url, pool, "open", created).await
    }

    /// Opens the database for reading only; `None` where its file is missing. A server's database is opened as it is.
    ///
    /// # Errors
    /// [`Error`] where it cannot be opened or reached, or is no database.
    pub async fn open_read_only(url: &DatabaseUrl) -> Result<Option<Self>, Error> {
        Self::open_readers(url, OF_A_COMMAND).await
    }

    /// As [`Self::open_read_only`], with at most so many connections.
    ///
    /// # Errors
    /// As [`Self::open_read_only`].
    pub async fn open_readers(url: &DatabaseUrl, connections: u32) -> Result<Option<Self>, Error> {
        must_be_no_folder(url, "open")?;
        if url.path().is_some_and(|path| !path.exists()) {
            return Ok(None);
        }
        let pool = match url {
            DatabaseUrl::Embedded(path) | DatabaseUrl::Sqlite(path) => sqlite::reader(path, connections).await,
            DatabaseUrl::Postgres(url) => Pool::postgres(url, connections),
            DatabaseUrl::Mysql(url) => Pool::mysql(url, connections),
            DatabaseUrl::D1(database) => Ok(Pool::D1(database.clone())),
        };
        Self::reached(url, pool, "open", false).await.map(Some)
    }

    /// A copy of a SQLite file in memory (empty where there is none), for a dry run: everything works on it as on the
    /// file, and nothing is kept. A server's database is opened as it is: a dry run on it takes back its transaction.
    ///
    /// # Errors
    /// [`Error`] where it cannot be read or reached.
    pub async fn open_copy(url: &DatabaseUrl) -> Result<Self, Error> {
        must_be_no_folder(url, "copy")?;
        let created = url.path().is_some_and(|path| !path.exists());
        match url {
            DatabaseUrl::Embedded(path) | DatabaseUrl::Sqlite(path) => {
                Self::reached(url, sqlite::copy(path).await, "copy", created).await
            }
            DatabaseUrl::Postgres(_) | DatabaseUrl::Mysql(_) | DatabaseUrl::D1(_) => Self::open(url).await,
        }
    }

    /// A SQLite database in memory, without anything in it.
    ///
    /// # Errors
    /// [`Error`] where there is no memory for it.
    pub async fn open_empty() -> Result<Self, Error> {
        let nowhere = DatabaseUrl::Sqlite("a database in memory".into());
        Self::reached(&nowhere, sqlite::empty().await, "make", true).await
    }

    /// Whether this user may write the database, as far as the system says it: of a server's only the server knows. SQLite writes
    /// beside the file, too.
    pub fn may_be_written(url: &DatabaseUrl) -> bool {
        let may_write = |path: &Path| rustix::fs::access(path, Access::WRITE_OK).is_ok();
        url.path().is_none_or(|path| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            may_write(path) && may_write(folder)
        })
    }

    /// A connection.
    ///
    /// # Errors
    /// [`Error`] where none can be had.
    pub async fn session(&self) -> Result<Session, Error> {
        self.pool.session().await.map_err(|cause| self.failed("open", cause))
    }

    /// What the driver said, with the database and what was being done.
    pub fn failed(&self, doing: &'static str, cause: sqlx::Error) -> Error {
        Error { doing, database: self.shown.clone(), cause }
    }

    /// Closes the connections, which also writes SQLite's log back into the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// With one connection made, so that what is wrong is found now.
    async fn reached(
        url: &DatabaseUrl,
        pool: Result<Pool, sqlx::Error>,
        doing: &'static str,
        created: bool,
    ) -> Result<Self, Error> {
        let pool = pool.map_err(|cause| error(doing, url, cause))?;
        pool.first_session().await.map_err(|cause| error(doing, url, cause))?;
        Ok(Self { pool, shown: shown(url), created })
    }
}

fn shown(url: &DatabaseUrl) -> String {
    url.path().map_or_else(|| url.to_string(), |path| path.display().to_string())
}

/// SQLite takes a folder for a disk that fails.
fn must_be_no_folder(url: &DatabaseUrl, doing: &'static str) -> Result<(), Error> {
    match url.path().is_some_and(|path| path.is_dir()) {
        true => {
            let cause = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            Err(error(doing, url, cause.into()))
        }
        false => Ok(()),
    }
}

fn error(doing: &'static str, url: &DatabaseUrl, cause: sqlx::Error) -> Error {
    Error { doing, database: shown(url), cause }
}
