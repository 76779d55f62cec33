//! One connection to any of the databases, with the few things that are done on one.

use pricebook_types::Dialect;
use sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, QueryStatementWriter, SqliteQueryBuilder};
use sea_query_sqlx::SqlxBinder;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, MySql, Postgres, Row, Sqlite};

use super::d1::D1;
use super::{Escapes, statements, undecodable};

/// A row, each column as text; `None` is NULL.
pub type Texts = Vec<Option<String>>;

/// A connection, taken from a [`super::Pool`] and given back when it is dropped.
///
/// A session that is dropped within a transaction closes its connection, which takes the transaction back.
#[derive(Debug)]
pub struct Session {
    connection: Connection,
    in_transaction: bool,
}

#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    Mysql(PoolConnection<MySql>),
    D1(D1),
}

/// What a column is cast to so that it is read as text.
pub const fn text_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => "text",
        Dialect::Mysql => "char",
    }
}

/// Does the same with the connection, whichever it is, and something else with D1, which has none.
macro_rules! on {
    ($session:expr, $connection:ident => $work:expr, $d1:ident => $other:expr) => {
        match &mut $session.connection {
            Connection::Sqlite($connection) => $work,
            Connection::Postgres($connection) => $work,
            Connection::Mysql($connection) => $work,
            Connection::D1($d1) => $other,
        }
    };
}

