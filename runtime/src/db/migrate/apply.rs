//! Applying migrations: each once, by one of many processes, whole or not at all where the database can.

use pricebook_types::{Dialect, Stream};

use super::takeover::{TakenOver, taken_over, with_taken};
use super::{Due, MigrationError, additive, history, partway, refused, table};
use crate::db::Session;

/// How long to wait for another process that migrates.
const LOCK_SECONDS: u32 = 60;

/// Applies what is due and returns it. Several processes may do this at once: each step looks again under the lock.
///
/// # Errors
/// [`MigrationError`]; the migrations before the failing one are kept. The failing one leaves nothing behind, but on
/// MySQL, which keeps each statement: there the next run goes on with the one that failed.
pub async fn migrate(session: &mut Session, streams: &[Stream]) -> Result<Vec<Due>, MigrationError> {
    if history(session, streams).await?.due.is_empty() {
        return Ok(Vec::new());
    }
    enter(session).await?;
    let result = all(session, streams).await;
    let left = leave(session).await;
    let done = result?;
    left?;
    Ok(done)
}

async fn all(session: &mut Session, streams: &[Stream]) -> Result<Vec<Due>, MigrationError> {
    let mut done = Vec::new();
    // Looked for under the lock, before anything is applied: later, what is there may be our own.
    let mut taken = None;
    loop {
        let applied = match session.dialect() {
            Dialect::Sqlite | Dialect::Postgres => next_whole(session, streams, &mut taken).await,
            Dialect::Mysql => next_by_statements(session, streams, &mut taken).await,
        };
        match applied {
            Ok(Some(due)) => done.push(due),
            Ok(None) => return Ok(done),
            Err(error) => {
                session.rollback().await;
                return Err(error);
            }
        }
    }
}

async fn enter(session: &mut Session) -> Result<(), MigrationError> {
    match session.dialect() {
        // Its migrations are made so that references may stay on.
        Dialect::Sqlite if !session.shows_its_writes() => {}
        // Rebuilding a table drops it, which would delete the rows that refer to it; references are checked at the end.
        Dialect::Sqlite => session.run("PRAGMA foreign_keys = OFF").await?,
        Dialect::Postgres => {}
        Dialect::Mysql => {
            // A server goes on with a statement whose client is gone, and holds the client's lock until it has ended. Locks are the server's: the database's name is part of ours, and a name has at most 64 characters.
            let lock = format!("SELECT GET_LOCK(CONCAT('pricebook', SHA1(DATABASE())), {LOCK_SECONDS})");
            if session.text(&lock).await?.as_deref() != Some("1") {
                return Err(MigrationError::Busy);
            }
        }
    }
    Ok(())
}

async fn leave(session: &mut Session) -> Result<(), sqlx::Error> {
    match session.dialect() {
        Dialect::Sqlite if !session.shows_its_writes() => Ok(()),
        Dialect::Sqlite => session.run("PRAGMA foreign_keys = ON").await,
        Dialect::Postgres => Ok(()),
        Dialect::Mysql => session.run("DO RELEASE_LOCK(CONCAT('pricebook', SHA1(DATABASE())))").await,
    }
}

/// The next migration in a transaction of its own, on databases whose transactions hold the schema too.
async fn next_whole(
    session: &mut Session,
    streams: &[Stream],
    taken: &mut Option<Vec<TakenOver>>,
) -> Result<Option<Due>, MigrationError> {
    session.begin().await?;
    if session.dialect() == Dialect::Postgres {
        // Held until the transaction ends. The number is ours alone; locks are of one database.
        let wait = format!("SET LOCAL lock_timeout = '{LOCK_SECONDS}s'");
        let lock = "SELECT pg_advisory_xact_lock(7021873440125863270)";
        session.run(&format!("{wait}; {lock}; SET LOCAL lock_timeout = DEFAULT")).await?;
    }
    table::create(session).await?;
    let all = history(session, streams).await?.due;
    let Some(due) = all.first().copied() else {
        session.rollback().await;
        return Ok(None);
    };
    let taken = once(session, &all, taken).await?;
    let Due { stream, number, name, .. } = due;
    let failed = |cause| MigrationError::Failed { stream, number, name, at: None, cause };
    let script = with_taken(&due, taken);
    if let Err(cause) = session.run(&script).await {
        let at = refused::statement(session, &script, &cause).await;
        return Err(MigrationError::Failed { stream, number, name, at, cause });
    }
    if session.dialect() == Dialect::Sqlite
        && session.shows_its_writes()
        && let Some(table) = session.text("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").await?
    {
        return Err(MigrationError::Dangling { stream, number, name, table });
    }
    table::insert(session, &due, None).await.map_err(failed)?;
    additive::remember(session, &due).await.map_err(failed)?;
    session.commit().await.map_err(failed)?;
    Ok(Some(due))
}

/// The next migration statement by statement, on a database that keeps each by itself.
async fn next_by_statements(
    session: &mut Session,
    streams: &[Stream],
    taken: &mut Option<Vec<TakenOver>>,
) -> Result<Option<Due>, MigrationError> {
    let all = history(session, streams).await?.due;
    let Some(due) = all.first().copied() else { return Ok(None) };
    let taken = once(session, &all, taken).await?;
    table::create(session).await?;
    partway::go_on(session, &due, taken).await?;
    Ok(Some(due))
}

/// The tables that are taken over, looked for at the first time.
async fn once<'a>(
    session: &mut Session,
    due: &[Due],
    taken: &'a mut Option<Vec<TakenOver>>,
) -> Result<&'a [TakenOver], MigrationError> {
    if taken.is_none() {
        *taken = Some(taken_over(session, due).await?);
    }
    Ok(taken.as_deref().unwrap_or_default())
}
