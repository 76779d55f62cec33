//! Asking for something that may be waiting already: who asks meanwhile joins it, and its time moves.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query};
use serde::Serialize;

use super::not_before;
use crate::db::{Session, json, moment, text_type};

const TABLE: &str = "jobs";
/// Between two looks the job may be claimed, so that another one is made. That this happens again and again is another mistake.
const LOOKS: u32 = 5;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a, P> {
    /// Which handler does it.
    pub kind: &'a str,
    /// What is the same thing has the same key.
    pub key: &'a str,
    /// What the job is given, where it is a new one.
    pub payload: &'a P,
    /// How often it may be tried.
    pub max_attempts: u32,
    /// Nobody must have asked for so long before it is done.
    pub wait: Duration,
    /// However often is asked, it is done after so long.
    pub longest: Duration,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Adds a job, or puts off the one with the same key that waits; returns its id. Who does not want to wait pulls it forward.
///
/// # Errors
/// What the database said.
pub async fn join<P: Serialize>(session: &mut Session, joining: Joining<'_, P>) -> Result<String, sqlx::Error> {
    for _ in 0..LOOKS {
        if !move_waiting(session, &joining).await? {
            insert(session, &joining).await?;
        }
        if let Some(id) = waiting(session, joining.key).await? {
            return Ok(id);
        }
    }
    Err(sqlx::Error::Protocol(format!("the job {} cannot be queued: it is taken again and again", joining.key)))
}

impl<P> Joining<'_, P> {
    /// When it is to be done, and by when.
    fn times(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        if self.wait.is_zero() {
            return (self.now, self.now);
        }
        (not_before(self.now + self.wait), not_before(self.now + self.longest.max(self.wait)))
    }
}

async fn move_waiting<P>(session: &mut Session, joining: &Joining<'_, P>) -> Result<bool, sqlx::Error> {
    let dialect = session.dialect();
    let no_later = |time| {
        let time = || moment(dialect, time);
        CaseStatement::new().case(Expr::col("run_by").lt(time()), Expr::col("run_by")).finally(time())
    };
    let (run_at, run_by) = joining.times();
    let update = Query::update()
        .table(TABLE)
        // MySQL goes from left to right: the time must be set while `run_by` is what it was.
        .value("run_at", no_later(run_at))
        .value("run_by", no_later(run_by))
        .and_where(Expr::col("coalesce_key").eq(joining.key))
        .and_where(Expr::col("status").eq("queued"))
        .to_owned();
    Ok(session.execute(&update).await? > 0)
}

async fn insert<P: Serialize>(session: &mut Session, joining: &Joining<'_, P>) -> Result<(), sqlx::Error> {
    let dialect = session.dialect();
    let (run_at, run_by) = joining.times();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(["id", "kind", "coalesce_key", "payload", "max_attempts", "run_at", "run_by", "created_at"])
        .values_panic([
            uuid::Uuid::now_v7().to_string().into(),
            joining.kind.into(),
            joining.key.into(),
            json(dialect, joining.payload),
            joining.max_attempts.into(),
            moment(dialect, run_at),
            moment(dialect, run_by),
            moment(dialect, joining.now),
        ])
        .on_conflict(OnConflict::column("coalesce_key").do_nothing_on(["id"]).to_owned())
        .to_owned();
    session.execute(&insert).await.map(drop)
}

async fn waiting(session: &mut Session, key: &str) -> Result<Option<String>, sqlx::Error> {
    let query = Query::select()
        .expr(Expr::col("id").cast_as(text_type(session.dialect())))
        .from(TABLE)
        .and_where(Expr::col("coalesce_key").eq(key))
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}
