//! `pricebook_migrations`: what a database has run.

use pricebook_types::Dialect;
use sea_query::{Expr, ExprTrait, Query};

use super::{Applied, Due, Partway, additive};
use crate::db::Session;

const TABLE: &str = "pricebook_migrations";
const SQLITE: &str = "CREATE TABLE IF NOT EXISTS pricebook_migrations (
  stream TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  statements_done INTEGER,
  PRIMARY KEY (stream, number)
)";
const POSTGRES: &str = "CREATE TABLE IF NOT EXISTS pricebook_migrations (
  stream VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  name VARCHAR(255) NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  applied_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  statements_done INTEGER,
  PRIMARY KEY (stream, number)
)";
const MYSQL: &str = "CREATE TABLE IF NOT EXISTS pricebook_migrations (
  stream VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  name VARCHAR(255) NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  applied_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  statements_done INTEGER,
  PRIMARY KEY (stream, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

/// A row: a migration that was applied, or one that stopped partway.
pub(super) struct Row {
    pub(super) applied: Applied,
    pub(super) partway: Option<Partway>,
}

/// Makes the table where it is missing.
pub(super) async fn create(session: &mut Session) -> Result<(), sqlx::Error> {
    let create = match session.dialect() {
        Dialect::Sqlite => [(TABLE, SQLITE), (additive::TABLE, additive::SQLITE)],
        Dialect::Postgres => [(TABLE, POSTGRES), (additive::TABLE, additive::POSTGRES)],
        Dialect::Mysql => [(TABLE, MYSQL), (additive::TABLE, additive::MYSQL)],
    };
    for (table, create) in create {
        // PostgreSQL would tell that the table is there already.
        if session.dialect() != Dialect::Postgres || !exists(session, table).await? {
            session.run(create).await?;
        }
    }
    Ok(())
}

/// Whether there is one of these two tables.
pub(super) async fn exists(session: &mut Session, table: &str) -> Result<bool, sqlx::Error> {
    let query = match session.dialect() {
        Dialect::Sqlite => format!("SELECT 1 FROM sqlite_master WHERE name = '{table}'"),
        Dialect::Postgres => format!("SELECT 1 WHERE to_regclass('{table}') IS NOT NULL"),
        Dialect::Mysql => format!(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{table}'"
        ),
    };
    Ok(session.text(&query).await?.is_some())
}

/// Every row, the oldest first; none where there is no table.
pub(super) async fn rows(session: &mut Session) -> Result<Vec<Row>, sqlx::Error> {
    // D1 takes seconds for each question, and tells by itself that there is no table.
    if session.shows_its_writes() && !exists(session, TABLE).await? {
        return Ok(Vec::new());
    }
    let applied_at = match session.dialect() {
        Dialect::Sqlite => "applied_at",
        Dialect::Postgres => "to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
        Dialect::Mysql => "DATE_FORMAT(applied_at, '%Y-%m-%dT%H:%i:%sZ')",
    };
    // The times of SQLite have whole seconds.
    let order = if session.dialect() == Dialect::Sqlite { "rowid" } else { "applied_at, number" };
    let query = format!(
        "SELECT stream, number, name, checksum, {applied_at}, statements_done FROM pricebook_migrations \
         ORDER BY {order}"
    );
    let rows = match session.texts(&query).await {
        Err(cause) if !session.shows_its_writes() && cause.to_string().contains("no such table") => Vec::new(),
        rows => rows?,
    };
    let unreadable = || sqlx::Error::Protocol("a row of pricebook_migrations cannot be read".to_owned());
    rows.into_iter().map(|row| Row::read(row).ok_or_else(unreadable)).collect()
}

impl Row {
    fn read(row: Vec<Option<String>>) -> Option<Self> {
        let [stream, number, name, checksum, applied_at, statements_done] = row.try_into().ok()?;
        let applied = Applied {
            stream: stream?,
            number: number?.parse().ok()?,
            name: name?,
            checksum: checksum?,
            applied_at: applied_at?,
        };
        let partway = statements_done.map(|number| number.parse().map(Partway::of_number)).transpose().ok()?;
        Some(Self { applied, partway })
    }
}

impl Partway {
    /// As `statements_done` holds it: `4` where four were run, `-5` where the fifth was begun.
    fn number(self) -> i32 {
        let done = i32::try_from(self.done).unwrap_or(i32::MAX - 1);
        if self.begun { -done - 1 } else { done }
    }

    fn of_number(number: i32) -> Self {
        let begun = number < 0;
        let done = number.unsigned_abs() as usize - usize::from(begun);
        Self { done, begun }
    }
}

/// Adds a migration's row; partway where it is still at work.
pub(super) async fn insert(session: &mut Session, due: &Due, partway: Option<Partway>) -> Result<(), sqlx::Error> {
    let number = partway.map(Partway::number);
    let mut insert = Query::insert();
    insert
        .into_table("pricebook_migrations")
        .columns(["stream", "number", "name", "checksum", "statements_done"])
        .values_panic([due.stream.into(), due.number.into(), due.name.into(), due.checksum.into(), number.into()]);
    session.execute(&insert).await.map(drop)
}

/// Remembers how far a migration has come, on MySQL; `None` where it was run whole.
pub(super) async fn progress(session: &mut Session, due: &Due, partway: Option<Partway>) -> Result<(), sqlx::Error> {
    let mut update = Query::update();
    update
        .table("pricebook_migrations")
        .value("statements_done", partway.map(Partway::number))
        .value("applied_at", Expr::cust("CURRENT_TIMESTAMP(6)"))
        .and_where(Expr::col("stream").eq(due.stream))
        .and_where(Expr::col("number").eq(due.number));
    session.execute(&update).await.map(drop)
}
