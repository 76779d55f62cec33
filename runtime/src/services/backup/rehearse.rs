//! What putting a backup back would change, and whether it could be kept, without keeping it.

use std::collections::HashMap;

use pricebook_types::{Artifacts, SyncedTable};
use serde::Serialize;

use super::restore::{fitting, put_back};
use super::statements::Rows;
use super::{BackupError, Contents, Place, dump};
use crate::db::{Session, begin_alone};

/// What putting a backup back would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rehearsed {
    /// How many rows the backup has.
    pub rows: usize,
    /// What would become of the rows that are there; `None` where only doing it tells, on D1.
    pub changes: Option<RowChanges>,
}

/// How many rows would be others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowChanges {
    /// They are in the backup and not in the database.
    pub inserted: usize,
    /// They have other values.
    pub updated: usize,
    /// They are in the database and not in the backup.
    pub deleted: usize,
}

impl RowChanges {
    /// Whether the database holds the rows of the backup.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Puts a backup back as [`super::restore`] does, and takes that back; no backup is taken of the rows that are there.
///
/// # Errors
/// As [`super::restore`].
pub async fn rehearse(
    session: &mut Session,
    artifacts: &Artifacts,
    contents: &Contents,
    place: Place<'_>,
    from: Option<&str>,
) -> Result<Rehearsed, BackupError> {
    let tables = fitting(session.dialect(), artifacts, contents, place, from)?;
    let rows = contents.counts.iter().map(|(_, rows)| rows).sum();
    if !session.shows_its_writes() {
        return Ok(Rehearsed { rows, changes: None });
    }
    let names: Vec<_> = artifacts.synced_tables.iter().map(|table| table.name).collect();
    begin_alone(session, &names).await?;
    let changes = within(session, contents, &tables).await;
    session.rollback().await;
    Ok(Rehearsed { rows, changes: Some(changes?) })
}

async fn within(session: &mut Session, contents: &Contents, tables: &[SyncedTable]) -> Result<RowChanges, BackupError> {
    let before = dump::rows(session, tables).await?;
    put_back(session, contents, tables).await?;
    let after = dump::rows(session, tables).await?;
    let all = before.iter().zip(&after);
    // Its row says which catalog the others are of, and moves with them.
    let all = all.filter(|(before, _)| before.table.name != "catalog_state");
    Ok(all.fold(RowChanges::default(), |changes, (before, after)| changes.with(before, after)))
}

impl RowChanges {
    /// These, and those of one more table.
    fn with(mut self, before: &Rows<'_>, after: &Rows<'_>) -> Self {
        let mut old: HashMap<_, _> = before.values.iter().map(|(key, values)| (key, values)).collect();
        for (key, values) in &after.values {
            match old.remove(key) {
                None => self.inserted += 1,
                Some(old) if old != values => self.updated += 1,
                Some(_) => {}
            }
        }
        self.deleted += old.len();
        self
    }
}
