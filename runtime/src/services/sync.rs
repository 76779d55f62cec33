//! Making the database's rows equal to the catalog: the generated `sync.sql`, between two verifications.

use std::collections::HashMap;

use pricebook_types::Artifacts;
use serde::Serialize;

use super::backup::{self, Backup, BackupError, Place, Reason};
use super::record::{self, LastRun, Run, Written, last_run};
use super::state::{self, State};
use super::verify::verify_within;
use super::{Difference, NewRow, Plan, verify};
use crate::db::{Fault, Session, begin_alone, body, said};

/// What a sync found and put right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// How many rows.
    pub rows: Changes,
    /// Every difference that was found, and is now gone.
    pub differences: Vec<Difference>,
    /// The backup that was taken first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
    /// Its id in `catalog_sync_runs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The revision by which servers learn of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// How a sync is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who does it, and where.
    pub run: Run<'a>,
    /// What was shown: nothing else is to be changed. `None` for whatever there is.
    pub planned: Option<&'a Plan>,
    /// Where the old rows are saved first.
    pub backup: Option<Place<'a>>,
    /// The last sync that was kept when the database was looked at: whose database it is must not have changed since.
    pub last: Option<&'a LastRun>,
    /// What is known of the rows that will be inserted, for the record.
    pub new_rows: &'a [NewRow],
    /// Whether a sync that finds nothing to do is put on record, too.
    pub must_be_recorded: bool,
}

/// How far a sync has come.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// The old rows are being saved.
    Saving,
    /// They are in this file.
    Saved(&'a Backup),
    /// Rows are being written.
    Writing,
    /// Every row is as the catalog says, and that is kept.
    Verified,
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
    /// Parts that their owner no longer has, such as the amount of a price in another currency.
    pub removed: usize,
}

