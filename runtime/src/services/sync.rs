//! Making the database's rows equal to the catalog: the generated `sync.sql`, between two verifications.

use std::collections::BTreeMap;

use pricebook_types::Artifacts;
use serde::Serialize;

use super::{Difference, verify};
use crate::db::{Fault, Session, body};

/// What a sync found and put right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// How many rows.
    pub rows: Changes,
    /// Every difference that was found, and is now gone.
    pub differences: Vec<Difference>,
}

/// How many rows a sync wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Rows that were missing.
    pub inserted: usize,
    /// Rows with other values, but still for sale.
    pub updated: usize,
    /// Rows that are no longer for sale.
    pub deactivated: usize,
}

/// Why a sync kept nothing.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The database refused.
    #[error("the rows cannot be made equal to the catalog: {0}")]
    Database(#[from] sqlx::Error),
    /// The rows still differ after `sync.sql`: a trigger or a default of the database changes them.
    #[error("after the sync {} still differs from the catalog in {count} places; nothing was kept", first.table)]
    StillDifferent {
        /// One of the differences.
        first: Box<Difference>,
        /// How many there are.
        count: usize,
    },
}

impl SyncError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Database(cause) => Fault::of(cause).help(),
            Self::StillDifferent { .. } => "look for triggers or columns of your own on this table",
        }
    }
}

/// Makes the rows equal to the catalog, in one transaction that also verifies them. Where nothing differs, nothing is
/// written.
///
/// # Errors
/// [`SyncError`]; the rows are then as they were.
pub async fn sync(session: &mut Session, artifacts: &Artifacts) -> Result<Outcome, SyncError> {
    if verify(session, artifacts).await?.is_empty() {
        return Ok(Outcome::default());
    }
    session.begin().await?;
    let outcome = make_equal(session, artifacts).await;
    match &outcome {
        Ok(_) => session.commit().await?,
        Err(_) => session.rollback().await,
    }
    outcome
}

/// As [`sync`], but keeps nothing.
///
/// # Errors
/// As [`sync`].
pub async fn rehearse(session: &mut Session, artifacts: &Artifacts) -> Result<Outcome, SyncError> {
    session.begin().await?;
    let outcome = make_equal(session, artifacts).await;
    session.rollback().await;
    outcome
}

async fn make_equal(session: &mut Session, artifacts: &Artifacts) -> Result<Outcome, SyncError> {
    let differences = verify(session, artifacts).await?;
    session.run(body(artifacts.sync_sql.get(session.dialect()))).await?;
    let left = verify(session, artifacts).await?;
    if let Some(first) = left.first() {
        return Err(SyncError::StillDifferent { first: Box::new(first.clone()), count: left.len() });
    }
    Ok(Outcome { rows: Changes::count(&differences), differences })
}

impl Changes {
    fn count(differences: &[Difference]) -> Self {
        let mut rows: BTreeMap<(&str, &str), (bool, bool)> = BTreeMap::new();
        for difference in differences {
            let (missing, deactivated) = rows.entry((&difference.table, &difference.row)).or_default();
            *missing |= difference.is_missing_row();
            *deactivated |= difference.is_deactivation();
        }
        rows.values().fold(Self::default(), |mut changes, row| {
            match row {
                (true, _) => changes.inserted += 1,
                (false, true) => changes.deactivated += 1,
                (false, false) => changes.updated += 1,
            }
            changes
        })
    }

    /// Whether nothing was written.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
