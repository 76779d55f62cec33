//! What is remembered of syncs and backups: `catalog_sync_runs`, `backups` and the audit log, in the same transaction.

use std::collections::HashMap;

use pricebook_types::Artifacts;
use sea_query::{Expr, ExprTrait, Query};
use serde::Serialize;
use serde_json::{Value, json};

use super::backup::{Backup, Contents, Place, Reason};
use super::{Changes, Difference, NewRow};
use crate::audit::{self, Actor, Entry};
use crate::db::tables::columns;
use crate::db::{self, Session};

/// Values of new rows that a run holds: servers take no statement of any length. Those of the rest stand in the log.
const VALUES_BYTES: usize = 4_000_000;

/// A sync, for the record.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The environment.
    pub environment: &'a str,
    /// Who ran it.
    pub actor: &'a Actor,
}

/// What a sync wrote, or was to write.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written<'a> {
    pub(super) differences: &'a [Difference],
    /// As far as they are known.
    pub(super) new_rows: &'a [NewRow],
}

/// A difference, with the values of the row where it was missing.
#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    difference: &'a Difference,
    #[serde(flatten)]
    new_row: Option<NewValues<'a>>,
}

#[derive(Serialize)]
struct NewValues<'a> {
    values: HashMap<&'a str, Option<&'a str>>,
}

impl<'a> Written<'a> {
    fn changes(&self) -> Vec<Change<'a>> {
        let mut bytes_left = VALUES_BYTES;
        let mut kept = |new: &'a NewRow| {
            let bytes: usize =
                new.values.iter().map(|(name, value)| name.len() + value.as_ref().map_or(4, String::len)).sum();
            bytes_left = bytes_left.checked_sub(bytes)?;
            let values = new.values.iter().map(|(name, value)| (&**name, value.as_deref())).collect();
            Some(((&*new.table, &*new.row), NewValues { values }))
        };
        let mut new_rows: HashMap<_, _> = self.new_rows.iter().map_while(&mut kept).collect();
        let change = |difference: &'a Difference| {
            let is_new = difference.is_missing_row();
            let new_row = is_new.then(|| new_rows.remove(&(&*difference.table, &*difference.row))).flatten();
            Change { difference, new_row }
        };
        self.differences.iter().map(change).collect()
    }
}

/// That a sync made the rows equal, and how. Which values changed stands in its run, to which the audit row refers.
///
/// # Errors
/// What the database said.
pub(super) async fn synced(
    session: &mut Session,
    artifacts: &Artifacts,
    run: Run<'_>,
    rows: Changes,
    written: Written<'_>,
    backup: Option<&Backup>,
) -> Result<String, sqlx::Error> {
    if let Some(backup) = backup {
        add_backup(session, backup, Reason::BeforeSync, run.environment).await?;
    }
    let id = add_run(session, artifacts, run, written, "succeeded", backup, None).await?;
    let details = json!({
        "environment": run.environment,
        "catalog_hash": artifacts.catalog_hash,
        "run": id,
        "backup": backup.map(|backup| &backup.id),
        "rows": rows,
    });
    audit::record(session, entry(artifacts, run.actor, "services.sync", "succeeded", details)).await?;
    Ok(id)
}

/// That a sync failed, in a transaction of its own, for that of the sync was taken back.
///
/// # Errors
/// What the database said.
pub async fn failed(
    session: &mut Session,
    artifacts: &Artifacts,
    run: Run<'_>,
    differences: &[Difference],
    backup: Option<&Backup>,
    message: &str,
) -> Result<(), sqlx::Error> {
    session.begin().await?;
    let added = async {
        if let Some(backup) = backup {
            // The file outlives the transaction that was to remember it.
            add_backup(session, backup, Reason::BeforeSync, run.environment).await?;
        }
        let id =
            add_run(session, artifacts, run, Written { differences, new_rows: &[] }, "failed", backup, Some(message))
                .await?;
        let details = json!({
            "environment": run.environment,
            "catalog_hash": artifacts.catalog_hash,
            "run": id,
            "backup": backup.map(|backup| &backup.id),
            "error": message,
        });
        audit::record(session, entry(artifacts, run.actor, "services.sync", "failed", details)).await
    };
    match added.await {
        Ok(()) => session.commit().await,
        Err(cause) => {
            session.rollback().await;
            Err(cause)
        }
    }
}

