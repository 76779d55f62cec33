//! Whose turn it is to do what is done again and again: a row of `schedules` that one of many can move on.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::db::{Session, json, moment, read_moment, text_type};

const TABLE: &str = "schedules";

/// Whether something is due and ours to do. Whoever is told so does it now; if that comes to nothing, the next turn is as
/// far away as ever, or where [`come_back`] says.
///
/// # Errors
/// What the database said.
pub async fn take_turn(
    session: &mut Session,
    name: &str,
    every: Duration,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    if move_on(session, name, every, now).await? {
        return Ok(true);
    }
    // Looked for first, so that a round in which nothing is due writes nothing.
    if is_known(session, name).await? {
        return Ok(false);
    }
    let dialect = session.dialect();
    let first = Query::insert()
        .into_table(TABLE)
        .columns(["name", "job_kind", "payload", "every_secs", "next_run_at"])
        .values_panic([name.into(), "turn".into(), json(dialect, &()), secs(every).into(), moment(dialect, now)])
        .on_conflict(OnConflict::column("name").do_nothing_on(["name"]).to_owned())
        .to_owned();
    session.execute(&first).await?;
    move_on(session, name, every, now).await
}

/// When a turn was and will be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The last time; `None` where it never was.
    pub last: Option<DateTime<Utc>>,
    /// The next time.
    pub next: DateTime<Utc>,
}

/// The turn of this name, where somebody has looked at it before.
///
/// # Errors
/// What the database said.
pub async fn turn(session: &mut Session, name: &str) -> Result<Option<Turn>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["last_run_at", "next_run_at"].map(|column| Expr::col(column).cast_as(as_text)))
        .from(TABLE)
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    let read = |row: Vec<Option<String>>| {
        let [last, next] = row.try_into().ok()?;
        Some(Turn { last: last.and_then(|last| read_moment(&last)), next: read_moment(&next?)? })
    };
    Ok(session.rows(&query).await?.into_iter().next().and_then(read))
}

/// Has a turn that came to nothing come again at this time.
///
/// # Errors
/// What the database said.
pub async fn come_back(session: &mut Session, name: &str, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("next_run_at", moment(session.dialect(), at))
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// Moves a turn that is due on to the next, which one of many can do.
async fn move_on(session: &mut Session, name: &str, every: Duration, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let dialect = session.dialect();
    // A turn much further away than the next one is of a time when there were fewer of them; a little is another clock.
    let far = moment(dialect, now + every * 2);
    let due = Expr::col("next_run_at").lte(moment(dialect, now)).or(Expr::col("next_run_at").gt(far));
    let update = Query::update()
        .table(TABLE)
        .value("next_run_at", moment(dialect, now + every))
        .value("last_run_at", moment(dialect, now))
        .value("every_secs", secs(every))
        .and_where(Expr::col("name").eq(name))
        .and_where(Expr::col("enabled").eq(true))
        .and_where(due)
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

async fn is_known(session: &mut Session, name: &str) -> Result<bool, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .expr(Expr::col("name").cast_as(as_text))
        .from(TABLE)
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    Ok(!session.rows(&query).await?.is_empty())
}

fn secs(every: Duration) -> i64 {
    i64::try_from(every.as_secs()).unwrap_or(i64::MAX)
}
