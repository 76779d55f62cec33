//! Putting a backup's rows back, in one transaction that also compares them.

use pricebook_types::{Artifacts, Dialect, SyncedTable};
use serde::Serialize;

use super::outside::Outside;
use super::{Backup, BackupError, Contents, Place, Reason, dump, take};
use crate::audit::Actor;
use crate::db::{Session, begin_alone, body};
use crate::services::record;
use crate::services::state::{self, State};

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// How many rows.
    pub rows: usize,
    /// Where the rows are that were replaced.
    pub replaced: Backup,
}

/// Makes the rows of a backup's tables those of the backup. What they replace is saved first. Servers drop their caches.
/// `from` names the environment or the database of the backup, where that is another one.
///
/// # Errors
/// [`BackupError`]; the rows are then as they were.
pub async fn restore(
    session: &mut Session,
    artifacts: &Artifacts,
    contents: &Contents,
    place: Place<'_>,
    from: Option<&str>,
    actor: &Actor,
) -> Result<Restored, BackupError> {
    let tables = fitting(session.dialect(), artifacts, contents, place, from)?;
    let names: Vec<_> = artifacts.synced_tables.iter().map(|table| table.name).collect();
    begin_alone(session, &names).await?;
    let restored = within(session, artifacts, contents, &tables, place, actor).await;
    match &restored {
        Ok(_) => session.commit_or_rollback().await.map_err(BackupError::of_commit)?,
        Err(_) => session.rollback().await,
    }
    let restored = restored?;
    if !session.shows_its_writes() {
        compare(session, contents, &tables).await?.map_or(Ok(()), |table| Err(BackupError::Kept(table)))?;
    }
    Ok(restored)
}

/// The backup's tables, where it belongs to this catalog, this kind of database and this place, or is said to be `from`
/// the place that it names.
///
/// # Errors
/// [`BackupError`], with what it belongs to.
pub fn fitting(
    dialect: Dialect,
    artifacts: &Artifacts,
    contents: &Contents,
    place: Place<'_>,
    from: Option<&str>,
) -> Result<Vec<SyncedTable>, BackupError> {
    let other = |what, found: &str, expected: &str| {
        Err(BackupError::Other { what, found: found.to_owned(), expected: expected.to_owned() })
    };
    if contents.catalog != artifacts.name {
        return other("the catalog", &contents.catalog, artifacts.name);
    }
    if contents.database != dialect.name() {
        return other("a database of the kind", &contents.database, dialect.name());
    }
    let (environment, database) = (&*contents.environment, &*contents.kept_in);
    let is_same = environment == place.environment;
    let is_named = from.is_some_and(|from| from == database || from == environment && !is_same);
    if !is_named && (environment, database) != (place.environment, place.database) {
        let (found, expected) = if is_same { (database, place.database) } else { (environment, place.environment) };
        return Err(BackupError::Elsewhere { found: found.to_owned(), expected: expected.to_owned() });
    }
    let known = |(name, _): &(String, usize)| {
        let table = artifacts.synced_tables.iter().find(|table| table.name == name).copied();
        table.ok_or_else(|| BackupError::UnknownTable(name.clone()))
    };
    contents.counts.iter().map(known).collect()
}

async fn within(
    session: &mut Session,
    artifacts: &Artifacts,
    contents: &Contents,
    tables: &[SyncedTable],
    place: Place<'_>,
    actor: &Actor,
) -> Result<Restored, BackupError> {
    let state = State::read(session, artifacts).await?;
    let replaced = take(session, artifacts, Reason::BeforeRestore, place, &state).await?;
    put_back(session, contents, tables).await?;
    state::raise(session, artifacts, state.revision).await?;
    record::restored(session, artifacts, contents, &replaced, place, actor).await?;
    Ok(Restored { rows: contents.counts.iter().map(|(_, rows)| rows).sum(), replaced })
}

/// Makes the rows of the tables those of the backup, within a transaction; what refers to them must stay.
pub(super) async fn put_back(
    session: &mut Session,
    contents: &Contents,
    tables: &[SyncedTable],
) -> Result<(), BackupError> {
    let names: Vec<_> = tables.iter().map(|table| table.name).collect();
    let outside = Outside::of(session, &names).await?;
    session.run_large(body(&contents.script)).await?;
    if session.shows_its_writes()
        && let Some(table) = compare(session, contents, tables).await?
    {
        return Err(BackupError::NotEqual(table));
    }
    outside.is_whole(session).await
}

/// A table whose rows are not those of the backup; `its tables` where their numbers do not tell which.
async fn compare(
    session: &mut Session,
    contents: &Contents,
    tables: &[SyncedTable],
) -> Result<Option<String>, sqlx::Error> {
    let now = dump(session, tables).await?;
    // The revision, which is in the table of the state, goes on when everything else is back.
    let goes_on = !session.shows_its_writes() && contents.catalog_hash != "none";
    let is_state = |line: &&str| goes_on && line.contains(&contents.catalog_hash);
    let lines = |script: &str| script.lines().filter(|line| !is_state(line)).map(str::to_owned).collect::<Vec<_>>();
    if lines(&now.script) == lines(&contents.script) {
        return Ok(None);
    }
    let mut counts = now.counts.iter().zip(&contents.counts);
    let first = counts.find(|((_, now), (_, then))| now != then);
    Ok(Some(first.map_or("its tables", |((name, _), _)| name).to_owned()))
}
