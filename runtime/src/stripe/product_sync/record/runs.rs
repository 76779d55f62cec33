//! `stripe_sync_runs`: one at a time for each account.

use sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use serde::Serialize;

use crate::audit::Actor;
use crate::db::moment::{iso, secs_from_now};
use crate::db::{Session, begin_alone, json, text_type};
use crate::stripe::product_sync::Report;

const TABLE: &str = "stripe_sync_runs";
/// 10,000 products at 25 requests a second take half of it: whoever has not ended then was interrupted.
const LONGEST_SECS: i64 = 60 * 60;

/// Whether a run may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It may, under this id.
    Run(String),
    /// Another one has not ended, which began then.
    Busy {
        /// In UTC.
        since: String,
    },
}

/// The last run of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    /// Its id.
    pub id: String,
    /// What was asked for.
    pub mode: String,
    /// `running`, `succeeded` or `failed`.
    pub status: String,
    /// The catalog.
    pub catalog_hash: String,
    /// Products that were made.
    pub created: u64,
    /// Products that were changed.
    pub updated: u64,
    /// Products that were as the catalog says.
    pub synced: u64,
    /// What failed.
    pub errors: u64,
    /// In UTC.
    pub started_at: String,
    /// In UTC.
    pub finished_at: Option<String>,
}

/// What a run is to do.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// `acct_…`
    pub account: &'a str,
    /// The environment.
    pub environment: &'a str,
    /// `sync`, `force_update`, `adopt`.
    pub mode: &'a str,
    /// What started it: `command`, `api`, `schedule` …
    pub triggered_by: &'a str,
    /// Who.
    pub actor: &'a Actor,
    /// The catalog.
    pub catalog_hash: &'a str,
    /// Whether one that has not ended is taken for interrupted.
    pub take_over: bool,
}

/// Begins a run, where no other one of the account is at work.
///
/// # Errors
/// What the database said.
pub async fn begin(session: &mut Session, new: New<'_>) -> Result<Begun, sqlx::Error> {
    begin_alone(session, &[TABLE]).await?;
    let begun = begin_within(session, new).await;
    match &begun {
        Ok(_) => session.commit().await?,
        Err(_) => session.rollback().await,
    }
    begun
}

async fn begin_within(session: &mut Session, new: New<'_>) -> Result<Begun, sqlx::Error> {
    let busy = Query::select()
        .expr(iso(session.dialect(), TABLE, "started_at"))
        .from(TABLE)
        .and_where(Expr::col("stripe_account").eq(new.account))
        .and_where(Expr::col("status").eq("running"))
        .and_where(Expr::col("started_at").gt(secs_from_now(session.dialect(), -LONGEST_SECS)))
        .to_owned();
    let since = session.rows(&busy).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten());
    match since {
        Some(since) if !new.take_over => return Ok(Begun::Busy { since }),
        _ => interrupted(session, new.account).await?,
    }
    let id = uuid::Uuid::now_v7().to_string();
    let values: [(&str, Expr); 7] = [
        ("id", id.as_str().into()),
        ("stripe_account", new.account.into()),
        ("environment", new.environment.into()),
        ("mode", new.mode.into()),
        ("triggered_by", new.triggered_by.into()),
        ("actor", new.actor.shown().into()),
        ("catalog_hash", new.catalog_hash.into()),
    ];
    let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let insert = Query::insert().into_table(TABLE).columns(columns).values_panic(values).to_owned();
    session.execute(&insert).await?;
    Ok(Begun::Run(id))
}

async fn interrupted(session: &mut Session, account: &str) -> Result<(), sqlx::Error> {
    session.execute(&interruption(account)).await.map(drop)
}

fn interruption(account: &str) -> UpdateStatement {
    Query::update()
        .table(TABLE)
        .value("status", "failed")
        .value("error_message", "it was interrupted")
        .value("finished_at", Expr::current_timestamp())
        .and_where(Expr::col("stripe_account").eq(account))
        .and_where(Expr::col("status").eq("running"))
        .to_owned()
}

/// Marks the runs of servers that have not ended as interrupted: only whoever alone may run one on a server knows that.
///
/// # Errors
/// What the database said.
pub async fn interrupted_on_servers(session: &mut Session, account: &str) -> Result<(), sqlx::Error> {
    let mut update = interruption(account);
    update.and_where(Expr::col("triggered_by").ne("command"));
    session.execute(&update).await.map(drop)
}

/// Stores what became of a run.
pub(super) async fn end(session: &mut Session, id: &str, report: &Report) -> Result<(), sqlx::Error> {
    let dialect = session.dialect();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let error = report.results.iter().find_map(|result| result.error.clone());
    let ended = if report.errors == 0 { "succeeded" } else { "failed" };
    let update = Query::update()
        .table(TABLE)
        .value("status", ended)
        .value("created_count", number(report.created))
        .value("updated_count", number(report.updated))
        .value("synced_count", number(report.synced))
        .value("error_count", number(report.errors))
        .value("request_count", i64::from(report.requests))
        .value("report", json(dialect, report))
        .value("error_message", error)
        .value("finished_at", Expr::current_timestamp())
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// Ends a run of which nothing more is known than why it ended.
///
/// # Errors
/// What the database said.
pub async fn broken_off(session: &mut Session, id: &str, error: &str) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("status", "failed")
        .value("error_message", error)
        .value("finished_at", Expr::current_timestamp())
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    session.execute(&update).await.map(drop)
}

/// The last run of an environment that was to write.
///
/// # Errors
/// What the database said.
pub async fn last(session: &mut Session, environment: &str) -> Result<Option<Last>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let columns =
        ["id", "mode", "status", "catalog_hash", "created_count", "updated_count", "synced_count", "error_count"];
    let query = Query::select()
        .exprs(columns.map(|column| Expr::col(column).cast_as(as_text)))
        .exprs(["started_at", "finished_at"].map(|column| iso(session.dialect(), TABLE, column)))
        .from(TABLE)
        .and_where(Expr::col("environment").eq(environment))
        .and_where(Expr::col("mode").ne("validate"))
        // Ids begin with the time.
        .order_by("id", sea_query::Order::Desc)
        .limit(1)
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 10]>::try_from(row).ok());
    let Some([id, mode, status, catalog_hash, created, updated, synced, errors, started_at, finished_at]) = row else {
        return Ok(None);
    };
    let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or_default();
    Ok(Some(Last {
        id: id.unwrap_or_default(),
        mode: mode.unwrap_or_default(),
        status: status.unwrap_or_default(),
        catalog_hash: catalog_hash.unwrap_or_default(),
        created: number(created),
        updated: number(updated),
        synced: number(synced),
        errors: number(errors),
        started_at: started_at.unwrap_or_default(),
        finished_at,
    }))
}
