//! What servers found when they looked at an account: rows of `stripe_sync_runs` with the mode `validate`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Serialize;

use crate::audit::Actor;
use crate::db::{Session, json, moment, read_moment, text_type};
use crate::stripe::product_sync::{ProductResult, Status};

const TABLE: &str = "stripe_sync_runs";
const MODE: &str = "validate";
/// Every hour one more; what they found long ago helps nobody.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// A look at an account.
#[derive(Clone, Copy, Debug)]
pub struct Validation<'a> {
    /// `acct_…`
    pub account: &'a str,
    /// The environment.
    pub environment: &'a str,
    /// What asked for it: `api`, `schedule` …
    pub triggered_by: &'a str,
    /// Who.
    pub actor: &'a Actor,
    /// The catalog.
    pub catalog_hash: &'a str,
    /// What would become of everything.
    pub results: &'a [ProductResult],
    /// Requests to Stripe.
    pub requests: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
}

/// What a look has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Validated {
    /// Its id.
    pub id: String,
    /// Whether the account is as the catalog says.
    pub equal: bool,
    /// The catalog.
    pub catalog_hash: String,
    /// What differs, in a line.
    pub summary: Option<String>,
    /// When.
    #[serde(skip)]
    pub at: DateTime<Utc>,
}

impl Validation<'_> {
    /// How many products, and other things, are so.
    fn count(&self, status: Status) -> i64 {
        let count = self.results.iter().filter(|result| result.status == status).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// What differs, in a line; `None` where nothing does.
    pub fn summary(&self) -> Option<String> {
        let mut differing = self.results.iter().filter(|result| result.status != Status::Synced);
        let first = differing.next()?;
        let what = first.error.as_ref().or(first.changes.first()).map_or("", |text| text);
        Some(match differing.count() {
            0 => format!("{} {}: {what}", first.sort.noun(), first.local_id),
            more => format!("{} {}: {what}; and {more} more", first.sort.noun(), first.local_id),
        })
    }
}

/// Keeps what was found, and returns its id; older ones go.
///
/// # Errors
/// What the database said.
pub async fn keep_validation(session: &mut Session, found: Validation<'_>) -> Result<String, sqlx::Error> {
    let dialect = session.dialect();
    let id = uuid::Uuid::now_v7().to_string();
    let differing: Vec<_> = found.results.iter().filter(|result| result.status != Status::Synced).collect();
    let values: [(&str, Expr); 16] = [
        ("id", id.as_str().into()),
        ("stripe_account", found.account.into()),
        ("environment", found.environment.into()),
        ("mode", MODE.into()),
        ("triggered_by", found.triggered_by.into()),
        ("actor", found.actor.shown().into()),
        ("status", if differing.is_empty() { "succeeded" } else { "failed" }.into()),
        ("catalog_hash", found.catalog_hash.into()),
        ("created_count", found.count(Status::Created).into()),
        ("updated_count", found.count(Status::Updated).into()),
        ("synced_count", found.count(Status::Synced).into()),
        ("error_count", found.count(Status::Error).into()),
        ("request_count", i64::from(found.requests).into()),
        ("report", json(dialect, &serde_json::json!({ "results": differing }))),
        ("error_message", found.summary().into()),
        ("started_at", moment(dialect, found.started_at)),
    ];
    let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(columns.into_iter().chain(["finished_at"]))
        .values_panic(values.into_iter().chain([moment(dialect, found.finished_at)]))
        .to_owned();
    session.execute(&insert).await?;
    let forget = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("mode").eq(MODE))
        .and_where(Expr::col("environment").eq(found.environment))
        .and_where(Expr::col("started_at").lt(moment(dialect, found.started_at - KEPT)))
        .to_owned();
    session.execute(&forget).await?;
    Ok(id)
}

/// What was found last in an environment.
///
/// # Errors
/// What the database said.
pub async fn last_validation(session: &mut Session, environment: &str) -> Result<Option<Validated>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(
            ["id", "status", "catalog_hash", "error_message", "finished_at"]
                .map(|column| Expr::col(column).cast_as(as_text)),
        )
        .from(TABLE)
        .and_where(Expr::col("environment").eq(environment))
        .and_where(Expr::col("mode").eq(MODE))
        .order_by("id", Order::Desc)
        .limit(1)
        .to_owned();
    let read = |row: Vec<Option<String>>| {
        let [id, status, catalog_hash, summary, finished_at] = row.try_into().ok()?;
        let at = read_moment(&finished_at?)?;
        Some(Validated { id: id?, equal: status? == "succeeded", catalog_hash: catalog_hash?, summary, at })
    };
    Ok(session.rows(&query).await?.into_iter().next().and_then(read))
}
