//! A migration statement by statement, for MySQL, which keeps each by itself: whatever ends a run, the next goes on with it.

use serde::Serialize;

use super::takeover::{TakenOver, instead};
use super::{Due, MigrationError, additive, table};
use crate::db::{Escapes, Session, body, statements, transaction};

/// How far a migration has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Partway {
    /// How many of its statements were run.
    #[serde(rename = "statements_done")]
    pub done: usize,
    /// Whether the next one was begun, and nobody has heard what became of it.
    #[serde(rename = "next_begun")]
    pub begun: bool,
}

/// Runs what is left of a migration. A change of the schema, which no transaction holds, is written down before it is
/// begun, so that after a kill or a lost connection it is known of which one statement it is not known.
pub(super) async fn go_on(session: &mut Session, due: &Due, taken: &[TakenOver]) -> Result<(), MigrationError> {
    let Due { stream, number, name, .. } = *due;
    let statements = statements(body(due.sql), Escapes::Backslash);
    let left = due.partway.unwrap_or_default();
    if due.partway.is_none() {
        table::insert(session, due, Some(left)).await?;
    }
    for (index, statement) in statements.iter().enumerate() {
        let is_setting = begins_with(statement, &["SET"]);
        // Settings hold for the session only, so that a later run needs them again.
        if index < left.done && !is_setting {
            continue;
        }
        let statement = instead(due, statement, taken);
        let run = async {
            match statement {
                // A table that is taken over, and lacks nothing.
                "" => table::progress(session, due, Some(Partway { done: index + 1, begun: false })).await,
                _ if is_setting => session.run(statement).await,
                _ if begins_with(statement, &["INSERT", "UPDATE", "DELETE"]) => {
                    rows(session, due, index, statement).await
                }
                _ => schema(session, due, index, statement, left == Partway { done: index, begun: true }).await,
            }
        };
        let (statement, of) = (index + 1, statements.len());
        run.await.map_err(|cause| MigrationError::FailedPartway { stream, number, name, statement, of, cause })?;
    }
    let ended = transaction(session, async |session| {
        additive::remember(session, due).await?;
        table::progress(session, due, None).await
    });
    Ok(ended.await?)
}

/// Rows are counted in the transaction that writes them, and what comes before them by itself.
async fn rows(session: &mut Session, due: &Due, index: usize, statement: &str) -> Result<(), sqlx::Error> {
    table::progress(session, due, Some(Partway { done: index, begun: false })).await?;
    transaction(session, async |session| {
        session.run(statement).await?;
        table::progress(session, due, Some(Partway { done: index + 1, begun: false })).await
    })
    .await
}

async fn schema(
    session: &mut Session,
    due: &Due,
    index: usize,
    statement: &str,
    was_begun: bool,
) -> Result<(), sqlx::Error> {
    table::progress(session, due, Some(Partway { done: index, begun: true })).await?;
    match session.run(statement).await {
        Err(cause) if was_begun && is_done(statement, &cause) => Ok(()),
        Err(cause) => {
            // What was refused was not done. Where this cannot be written, the next run asks the database as after a kill.
            if !was_begun && cause.as_database_error().is_some() {
                let _ = table::progress(session, due, Some(Partway { done: index, begun: false })).await;
            }
            Err(cause)
        }
        Ok(()) => Ok(()),
    }
}

/// What a database says to a change of the schema that it has made before. The numbers are those of MariaDB and of MySQL:
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
const DONE: [(&str, &[u16]); 10] = [
    ("CREATE TABLE", &[1050]),
    ("DROP TABLE", &[1051]),
    ("RENAME TABLE", &[1146]),
    (" RENAME COLUMN ", &[1054]),
    (" ADD COLUMN ", &[1060]),
    ("INDEX", &[1061, 1091]),
    (" PRIMARY KEY", &[1068, 1091]),
    (" ADD CONSTRAINT ", &[1005, 1022, 1826]),
    (" DROP COLUMN ", &[1091]),
    (" DROP FOREIGN KEY ", &[1091]),
];

fn is_done(statement: &str, cause: &sqlx::Error) -> bool {
    let error = cause.as_database_error().and_then(|error| error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>());
    let code = code(statement).to_ascii_uppercase();
    error.is_some_and(|error| {
        DONE.iter().any(|(words, numbers)| code.contains(words) && numbers.contains(&error.number()))
    })
}

fn begins_with(statement: &str, words: &[&str]) -> bool {
    let first = code(statement).split_whitespace().next().unwrap_or_default();
    words.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// A statement without the comments in front of it.
fn code(mut statement: &str) -> &str {
    loop {
        statement = statement.trim_start();
        match statement.starts_with("--") {
            true => statement = statement.split_once('\n').map_or("", |(_, rest)| rest),
            false => return statement,
        }
    }
}
