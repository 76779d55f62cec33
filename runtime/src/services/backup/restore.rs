//! Putting a backup's rows back, in one transaction that also compares them.

use std::path::Path;

use pricebook_types::{Artifacts, SyncedTable};
use serde::Serialize;

use super::outside::Outside;
use super::{Backup, BackupError, Contents, Place, Reason, dump, read, take};
use crate::audit::Actor;
use crate::db::{Session, begin_alone, body};
use crate::services::{record, state};

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// How many rows.
    pub rows: usize,
    /// Where the rows are that were replaced.
    pub replaced: Backup,
}

/// Makes the rows of a backup's tables those of the backup. What they replace is saved first. Servers drop their caches.
///
/// # Errors
/// [`BackupError`]; the rows are then as they were.
pub async fn restore(
    session: &mut Session,
    artifacts: &Artifacts,
    file: &Path,
    place: Place<'_>,
    actor: &Actor,
) -> Result<Restored, BackupError> {
    let contents = read(file)?;
    let tables = fitting(session, artifacts, &contents)?;
    let names: Vec<_> = artifacts.synced_tables.iter().map(|table| table.name).collect();
    begin_alone(session, &names).await?;
    let restored = within(session, artifacts, &contents, &tables, place, actor).await;
    match &restored {
        Ok(_) => session.commit().await?,
        Err(_) => session.rollback().await,
    }
    restored
}

/// The backup's tables, where it belongs to this catalog and this kind of database.
fn fitting(session: &Session, artifacts: &Artifacts, contents: &Contents) -> Result<Vec<SyncedTable>, BackupError> {
    let other = |what, found: &str, expected: &str| {
        Err(BackupError::Other { what, found: found.to_owned(), expected: expected.to_owned() })
    };
    if contents.catalog != artifacts.name {
        return other("the catalog", &contents.catalog, artifacts.name);
    }
    if contents.database != session.dialect().name() {
        return other("a database of the kind", &contents.database, session.dialect().name());
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
    let replaced = take(session, artifacts, Reason::BeforeRestore, place).await?;
    let revision = state::revision(session, artifacts).await?;
    let names: Vec<_> = tables.iter().map(|table| table.name).collect();
    let outside = Outside::of(session, &names).await?;
    session.run_large(body(&contents.script)).await?;
    let now = dump(session, tables).await?;
    if now.script != contents.script {
        let counts = now.counts.iter().zip(&contents.counts);
        let first = counts.map(|((name, now), (_, then))| (name, now == then)).find(|(_, equal)| !equal);
        return Err(BackupError::NotEqual(first.map_or("its tables", |(name, _)| name).to_owned()));
    }
    outside.is_whole(session, &names).await?;
    state::raise(session, artifacts, revision).await?;
    record::restored(session, artifacts, contents, &replaced, place, actor).await?;
    Ok(Restored { rows: now.counts.iter().map(|(_, rows)| rows).sum(), replaced })
}
