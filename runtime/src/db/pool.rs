//! Connections to one database, kept for the next who needs one.

use std::io;
use std::time::Duration;

use sqlx::mysql::MySqlPoolOptions;
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, Database, MySqlPool, PgPool, SqlitePool};
use tokio::time::timeout;

use super::d1::D1;
use super::session::Connection;
use super::{Session, encryption};
use crate::config::{D1Database, ServerUrl};

/// How long to wait for a connection before the server counts as unreachable.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// After this long a server is looked at directly: the pool says nothing of one that refuses, and goes on for as long as it may.
const SOON: Duration = Duration::from_millis(500);

/// Connections to one database.
#[derive(Clone, Debug)]
pub enum Pool {
    /// To a SQLite file.
    Sqlite(SqlitePool),
    /// To PostgreSQL.
    Postgres(PgPool),
    /// To MySQL or MariaDB.
    Mysql(MySqlPool),
    /// None, but a command to start: Cloudflare D1.
    D1(D1Database),
}

impl Pool {
    pub(super) fn sqlite(options: SqliteConnectOptions, most: u32) -> Self {
        // A database in memory lives as long as a connection to it.
        let pool = limits(SqlitePoolOptions::new(), most).idle_timeout(None).max_lifetime(None);
        Self::Sqlite(pool.connect_lazy_with(options))
    }

    pub(super) fn postgres(url: &ServerUrl, most: u32) -> Result<Self, sqlx::Error> {
        let options = encryption::postgres(url)?.application_name("pricebook");
        Ok(Self::Postgres(limits(PgPoolOptions::new(), most).connect_lazy_with(options)))
    }

    pub(super) fn mysql(url: &ServerUrl, most: u32) -> Result<Self, sqlx::Error> {
        let options = encryption::mysql(url)?;
        Ok(Self::Mysql(limits(MySqlPoolOptions::new(), most).connect_lazy_with(options)))
    }

    /// A connection, as soon as one is free.
    ///
    /// # Errors
    /// Where the database cannot be reached or opened.
    pub async fn session(&self) -> Result<Session, sqlx::Error> {
        let connection = match self {
            Self::Sqlite(pool) => Connection::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
            Self::Mysql(pool) => Connection::Mysql(pool.acquire().await?),
            Self::D1(database) => Connection::D1(D1::new(database.clone())),
        };
        Ok(Session::new(connection))
    }

    /// A first connection. Where there is none in time, the reason is what a single try says, for the pool keeps to itself what it
    /// was told. Where nobody listens, that is said at once.
    ///
    /// # Errors
    /// As [`Self::session`].
    pub(super) async fn first_session(&self) -> Result<Session, sqlx::Error> {
        if let Ok(session) = timeout(SOON, self.session()).await {
            return session;
        }
        let tried = self.one_try().await;
        let is_over = match &tried {
            Err(sqlx::Error::Io(cause)) => cause.kind() == io::ErrorKind::ConnectionRefused,
            Err(sqlx::Error::PoolTimedOut) => true,
            _ => false,
        };
        if is_over {
            return tried.and(Err(sqlx::Error::PoolTimedOut));
        }
        match self.session().await {
            Err(sqlx::Error::PoolTimedOut) => Err(tried.err().unwrap_or(sqlx::Error::PoolTimedOut)),
            session => session,
        }
    }

    /// Connects once, beside the pool.
    async fn one_try(&self) -> Result<(), sqlx::Error> {
        let late = |_| sqlx::Error::PoolTimedOut;
        match self {
            Self::Postgres(pool) => {
                timeout(CONNECT_TIMEOUT, pool.connect_options().connect()).await.map_err(late)?.map(drop)
            }
            Self::Mysql(pool) => {
                timeout(CONNECT_TIMEOUT, pool.connect_options().connect()).await.map_err(late)?.map(drop)
            }
            Self::Sqlite(_) | Self::D1(_) => Ok(()),
        }
    }

    /// Closes every connection, when those in use are given back.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
            Self::Mysql(pool) => pool.close().await,
            Self::D1(_) => {}
        }
    }
}

fn limits<DB: Database>(options: PoolOptions<DB>, most: u32) -> PoolOptions<DB> {
    options.max_connections(most).acquire_timeout(CONNECT_TIMEOUT)
}
