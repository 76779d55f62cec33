//! `catalog_state`: which catalog the rows hold, and the revision that servers poll.

use pricebook_types::Artifacts;
use sea_query::{Expr, ExprTrait, Query};

use crate::db::Session;

/// The hash of the catalog that the rows hold; `None` before the first sync.
///
/// # Errors
/// What the database said.
pub async fn hash(session: &mut Session, artifacts: &Artifacts) -> Result<Option<String>, sqlx::Error> {
    text(session, artifacts, "catalog_hash").await
}

/// How often rows changed; 0 before the first sync.
///
/// # Errors
/// What the database said.
pub async fn revision(session: &mut Session, artifacts: &Artifacts) -> Result<i64, sqlx::Error> {
    let revision = text(session, artifacts, "revision").await?;
    Ok(revision.and_then(|revision| revision.parse().ok()).unwrap_or_default())
}

async fn text(session: &mut Session, artifacts: &Artifacts, column: &str) -> Result<Option<String>, sqlx::Error> {
    // The catalog's name is a slug, which needs no escape.
    let query = format!("SELECT CAST({column} AS CHAR(64)) FROM catalog_state WHERE catalog = '{}'", artifacts.name);
    Ok(session.text(&query).await?.map(|text| text.trim_end().to_owned()))
}

/// Makes the revision one that no server has seen, where it is not yet: servers then drop their caches.
///
/// # Errors
/// What the database said.
pub async fn raise(session: &mut Session, artifacts: &Artifacts, before: i64) -> Result<(), sqlx::Error> {
    let mut update = Query::update();
    update
        .table("catalog_state")
        .value("revision", before + 1)
        .and_where(Expr::col("catalog").eq(artifacts.name))
        .and_where(Expr::col("revision").lte(before));
    session.execute(&update).await.map(drop)
}
