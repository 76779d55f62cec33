//! Numbered migrations: which were applied, which are due, and applying them once.

mod additive;
mod apply;
mod error;
mod partway;
mod refused;
mod table;
mod takeover;

use pricebook_types::{Dialect, Migration, Stream};
use serde::Serialize;

pub use apply::migrate;
pub use error::MigrationError;
pub use partway::Partway;
pub use takeover::{Refusal, TakenOver, taken_over};

use super::Session;

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

/// A migration that the database does not have yet, or not whole.
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
    /// Whether it only adds, so that a program from before can go on serving.
    pub additive: bool,
    /// Where it stopped partway, which only MySQL lets happen.
    #[serde(flatten)]
    pub partway: Option<Partway>,
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

/// Compares what the database has with the streams.
///
/// # Errors
/// [`MigrationError`] where the database was migrated by another or a newer program, or a migration was changed.
pub async fn history(session: &mut Session, streams: &[Stream]) -> Result<History, MigrationError> {
    let rows = table::rows(session).await?;
    for row in &rows {
        check(&row.applied, streams, session.dialect())?;
    }
    compared(rows, streams, session.dialect())
}

/// The same for a program that only serves: it gets along with later migrations that only add, which are returned besides.
///
/// # Errors
/// As [`history`], but for such migrations.
pub async fn history_to_serve(
    session: &mut Session,
    streams: &[Stream],
) -> Result<(History, Vec<Applied>), MigrationError> {
    let rows = table::rows(session).await?;
    let (mut known, mut later, mut additive) = (Vec::new(), Vec::new(), None);
    for row in rows {
        match check(&row.applied, streams, session.dialect()) {
            Ok(()) => known.push(row),
            Err(error @ MigrationError::Unknown { .. }) => {
                if additive.is_none() {
                    additive = Some(additive::remembered(session).await?);
                }
                let key = (row.applied.stream.clone(), row.applied.number);
                match additive.as_ref().is_some_and(|additive| additive.contains(&key)) {
                    true => later.push(row.applied),
                    false => return Err(error),
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok((compared(known, streams, session.dialect())?, later))
}

fn compared(rows: Vec<table::Row>, streams: &[Stream], dialect: Dialect) -> Result<History, MigrationError> {
    let due: Vec<Due> = streams.iter().flat_map(|stream| due_in(stream, &rows, dialect)).collect();
    let is_later = |due: &Due, row: &table::Row| row.applied.stream == due.stream && row.applied.number > due.number;
    match due.iter().find(|due| rows.iter().any(|row| is_later(due, row))) {
        Some(due) => Err(MigrationError::Gap { stream: due.stream, number: due.number, name: due.name }),
        None => {
            let whole = rows.into_iter().filter(|row| row.partway.is_none());
            Ok(History { applied: whole.map(|row| row.applied).collect(), due })
        }
    }
}

fn check(row: &Applied, streams: &[Stream], dialect: Dialect) -> Result<(), MigrationError> {
    let Applied { stream, number, name, .. } = row.clone();
    let Some(ours) = streams.iter().find(|known| known.name == stream) else {
        return Err(MigrationError::OtherCatalog(stream));
    };
    match ours.migrations.iter().find(|migration| migration.number == number) {
        None => Err(MigrationError::Unknown { stream, number, name }),
        Some(migration) if migration.checksum.get(dialect) != row.checksum => {
            Err(MigrationError::Edited { stream, number, name })
        }
        Some(_) => Ok(()),
    }
}

fn due_in<'a>(stream: &'a Stream, rows: &'a [table::Row], dialect: Dialect) -> impl Iterator<Item = Due> + 'a {
    let row_of = |migration: &Migration| {
        rows.iter().find(|row| row.applied.stream == stream.name && row.applied.number == migration.number)
    };
    stream.migrations.iter().filter_map(move |migration| {
        let partway = match row_of(migration) {
            Some(table::Row { partway: None, .. }) => return None,
            Some(table::Row { partway, .. }) => *partway,
            None => None,
        };
        Some(Due {
            stream: stream.name,
            number: migration.number,
            name: migration.name,
            checksum: migration.checksum.get(dialect),
            additive: additive::is_additive(migration.sql.get(dialect), dialect),
            partway,
            sql: migration.sql.get(dialect),
        })
    })
}
