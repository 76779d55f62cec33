//! Taking out old rows, which nothing else does: once a day one of the servers looks for what is older than it is to be kept.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Query};

use crate::audit::begins_at;
use crate::config::KeepSettings;
use crate::db::{self, Database, Session, moment, text_type};
use crate::jobs::{come_back, take_turn};

/// The turn's name in `schedules`.
const TURN: &str = "prune";
const EVERY: Duration = Duration::from_secs(86_400);
/// When it comes again where it came to nothing.
const SOON: Duration = Duration::from_secs(600);
/// Rows that go in one statement: others wait for its locks.
const AT_ONCE: u64 = 500;

/// Rows that go when a time of theirs is long ago; those that have no such time yet stay.
struct Rule {
    table: &'static str,
    time: &'static str,
    keep: fn(&KeepSettings) -> Option<Duration>,
    /// Whether its rows are a chain, from which only the beginning may go.
    is_chain: bool,
}

const RULES: [Rule; 4] = [
    Rule { table: "payment_attempts", time: "created_at", keep: |keep| keep.payment_attempts, is_chain: false },
    Rule { table: "jobs", time: "finished_at", keep: |keep| keep.jobs, is_chain: false },
    Rule { table: "incidents", time: "closed_at", keep: |keep| keep.incidents, is_chain: false },
    Rule { table: "audit_log", time: "occurred_at", keep: |keep| keep.audit, is_chain: true },
];

/// A table, and how many of its rows were taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// The table.
    pub table: &'static str,
    /// How many rows.
    pub rows: u64,
}

/// Takes out what is too old where it is our turn, and says of each table how much that was; nothing where it is another's.
///
/// # Errors
/// Where the database does not answer, or others hold its locks. What is left is taken out when the turn comes back, soon.
pub async fn prune(database: &Database, keep: &KeepSettings, now: DateTime<Utc>) -> Result<Vec<Pruned>, db::Error> {
    let failed = |cause| database.failed("write", cause);
    let mut session = database.session().await?;
    if !take_turn(&mut session, TURN, EVERY, now).await.map_err(failed)? {
        return Ok(Vec::new());
    }
    let pruned = take_out(&mut session, keep, now).await;
    if pruned.is_err() {
        drop(session);
        // Another connection, for this one may be broken. Where it is the database, the turn comes in a day.
        if let Ok(mut session) = database.session().await {
            let _ = come_back(&mut session, TURN, now + SOON).await;
        }
    }
    pruned.map_err(failed)
}

async fn take_out(session: &mut Session, keep: &KeepSettings, now: DateTime<Utc>) -> Result<Vec<Pruned>, sqlx::Error> {
    let mut pruned = Vec::new();
    for rule in &RULES {
        let Some(keep) = (rule.keep)(keep) else { continue };
        let mut rows = 0;
        loop {
            let some = rule.take_out_some(session, now - keep).await?;
            rows += some;
            if some < AT_ONCE {
                break;
            }
        }
        pruned.push(Pruned { table: rule.table, rows });
    }
    Ok(pruned)
}

impl Rule {
    async fn take_out_some(&self, session: &mut Session, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
        let dialect = session.dialect();
        let mut old = Expr::col(self.time).lt(moment(dialect, before));
        let first = if self.is_chain { self.first_to_stay(session, before).await? } else { None };
        match first {
            Some(first) => old = old.and(Expr::col("seal_number").lt(first)),
            None if self.is_chain => return Ok(0),
            None => {}
        }
        let query = Query::select()
            .expr(Expr::col("id").cast_as(text_type(dialect)))
            .from(self.table)
            .and_where(old.clone())
            .limit(AT_ONCE)
            .to_owned();
        let ids: Vec<_> = session.rows(&query).await?.into_iter().filter_map(|row| row.into_iter().next()?).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let delete =
            Query::delete().from_table(self.table).and_where(Expr::col("id").is_in(ids)).and_where(old).to_owned();
        if let Some(first) = first {
            // Before they go, so that a beginning is never missed that nobody has cut off.
            begins_at(session, first).await?;
        }
        session.execute(&delete).await
    }

    /// The number of the first row of a chain that is young enough; of the last one where none is, for the next row is chained
    /// to that.
    async fn first_to_stay(&self, session: &mut Session, before: DateTime<Utc>) -> Result<Option<i64>, sqlx::Error> {
        let dialect = session.dialect();
        let number = || Expr::col("seal_number");
        let young = Expr::col(self.time).gte(moment(dialect, before));
        let as_text = |number: Expr| number.cast_as(text_type(dialect));
        let first = Query::select().expr(as_text(number().min())).from(self.table).and_where(young).to_owned();
        let last = Query::select().expr(as_text(number().max())).from(self.table).to_owned();
        for query in [first, last] {
            let row = session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next()?);
            if let Some(number) = row.and_then(|text| text.trim().parse().ok()) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}
