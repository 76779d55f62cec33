//! The queue: rows of `jobs`, each claimed by one of many servers for the time of a lease.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Order, Query, UpdateStatement};
use serde::Serialize;

use crate::db::{Session, json, moment, read_moment, text_type};

const TABLE: &str = "jobs";

/// A job that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id; ids of one process grow with time.
    pub id: String,
    /// What it was given, as JSON.
    pub payload: String,
    /// How often it was tried.
    pub attempts: u32,
    /// How often it may be.
    pub max_attempts: u32,
    /// When it can be claimed: when it is to be tried, or when the lease of who tries it ends.
    pub free_at: DateTime<Utc>,
}

/// Adds a job to be done from now on.
///
/// # Errors
/// What the database said.
pub async fn add(
    session: &mut Session,
    kind: &str,
    payload: &impl Serialize,
    max_attempts: u32,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let dialect = session.dialect();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(["id", "kind", "payload", "max_attempts", "run_at", "created_at"])
        .values_panic([
            uuid::Uuid::now_v7().to_string().into(),
            kind.into(),
            json(dialect, payload),
            max_attempts.into(),
            moment(dialect, now),
            moment(dialect, now),
        ])
        .to_owned();
    session.execute(&insert).await.map(drop)
}

/// The jobs of a kind that are not finished, the oldest first.
///
/// # Errors
/// What the database said.
pub async fn unfinished(session: &mut Session, kind: &str) -> Result<Vec<Job>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let columns = ["id", "payload", "attempts", "max_attempts", "status", "run_at", "leased_until"];
    let query = Query::select()
        .exprs(columns.map(|column| Expr::col(column).cast_as(as_text)))
        .from(TABLE)
        .and_where(Expr::col("kind").eq(kind))
        .and_where(Expr::col("status").is_in(["queued", "running"]))
        .order_by("id", Order::Asc)
        .to_owned();
    let job = |row: Vec<Option<String>>| {
        let [id, payload, attempts, max_attempts, status, run_at, leased_until] = row.try_into().ok()?;
        let free_at = if status? == "running" { leased_until.or(run_at) } else { run_at };
        Some(Job {
            id: id?,
            payload: payload?,
            attempts: attempts?.parse().ok()?,
            max_attempts: max_attempts?.parse().ok()?,
            free_at: read_moment(&free_at?)?,
        })
    };
    Ok(session.rows(&query).await?.into_iter().filter_map(job).collect())
}

/// Takes a job for the time of the lease: whether it is now ours, and not that of another server that also wanted it.
///
/// # Errors
/// What the database said.
pub async fn claim(
    session: &mut Session,
    job: &Job,
    owner: &str,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let dialect = session.dialect();
    let waiting = Expr::col("status").eq("queued").and(Expr::col("run_at").lte(moment(dialect, now)));
    let abandoned = Expr::col("status").eq("running").and(Expr::col("leased_until").lte(moment(dialect, now)));
    let update = Query::update()
        .table(TABLE)
        .value("status", "running")
        // Who asks for the same from now on asks for it once more.
        .value("coalesce_key", Expr::cust("NULL"))
        .value("lease_owner", owner)
        .value("leased_until", moment(dialect, now + lease))
        .value("attempts", Expr::col("attempts").add(1))
        .and_where(Expr::col("id").eq(job.id.as_str()))
        .and_where(waiting.or(abandoned))
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

/// Keeps a job for the time of another lease: whether it is still ours.
///
/// # Errors
/// What the database said.
pub async fn renew(
    session: &mut Session,
    job: &Job,
    owner: &str,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("leased_until", moment(session.dialect(), now + lease))
        .and_where(Expr::col("id").eq(job.id.as_str()))
        .and_where(Expr::col("lease_owner").eq(owner))
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

/// Remembers with a job that is ours what is known of it meanwhile.
///
/// # Errors
/// What the database said.
pub async fn note(session: &mut Session, job: &Job, owner: &str, payload: &impl Serialize) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("payload", json(session.dialect(), payload))
        .and_where(Expr::col("id").eq(job.id.as_str()))
        .and_where(Expr::col("lease_owner").eq(owner))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// It could not be tried, for something else is under way: it waits, and that was no attempt.
///
/// # Errors
/// What the database said.
pub async fn put_back(
    session: &mut Session,
    job: &Job,
    owner: &str,
    why: &str,
    run_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let run_at = moment(session.dialect(), run_at);
    let update = ours(job, owner)
        .value("status", "queued")
        .value("run_at", run_at)
        .value("attempts", job.attempts)
        .value("error_message", why)
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// It is done.
///
/// # Errors
/// What the database said.
pub async fn succeed(session: &mut Session, job: &Job, owner: &str, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let finished_at = moment(session.dialect(), now);
    let update = ours(job, owner)
        .value("status", "succeeded")
        .value("finished_at", finished_at)
        // Of a try that failed before nothing is to be said any more.
        .value("error_message", Expr::cust("NULL"))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// It failed, and is tried again from a moment on.
///
/// # Errors
/// What the database said.
pub async fn again(
    session: &mut Session,
    job: &Job,
    owner: &str,
    error: &str,
    run_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let run_at = moment(session.dialect(), run_at);
    let update =
        ours(job, owner).value("status", "queued").value("run_at", run_at).value("error_message", error).to_owned();
    session.execute(&update).await.map(drop)
}

/// It failed too often.
///
/// # Errors
/// What the database said.
pub async fn die(
    session: &mut Session,
    job: &Job,
    owner: &str,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let finished_at = moment(session.dialect(), now);
    let update = ours(job, owner)
        .value("status", "dead")
        .value("finished_at", finished_at)
        .value("error_message", error)
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// Whose lease has ended in between changes nothing.
fn ours(job: &Job, owner: &str) -> UpdateStatement {
    Query::update()
        .table(TABLE)
        .value("lease_owner", Expr::cust("NULL"))
        .value("leased_until", Expr::cust("NULL"))
        .and_where(Expr::col("id").eq(job.id.as_str()))
        .and_where(Expr::col("lease_owner").eq(owner))
        .to_owned()
}