impl Session {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, in_transaction: false }
    }

    /// What the database speaks.
    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) | Connection::D1(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
            Connection::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Runs the statements of a script.
    ///
    /// # Errors
    /// What the database said to the first statement that fails; outside of a transaction those before it are kept.
    pub async fn run(&mut self, script: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(script.to_owned());
        on!(self, connection => sqlx::raw_sql(sql).execute(&mut **connection).await.map(drop), d1 => d1.run(script))
    }

    /// Runs the statements of a script without compound ones that may be large: on MySQL one by one, for a server takes no
    /// more at once, and so on SQLite, which copies all that follows whenever it reads one.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_large(&mut self, script: &str) -> Result<(), sqlx::Error> {
        let escapes = match self.connection {
            Connection::Sqlite(_) => Escapes::None,
            Connection::Mysql(_) => Escapes::Backslash,
            Connection::Postgres(_) | Connection::D1(_) => return self.run(script).await,
        };
        for statement in statements(script, escapes) {
            self.run(statement).await?;
        }
        Ok(())
    }

    /// The rows of every query of a script, as text.
    ///
    /// # Errors
    /// What the database said.
    pub async fn texts(&mut self, script: &str) -> Result<Vec<Texts>, sqlx::Error> {
        // Unchecked, for SQLite types the values of an expression one by one; the protocol gives any of them as text.
        macro_rules! texts {
            ($rows:expr) => {
                $rows.iter().map(|row| (0..row.len()).map(|at| row.try_get_unchecked(at)).collect()).collect()
            };
        }
        if let Connection::Sqlite(connection) = &mut self.connection {
            return sqlite_texts(connection, script, undecodable::shown).await;
        }
        let sql = AssertSqlSafe(script.to_owned());
        on!(self, connection => texts!(sqlx::raw_sql(sql).fetch_all(&mut **connection).await?), d1 => d1.texts(script))
    }

    /// Something that stays the same on this connection as long as nobody else writes and the day is the same; `None` where
    /// the database cannot tell.
    ///
    /// # Errors
    /// What the database said.
    pub async fn unchanged_mark(&mut self) -> Result<Option<String>, sqlx::Error> {
        match self.connection {
            Connection::Sqlite(_) => {
                self.text("SELECT data_version || ' ' || date('now') FROM pragma_data_version").await
            }
            _ => Ok(None),
        }
    }

    /// The rows of each of several queries, as text. On D1 they cost little more than one.
    ///
    /// # Errors
    /// What the database said.
    pub async fn texts_of_each(&mut self, queries: &[String]) -> Result<Vec<Vec<Texts>>, sqlx::Error> {
        if let Connection::D1(d1) = &mut self.connection {
            return d1.texts_of_each(&queries.join(";\n"));
        }
        let mut results = Vec::with_capacity(queries.len());
        for query in queries {
            results.push(self.texts(query).await?);
        }
        Ok(results)
    }

    /// The same for queries that make literals of the database, which give the same values whatever these hold.
    ///
    /// # Errors
    /// What the database said.
    pub async fn literals_of_each(&mut self, queries: &[String]) -> Result<Vec<Vec<Texts>>, sqlx::Error> {
        let Connection::Sqlite(connection) = &mut self.connection else { return self.texts_of_each(queries).await };
        let mut results = Vec::with_capacity(queries.len());
        for query in queries {
            results.push(sqlite_texts(connection, query, undecodable::literals).await?);
        }
        Ok(results)
    }

    /// The rows of queries that are to find nothing, within a transaction. On D1 none are returned: there the
    /// transaction is taken back when it is to be kept ([`super::Fault::Refuted`]).
    ///
    /// # Errors
    /// What the database said.
    pub async fn must_find_nothing(&mut self, queries: &str) -> Result<Vec<Texts>, sqlx::Error> {
        match &mut self.connection {
            Connection::D1(d1) => d1.must_find_nothing(queries).map(|()| Vec::new()),
            _ => self.texts(queries).await,
        }
    }

    /// Whether a transaction sees what it has written: D1 writes only when it is kept.
    pub fn shows_its_writes(&self) -> bool {
        !matches!(self.connection, Connection::D1(_))
    }

    /// The first column of the first row, as text.
    ///
    /// # Errors
    /// What the database said.
    pub async fn text(&mut self, query: &str) -> Result<Option<String>, sqlx::Error> {
        Ok(self.texts(query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }

    /// The rows of one query with its values. Every column of it must be a text, by [`text_type`] where it is none by itself.
    ///
    /// # Errors
    /// What the database said.
    pub async fn rows(&mut self, query: &(impl SqlxBinder + QueryStatementWriter)) -> Result<Vec<Texts>, sqlx::Error> {
        macro_rules! rows {
            ($connection:ident, $builder:expr) => {{
                let (sql, values) = query.build_sqlx($builder);
                let rows = sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(&mut **$connection).await?;
                rows.iter().map(|row| (0..row.len()).map(|at| row.try_get_unchecked(at)).collect()).collect()
            }};
        }
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let (sql, values) = query.build_sqlx(SqliteQueryBuilder);
                let rows = sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(&mut **connection).await?;
                rows.iter().map(|row| sqlite_row(row, undecodable::shown)).collect()
            }
            Connection::Postgres(connection) => rows!(connection, PostgresQueryBuilder),
            Connection::Mysql(connection) => rows!(connection, MysqlQueryBuilder),
            Connection::D1(d1) => d1.texts(&query.to_string(SqliteQueryBuilder)),
        }
    }

    /// Runs one statement with its values, and returns how many rows it changed; on D1, which does not tell, 0.
    ///
    /// # Errors
    /// What the database said.
    pub async fn execute(&mut self, statement: &(impl SqlxBinder + QueryStatementWriter)) -> Result<u64, sqlx::Error> {
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let (sql, values) = statement.build_sqlx(SqliteQueryBuilder);
                let query = sqlx::query_with(AssertSqlSafe(sql), values);
                Ok(query.execute(&mut **connection).await?.rows_affected())
            }
            Connection::Postgres(connection) => {
                let (sql, values) = statement.build_sqlx(PostgresQueryBuilder);
                let query = sqlx::query_with(AssertSqlSafe(sql), values);
                Ok(query.execute(&mut **connection).await?.rows_affected())
            }
            Connection::Mysql(connection) => {
                let (sql, values) = statement.build_sqlx(MysqlQueryBuilder);
                let query = sqlx::query_with(AssertSqlSafe(sql), values);
                Ok(query.execute(&mut **connection).await?.rows_affected())
            }
            Connection::D1(d1) => d1.run(&statement.to_string(SqliteQueryBuilder)).map(|()| 0),
        }
    }

    /// Begins a transaction that will write.
    ///
    /// # Errors
    /// What the database said.
    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        if let Connection::D1(d1) = &mut self.connection {
            d1.begin();
            return Ok(());
        }
        // Before the statement: who is dropped while it is sent does not know whether it began.
        self.in_transaction = true;
        let begun = self
            .run(match self.dialect() {
                // The lock is taken at once: a later change from reading to writing could not wait for it.
                Dialect::Sqlite => "BEGIN IMMEDIATE",
                Dialect::Postgres => "BEGIN",
                Dialect::Mysql => "START TRANSACTION",
            })
            .await;
        self.in_transaction = begun.is_ok();
        begun
    }

    /// Keeps what was done since [`Self::begin`].
    ///
    /// # Errors
    /// What the database said; whether it was kept is then not known.
    pub async fn commit(&mut self) -> Result<(), sqlx::Error> {
        if let Connection::D1(d1) = &mut self.connection {
            return d1.commit();
        }
        self.run("COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// The same; where the database refuses, the session is as after [`Self::rollback`].
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub async fn commit_or_rollback(&mut self) -> Result<(), sqlx::Error> {
        let kept = self.commit().await;
        if kept.is_err() {
            self.rollback().await;
        }
        kept
    }

    /// Takes back what was done since [`Self::begin`]; nothing outside of a transaction.
    ///
    /// It cannot fail: a database that refuses has taken it back by itself, or does when the session is dropped, which
    /// then closes its connection. What led here is what has to be told.
    pub async fn rollback(&mut self) {
        if let Connection::D1(d1) = &mut self.connection {
            d1.rollback();
        } else if self.in_transaction {
            self.in_transaction = self.run("ROLLBACK").await.is_err();
        }
    }
}

/// The rows of every query of a script.
async fn sqlite_texts(
    connection: &mut PoolConnection<Sqlite>,
    script: &str,
    decode: fn(Vec<u8>) -> String,
) -> Result<Vec<Texts>, sqlx::Error> {
    let mut all = Vec::new();
    // One by one, as in [`Session::run_large`], and prepared: a sync asks the same thing twice, and to read it takes longest.
    for statement in statements(script, Escapes::None) {
        let rows = sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_all(&mut **connection).await?;
        for row in &rows {
            all.push(sqlite_row(row, decode)?);
        }
    }
    Ok(all)
}

fn sqlite_row(row: &SqliteRow, decode: fn(Vec<u8>) -> String) -> Result<Texts, sqlx::Error> {
    (0..row.len()).map(|at| Ok(row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?.map(decode))).collect()
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.in_transaction {
            on!(self, connection => connection.close_on_drop(), d1 => d1.rollback());
        }
    }
}