fn entry<'a>(
    artifacts: &'a Artifacts,
    actor: &'a Actor,
    action: &'static str,
    result: &'static str,
    details: Value,
) -> Entry<'a> {
    Entry { actor, action, object_type: "catalog", object_id: artifacts.name, result, details }
}

async fn add_run(
    session: &mut Session,
    artifacts: &Artifacts,
    run: Run<'_>,
    written: Written<'_>,
    status: &str,
    backup: Option<&Backup>,
    message: Option<&str>,
) -> Result<String, sqlx::Error> {
    let id = uuid::Uuid::now_v7().to_string();
    let mut insert = Query::insert();
    let columns = [
        "id",
        "environment",
        "catalog_hash",
        "status",
        "actor",
        "changes",
        "backup_id",
        "error_message",
        "finished_at",
    ];
    insert.into_table("catalog_sync_runs").columns(columns).values_panic([
        id.as_str().into(),
        run.environment.into(),
        artifacts.catalog_hash.into(),
        status.into(),
        run.actor.shown().into(),
        db::json(session.dialect(), &written.changes()),
        backup.map(|backup| backup.id.clone()).into(),
        message.map(str::to_owned).into(),
        Expr::current_timestamp(),
    ]);
    session.execute(&insert).await?;
    Ok(id)
}

async fn add_backup(
    session: &mut Session,
    backup: &Backup,
    reason: Reason,
    environment: &str,
) -> Result<(), sqlx::Error> {
    let mut insert = Query::insert();
    let columns = ["id", "environment", "reason", "location", "size_bytes", "checksum", "catalog_hash"];
    insert.into_table("backups").columns(columns).values_panic([
        backup.id.as_str().into(),
        environment.into(),
        reason.recorded().into(),
        backup.file.display().to_string().into(),
        i64::try_from(backup.size_bytes).unwrap_or(i64::MAX).into(),
        backup.checksum.as_str().into(),
        backup.catalog_hash.clone().into(),
    ]);
    session.execute(&insert).await.map(drop)
}

/// That somebody took a backup.
///
/// # Errors
/// What the database said.
pub async fn backed_up(
    session: &mut Session,
    artifacts: &Artifacts,
    backup: &Backup,
    run: Run<'_>,
) -> Result<(), sqlx::Error> {
    add_backup(session, backup, Reason::Manual, run.environment).await?;
    let details = json!({ "environment": run.environment, "backup": backup.id, "file": backup.file });
    audit::record(session, entry(artifacts, run.actor, "services.backup", "succeeded", details)).await
}

/// That a backup was put back, and where the rows are that it replaced.
///
/// # Errors
/// What the database said.
pub(super) async fn restored(
    session: &mut Session,
    artifacts: &Artifacts,
    contents: &Contents,
    replaced: &Backup,
    place: Place<'_>,
    actor: &Actor,
) -> Result<(), sqlx::Error> {
    add_backup(session, replaced, Reason::BeforeRestore, place.environment).await?;
    let mut update = Query::update();
    update
        .table("backups")
        .value("restored_at", Expr::current_timestamp())
        .and_where(Expr::col("checksum").eq(contents.checksum.as_str()));
    session.execute(&update).await?;
    let details = json!({
        "environment": place.environment,
        "taken": contents.taken,
        "taken_of": contents.environment,
        "checksum": contents.checksum,
        "replaced": replaced.id,
    });
    audit::record(session, entry(artifacts, actor, "services.restore", "succeeded", details)).await
}

/// The last sync that was kept: it says which environment's database this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// Of which environment.
    pub environment: String,
    /// Of which catalog.
    pub catalog_hash: String,
}

/// The last sync that was kept; `None` where there was none, or the tables are not there yet.
///
/// # Errors
/// What the database said.
pub async fn last_run(session: &mut Session) -> Result<Option<LastRun>, sqlx::Error> {
    if columns(session, &["catalog_sync_runs"]).await?.iter().all(Vec::is_empty) {
        return Ok(None);
    }
    // Ids begin with the time.
    let query =
        "SELECT environment, catalog_hash FROM catalog_sync_runs WHERE status = 'succeeded' ORDER BY id DESC LIMIT 1";
    let mut runs = session.texts(query).await?.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default));
    Ok(runs.next().and_then(|mut run| Some(LastRun { environment: run.next()?, catalog_hash: run.next()? })))
}

impl LastRun {
    /// Whether it was one of this environment and catalog.
    pub fn is_of(&self, environment: &str, catalog_hash: &str) -> bool {
        self.environment == environment && self.catalog_hash == catalog_hash
    }
}
