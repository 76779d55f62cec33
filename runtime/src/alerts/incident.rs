//! Something that is wrong until it is over: one open row of `incidents` for each subject, with its letters queued in the
//! same transaction, so that neither is ever without the other.

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::{Letter, Notice};
use crate::db::{Session, moment, text_type};
use crate::{clock, jobs};

const TABLE: &str = "incidents";
/// The kind of the jobs.
pub(super) const JOB: &str = "alert";
/// With an hour between two tries at the end: more than a week.
const MOST_ATTEMPTS: u32 = 200;

/// An incident that begins or ends.
#[derive(Clone, Copy, Debug)]
pub struct Incident<'a> {
    /// What is wrong: `live-check/production`.
    pub subject: &'a str,
    /// What is told.
    pub notice: &'a Notice,
    /// Who is told, by the names of the channels.
    pub channels: &'a [&'static str],
    /// Now.
    pub now: DateTime<Utc>,
}

/// Opens an incident and queues its letters; `false`, with nothing written, where its subject has one open.
///
/// # Errors
/// What the database said.
pub async fn open(session: &mut Session, incident: Incident<'_>, summary: &str) -> Result<bool, sqlx::Error> {
    session.begin().await?;
    let opened = async {
        let id = uuid::Uuid::now_v7().to_string();
        let insert = Query::insert()
            .into_table(TABLE)
            .columns(["id", "subject", "open_key", "summary", "opened_at"])
            .values_panic([
                id.as_str().into(),
                incident.subject.into(),
                incident.subject.into(),
                summary.into(),
                moment(session.dialect(), incident.now),
            ])
            .on_conflict(OnConflict::column("open_key").do_nothing_on(["id"]).to_owned())
            .to_owned();
        session.execute(&insert).await?;
        // How many rows that wrote, MySQL does not tell: it counts those that it found.
        if find_open(session, incident.subject).await?.as_deref() != Some(&*id) {
            return Ok(false);
        }
        queue(session, incident, &id, Letter::OPENED).await.map(|()| true)
    };
    let opened = opened.await;
    end(session, opened).await
}

/// Closes the open incident of a subject and queues its letters; `false` where there is none.
///
/// # Errors
/// What the database said.
pub async fn close(session: &mut Session, incident: Incident<'_>) -> Result<bool, sqlx::Error> {
    let Some(id) = find_open(session, incident.subject).await? else { return Ok(false) };
    session.begin().await?;
    let closed = async {
        let update = Query::update()
            .table(TABLE)
            .value("open_key", None::<String>)
            .value("closed_at", moment(session.dialect(), incident.now))
            .and_where(Expr::col("id").eq(id.as_str()))
            .and_where(Expr::col("open_key").is_not_null())
            .to_owned();
        // Another server may have closed it meanwhile.
        if session.execute(&update).await? != 1 {
            return Ok(false);
        }
        queue(session, incident, &id, Letter::CLOSED).await.map(|()| true)
    };
    let closed = closed.await;
    end(session, closed).await
}

async fn end(session: &mut Session, done: Result<bool, sqlx::Error>) -> Result<bool, sqlx::Error> {
    match done {
        Ok(true) => session.commit().await.map(|()| true),
        other => {
            session.rollback().await;
            other
        }
    }
}

async fn find_open(session: &mut Session, subject: &str) -> Result<Option<String>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .expr(Expr::col("id").cast_as(as_text))
        .from(TABLE)
        .and_where(Expr::col("open_key").eq(subject))
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}

async fn queue(session: &mut Session, incident: Incident<'_>, id: &str, event: &str) -> Result<(), sqlx::Error> {
    let Notice { title, text, details } = incident.notice.clone();
    let mut letter = Letter {
        channel: String::new(),
        event: event.to_owned(),
        incident: id.to_owned(),
        subject: incident.subject.to_owned(),
        at: clock::iso(incident.now),
        title,
        text,
        details,
    };
    for channel in incident.channels {
        (*channel).clone_into(&mut letter.channel);
        jobs::add(session, JOB, &letter, MOST_ATTEMPTS, incident.now).await?;
    }
    Ok(())
}

/// That the first of an incident's letters has arrived.
pub(super) async fn told(session: &mut Session, letter: &Letter, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let column = if letter.event == Letter::OPENED { "opening_sent_at" } else { "closing_sent_at" };
    let update = Query::update()
        .table(TABLE)
        .value(column, moment(session.dialect(), now))
        .and_where(Expr::col("id").eq(letter.incident.as_str()))
        .and_where(Expr::col(column).is_null())
        .to_owned();
    session.execute(&update).await.map(drop)
}
