//! What the queue holds, for people: what waits, what is done, and what was given up and may be tried again.

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::Value;

use crate::db::{Session, Texts, moment, text_type};

const TABLE: &str = "jobs";

/// A job, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// What it was given.
    pub payload: Value,
    /// `queued`, `running`, `succeeded` or `dead`.
    pub status: String,
    /// How often it was tried.
    pub attempts: u32,
    /// How often it may be.
    pub max_attempts: u32,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// When it is or was to be done.
    pub run_at: String,
    /// When somebody asked for it.
    pub created_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
}

/// How many jobs there are that have not ended well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They wait.
    pub queued: u64,
    /// Somebody is at them.
    pub running: u64,
    /// They were given up.
    pub dead: u64,
}

/// The newest jobs of a kind, of one status or of any.
///
/// # Errors
/// What the database said.
pub async fn newest(
    session: &mut Session,
    kind: &str,
    status: Option<&str>,
    most: u64,
) -> Result<Vec<Kept>, sqlx::Error> {
    let mut query = of_kind(session, kind);
    if let Some(status) = status {
        query.and_where(Expr::col("status").eq(status));
    }
    query.order_by("id", Order::Desc).limit(most);
    Ok(session.rows(&query).await?.into_iter().filter_map(read).collect())
}

/// One job of a kind.
///
/// # Errors
/// What the database said.
pub async fn find(session: &mut Session, kind: &str, id: &str) -> Result<Option<Kept>, sqlx::Error> {
    let mut query = of_kind(session, kind);
    query.and_where(Expr::col("id").eq(id));
    Ok(session.rows(&query).await?.into_iter().next().and_then(read))
}

/// Has a job that was given up tried again from now on, as often as a new one: whether it was one.
///
/// # Errors
/// What the database said.
pub async fn replay(session: &mut Session, kind: &str, id: &str, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("status", "queued")
        .value("attempts", 0)
        .value("run_at", moment(session.dialect(), now))
        .value("finished_at", Expr::cust("NULL"))
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("kind").eq(kind))
        .and_where(Expr::col("status").eq("dead"))
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

/// How many jobs of a kind there are.
///
/// # Errors
/// What the database said.
pub async fn counts(session: &mut Session, kind: &str) -> Result<Counts, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .expr(Expr::col("status").cast_as(as_text))
        .expr(Expr::col("status").count().cast_as(as_text))
        .from(TABLE)
        .and_where(Expr::col("kind").eq(kind))
        .group_by_col("status")
        .to_owned();
    let mut counts = Counts::default();
    for row in session.rows(&query).await? {
        let Ok([Some(status), Some(count)]) = <[_; 2]>::try_from(row) else { continue };
        let count = count.parse().unwrap_or_default();
        match status.as_str() {
            "queued" => counts.queued = count,
            "running" => counts.running = count,
            "dead" => counts.dead = count,
            _ => {}
        }
    }
    Ok(counts)
}

fn of_kind(session: &Session, kind: &str) -> SelectStatement {
    let as_text = text_type(session.dialect());
    let texts = ["id", "payload", "status", "attempts", "max_attempts", "error_message"];
    Query::select()
        .exprs(texts.map(|column| Expr::col(column).cast_as(as_text)))
        .exprs(["run_at", "created_at", "finished_at"].map(|column| moment::iso(session.dialect(), TABLE, column)))
        .from(TABLE)
        .and_where(Expr::col("kind").eq(kind))
        .to_owned()
}

fn read(row: Texts) -> Option<Kept> {
    let [id, payload, status, attempts, max_attempts, error, run_at, created_at, finished_at] = row.try_into().ok()?;
    Some(Kept {
        id: id?,
        payload: serde_json::from_str(&payload?).ok()?,
        status: status?,
        attempts: attempts?.parse().ok()?,
        max_attempts: max_attempts?.parse().ok()?,
        error,
        run_at: run_at?,
        created_at: created_at?,
        finished_at,
    })
}
