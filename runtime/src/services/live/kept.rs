//! The checks that are kept: rows of `live_checks`.

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Serialize;

use crate::db::{Session, json, moment, text_type};

const TABLE: &str = "live_checks";
/// Differences that are kept of one check; the rest is only counted.
const MOST: usize = 200;

/// A check, for the record.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// The environment that was looked at.
    pub environment: &'a str,
    /// Its address.
    pub url: &'a str,
    /// What it was compared with.
    pub catalog_hash: &'a str,
    /// `equal`, `different`, `failed`, or `not_seen` where the API limits how often it reads anew.
    pub result: &'a str,
    /// What differs, as it is told.
    pub differences: &'a [String],
    /// Why it failed.
    pub error: Option<&'a str>,
    /// How long it took.
    pub duration_ms: i64,
    /// When.
    pub checked_at: DateTime<Utc>,
}

/// A check that was kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// The environment that was looked at.
    pub environment: String,
    /// Its address.
    pub url: String,
    /// What it was compared with.
    pub catalog_hash: String,
    /// `equal`, `different`, `failed`, or `not_seen` where the API limits how often it reads anew.
    pub result: String,
    /// What differed, as it was told.
    pub differences: Vec<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// When, as the database writes it, in UTC.
    pub checked_at: String,
}

/// Keeps a check.
///
/// # Errors
/// What the database said.
pub async fn keep(session: &mut Session, record: &Record<'_>) -> Result<(), sqlx::Error> {
    let dialect = session.dialect();
    let mut differences: Vec<_> = record.differences.iter().take(MOST).cloned().collect();
    if record.differences.len() > MOST {
        differences.push(format!("… and {} more", record.differences.len() - MOST));
    }
    let columns = [
        "id",
        "environment",
        "url",
        "catalog_hash",
        "result",
        "differences",
        "error_message",
        "duration_ms",
        "checked_at",
    ];
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(columns)
        .values_panic([
            uuid::Uuid::now_v7().to_string().into(),
            record.environment.into(),
            record.url.into(),
            record.catalog_hash.into(),
            record.result.into(),
            json(dialect, &differences),
            record.error.map(str::to_owned).into(),
            record.duration_ms.into(),
            moment(dialect, record.checked_at),
        ])
        .to_owned();
    session.execute(&insert).await.map(drop)
}

/// Forgets the checks of an environment that are older.
///
/// # Errors
/// What the database said.
pub async fn forget(session: &mut Session, environment: &str, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let before = moment(session.dialect(), before);
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("environment").eq(environment))
        .and_where(Expr::col("checked_at").lt(before))
        .to_owned();
    session.execute(&delete).await
}

/// The newest checks, of one environment or of all.
///
/// # Errors
/// What the database said.
pub async fn newest(session: &mut Session, environment: Option<&str>, most: u64) -> Result<Vec<Kept>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let columns =
        ["environment", "url", "catalog_hash", "result", "differences", "error_message", "duration_ms", "checked_at"];
    let mut query = Query::select();
    query
        .exprs(columns.map(|column| Expr::col(column).cast_as(as_text)))
        .from(TABLE)
        .order_by("checked_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(most);
    if let Some(environment) = environment {
        query.and_where(Expr::col("environment").eq(environment));
    }
    Ok(session.rows(&query).await?.into_iter().filter_map(Kept::of).collect())
}

impl Kept {
    fn of(row: Vec<Option<String>>) -> Option<Self> {
        let [environment, url, catalog_hash, result, differences, error, duration_ms, checked_at] =
            row.try_into().ok()?;
        Some(Self {
            environment: environment?,
            url: url?,
            catalog_hash: catalog_hash?,
            result: result?,
            differences: differences.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            error,
            duration_ms: duration_ms?.parse().ok()?,
            checked_at: checked_at?.chars().take(19).collect(),
        })
    }
}