/// Why a sync kept nothing.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The database refused.
    #[error("the rows cannot be made equal to the catalog: {}", said(.0))]
    Database(#[from] sqlx::Error),
    /// The database refused to keep it.
    #[error("the sync could not be kept, and nothing was: {}", said(.0))]
    NotKept(#[source] sqlx::Error),
    /// The last statement got no answer.
    #[error("whether the sync was kept is not known: {}", said(.0))]
    Commit(#[source] sqlx::Error),
    /// The rows still differ after `sync.sql`, on D1, which does not tell where.
    #[error("after the sync rows still differ from the catalog; nothing was kept")]
    Refuted,
    /// The old rows cannot be saved.
    #[error("the backup failed, so nothing was written: {0}")]
    Backup(#[from] BackupError),
    /// The database is no longer what the plan was made of.
    #[error("the database was changed after the plan was made; nothing was written")]
    Moved,
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
    fn of_commit(cause: sqlx::Error) -> Self {
        match Fault::of(&cause) {
            Fault::Refuted => Self::Refuted,
            _ if Fault::is_refused_commit(&cause) => Self::NotKept(cause),
            _ => Self::Commit(cause),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Database(cause) | Self::NotKept(cause) => Fault::of(cause).help(),
            Self::Commit(_) => "the plan tells it: pricebook services plan",
            Self::Backup(cause) => cause.help(),
            Self::Moved => "look at the plan again, and sync again",
            Self::Refuted => Fault::Refuted.help(),
            Self::StillDifferent { .. } => "look for triggers or columns of your own on this table",
        }
    }
}

/// Makes the rows equal to the catalog, in one transaction that also saves the old rows, verifies the new ones and
/// leaves an audit row. Where nothing differs, nothing is written but, if asked for, that a sync took place.
///
/// # Errors
/// [`SyncError`]; the rows are then as they were, but for [`SyncError::Commit`] also perhaps as the catalog says.
pub async fn sync(
    session: &mut Session,
    artifacts: &Artifacts,
    request: Request<'_>,
    on_step: &mut dyn FnMut(Step<'_>),
) -> Result<Outcome, SyncError> {
    let is_equal = match request.planned {
        Some(planned) => planned.differences.is_empty(),
        None => verify(session, artifacts).await?.is_empty(),
    };
    if is_equal && !request.must_be_recorded {
        return Ok(Outcome::default());
    }
    begin(session, artifacts).await?;
    let outcome = make_equal(session, artifacts, request, on_step).await;
    match &outcome {
        Ok(_) => session.commit_or_rollback().await.map_err(SyncError::of_commit)?,
        Err(_) => session.rollback().await,
    }
    if outcome.as_ref().is_ok_and(|outcome| !outcome.rows.is_none()) {
        on_step(Step::Verified);
    }
    outcome
}

/// As [`sync`] without a backup, but keeps nothing.
///
/// # Errors
/// As [`sync`].
pub async fn rehearse(
    session: &mut Session,
    artifacts: &Artifacts,
    request: Request<'_>,
) -> Result<Outcome, SyncError> {
    begin(session, artifacts).await?;
    let outcome = make_equal(session, artifacts, Request { backup: None, ..request }, &mut |_| {}).await;
    session.rollback().await;
    outcome
}

async fn begin(session: &mut Session, artifacts: &Artifacts) -> Result<(), SyncError> {
    let tables: Vec<_> = artifacts.synced_tables.iter().map(|table| table.name).collect();
    Ok(begin_alone(session, &tables).await?)
}

async fn make_equal(
    session: &mut Session,
    artifacts: &Artifacts,
    request: Request<'_>,
    on_step: &mut dyn FnMut(Step<'_>),
) -> Result<Outcome, SyncError> {
    let differences = match request.planned {
        // Under the lock of the transaction, so that it stays so.
        Some(planned) if planned.mark.is_some() && session.unchanged_mark().await? == planned.mark => {
            planned.differences.clone()
        }
        planned => {
            let found = verify(session, artifacts).await?;
            if !found.is_empty() && planned.is_some_and(|planned| planned.differences != found) {
                return Err(SyncError::Moved);
            }
            found
        }
    };
    let is_whose_it_was = last_run(session).await?.as_ref() == request.last;
    if differences.is_empty() {
        // Another process did it while we waited, or there was nothing to do.
        let run = match request.must_be_recorded && is_whose_it_was {
            true => Some(
                record::synced(session, artifacts, request.run, Changes::default(), Written::default(), None).await?,
            ),
            false => None,
        };
        return Ok(Outcome { run, ..Outcome::default() });
    }
    if !is_whose_it_was {
        return Err(SyncError::Moved);
    }
    let state = State::read(session, artifacts).await?;
    let backup = match request.backup {
        Some(place) => {
            on_step(Step::Saving);
            let backup = backup::take(session, artifacts, Reason::BeforeSync, place, &state).await?;
            on_step(Step::Saved(&backup));
            Some(backup)
        }
        None => None,
    };
    on_step(Step::Writing);
    session.run_large(body(artifacts.sync_sql.get(session.dialect()))).await?;
    let left = verify_within(session, artifacts).await?;
    if let Some(first) = left.first() {
        return Err(SyncError::StillDifferent { first: Box::new(first.clone()), count: left.len() });
    }
    // The file itself raises it for another catalog only, and not for rows that somebody had changed by hand.
    state::raise(session, artifacts, state.revision).await?;
    let rows = Changes::count(&differences);
    let written = Written { differences: &differences, new_rows: request.new_rows };
    let run = record::synced(session, artifacts, request.run, rows, written, backup.as_ref()).await?;
    Ok(Outcome { rows, differences, backup, run: Some(run), revision: Some(state.revision + 1) })
}

impl Changes {
    pub(super) fn count(differences: &[Difference]) -> Self {
        // The first of these that holds says what becomes of a row.
        let tests = [Difference::is_missing_row, Difference::is_removal, Difference::is_deactivation];
        let mut rows: HashMap<(&str, &str), usize> = HashMap::with_capacity(differences.len());
        for difference in differences {
            let becomes = tests.iter().position(|holds| holds(difference)).unwrap_or(tests.len());
            let of_row = rows.entry((&difference.table, &difference.row)).or_insert(becomes);
            *of_row = becomes.min(*of_row);
        }
        let count = |becomes: usize| rows.values().filter(|of_row| **of_row == becomes).count();
        Self { inserted: count(0), removed: count(1), deactivated: count(2), updated: count(tests.len()) }
    }

    /// Whether nothing was written.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
