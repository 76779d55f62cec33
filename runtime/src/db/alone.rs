//! A transaction in which nobody else writes to certain tables.

use pricebook_types::Dialect;

use super::Session;
use super::tables::quoted;

/// How long to wait on a server for who writes to them.
const LOCK_SECONDS: u32 = 10;

/// Begins a transaction that sees and keeps the rows of `tables` as nobody else changes them; others can go on reading.
/// Two of these on the same database come one after the other.
///
/// # Errors
/// What the database said, also where somebody else writes for too long; there is no transaction then.
pub async fn begin_alone(session: &mut Session, tables: &[&str]) -> Result<(), sqlx::Error> {
    if session.dialect() == Dialect::Mysql {
        session.run(&format!("SET SESSION innodb_lock_wait_timeout = {LOCK_SECONDS}")).await?;
    }
    session.begin().await?;
    let locked = lock(session, tables).await;
    if locked.is_err() {
        session.rollback().await;
    }
    locked
}

async fn lock(session: &mut Session, tables: &[&str]) -> Result<(), sqlx::Error> {
    let names = tables.iter().map(|table| quoted(session.dialect(), table));
    match session.dialect() {
        // Whoever writes holds the whole file.
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let names: Vec<_> = names.collect();
            let wait = format!("SET LOCAL lock_timeout = '{LOCK_SECONDS}s'");
            let lock = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
            session.run(&format!("{wait}; {lock}; SET LOCAL lock_timeout = DEFAULT")).await
        }
        Dialect::Mysql => {
            // Locks of gaps do not keep each other out of an empty table: rows that are always there come first. Reads
            // that lock also come before any other, whose snapshot would show what was there before we waited.
            let first = "SELECT COUNT(*) FROM pricebook_migrations FOR UPDATE".to_owned();
            let rest = names.map(|name| format!("SELECT COUNT(*) FROM {name} FOR UPDATE"));
            let script: Vec<_> = std::iter::once(first).chain(rest).collect();
            session.texts(&script.join("; ")).await.map(drop)
        }
    }
}
