//! How far a run is: its counts, which grow in its row while it goes on.

use sea_query::{Expr, ExprTrait, Query};
use serde::Serialize;
use serde_json::Value;

use crate::db::{Session, text_type};

/// What has become of products so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Made.
    pub created: u32,
    /// Changed.
    pub updated: u32,
    /// As they were.
    pub synced: u32,
    /// Failed.
    pub errors: u32,
}

/// Shows how far a run is that has not ended.
///
/// # Errors
/// What the database said.
pub async fn progress(session: &mut Session, run: &str, so_far: Progress) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table("stripe_sync_runs")
        .value("created_count", so_far.created)
        .value("updated_count", so_far.updated)
        .value("synced_count", so_far.synced)
        .value("error_count", so_far.errors)
        .and_where(Expr::col("id").eq(run))
        .and_where(Expr::col("status").eq("running"))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// How a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunState {
    /// `running`, `succeeded` or `failed`; of a look, whether nothing differs.
    pub status: String,
    /// What has become of products.
    pub progress: Progress,
    /// Once it has ended: what became of everything, of a look what differs.
    pub report: Option<Value>,
}

/// How a run is; `None` where it is not known.
///
/// # Errors
/// What the database said.
pub async fn state_of_run(session: &mut Session, run: &str) -> Result<Option<RunState>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let columns = ["status", "created_count", "updated_count", "synced_count", "error_count", "report"];
    let query = Query::select()
        .exprs(columns.map(|column| Expr::col(column).cast_as(as_text)))
        .from("stripe_sync_runs")
        .and_where(Expr::col("id").eq(run))
        .to_owned();
    let read = |row: Vec<Option<String>>| {
        let [status, created, updated, synced, errors, report] = row.try_into().ok()?;
        let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or_default();
        let [created, updated, synced, errors] = [created, updated, synced, errors].map(number);
        let report = report.and_then(|report| serde_json::from_str(&report).ok());
        Some(RunState { status: status?, progress: Progress { created, updated, synced, errors }, report })
    };
    Ok(session.rows(&query).await?.into_iter().next().and_then(read))
}
