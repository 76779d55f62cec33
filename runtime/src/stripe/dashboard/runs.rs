//! Runs of the product sync, the newest first.

use chrono::DateTime;
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;

use super::{Columns, Page, one_more, page};
use crate::db::moment::iso;
use crate::db::{Session, Texts, text_type};
use crate::stripe::product_sync::ProductResult;

const TABLE: &str = "stripe_sync_runs";
const TEXTS: [&str; 14] = [
    "id",
    "stripe_account",
    "environment",
    "mode",
    "triggered_by",
    "actor",
    "status",
    "catalog_hash",
    "error_message",
    "created_count",
    "updated_count",
    "synced_count",
    "error_count",
    "request_count",
];

/// A run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id, which begins with the time.
    pub id: String,
    /// `acct_…`
    pub account: String,
    /// The environment.
    pub environment: String,
    /// What was asked for: `sync`, `dry_run`, `force_update`, `validate`, `adopt`, `revert`.
    pub mode: String,
    /// What started it: `command`, `api`, `dashboard`, `schedule`, `change`.
    pub triggered_by: String,
    /// Who, as the audit log names them.
    pub actor: String,
    /// `running`, `succeeded` or `failed`.
    pub status: String,
    /// The catalog.
    pub catalog_hash: String,
    /// Why it failed.
    pub error: Option<String>,
    /// Products that were made.
    pub created: u64,
    /// Products that were changed.
    pub updated: u64,
    /// Products that were as the catalog says.
    pub synced: u64,
    /// What failed.
    pub errors: u64,
    /// Requests to Stripe.
    pub requests: u64,
    /// In UTC.
    pub started_at: String,
    /// In UTC.
    pub finished_at: Option<String>,
}

/// What the report of a run says, as far as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Whether it is real money.
    pub livemode: bool,
    /// Whether the account was read again afterwards, and is as the catalog says.
    pub verified: bool,
    /// How long it took.
    pub duration_ms: Option<u64>,
    /// What became of everything.
    pub results: Vec<ProductResult>,
    /// What people should know.
    pub notes: Vec<String>,
}

impl Run {
    /// Whether it is at work.
    pub fn is_running(&self) -> bool {
        self.status == "running"
    }

    /// Seconds from its beginning to its end.
    pub fn secs(&self) -> Option<u64> {
        let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let secs = moment(self.finished_at.as_deref()?)?.signed_duration_since(moment(&self.started_at)?).num_seconds();
        u64::try_from(secs).ok()
    }

    fn of(row: Texts) -> Self {
        let mut row = Columns::of(row);
        Self {
            id: row.text(),
            account: row.text(),
            environment: row.text(),
            mode: row.text(),
            triggered_by: row.text(),
            actor: row.text(),
            status: row.text(),
            catalog_hash: row.text(),
            error: row.maybe(),
            created: row.number(),
            updated: row.number(),
            synced: row.number(),
            errors: row.number(),
            requests: row.number(),
            started_at: row.text(),
            finished_at: row.maybe(),
        }
    }
}

/// The newest one of an environment, with what its report says.
///
/// # Errors
/// What the database said.
pub async fn newest(session: &mut Session, environment: &str) -> Result<Option<(Run, Told)>, sqlx::Error> {
    let mut query = select(session);
    query.and_where(Expr::col("environment").eq(environment)).order_by("id", Order::Desc).limit(1);
    told(session, query).await
}

/// Those of an environment before the one with this id, the newest first.
///
/// # Errors
/// What the database said.
pub async fn list(session: &mut Session, environment: &str, before: Option<&str>) -> Result<Page<Run>, sqlx::Error> {
    let mut query = select(session);
    query.and_where(Expr::col("environment").eq(environment)).order_by("id", Order::Desc).limit(one_more());
    if let Some(before) = before {
        query.and_where(Expr::col("id").lt(before));
    }
    let rows = session.rows(&query).await?;
    Ok(page(rows.into_iter().map(Run::of).collect(), |run: &Run| run.id.clone()))
}

/// One, with what its report says.
///
/// # Errors
/// What the database said.
pub async fn one(session: &mut Session, id: &str) -> Result<Option<(Run, Told)>, sqlx::Error> {
    let mut query = select(session);
    query.and_where(Expr::col("id").eq(id));
    told(session, query).await
}

async fn told(session: &mut Session, mut query: SelectStatement) -> Result<Option<(Run, Told)>, sqlx::Error> {
    query.expr(Expr::col("report").cast_as(text_type(session.dialect())));
    let row = session.rows(&query).await?.into_iter().next();
    Ok(row.map(|mut row| {
        let report = row.pop().flatten();
        let told = report.and_then(|report| serde_json::from_str(&report).ok());
        (Run::of(row), told.unwrap_or_default())
    }))
}

fn select(session: &Session) -> SelectStatement {
    let dialect = session.dialect();
    Query::select()
        .exprs(TEXTS.map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .exprs(["started_at", "finished_at"].map(|column| iso(dialect, TABLE, column)))
        .from(TABLE)
        .to_owned()
}
