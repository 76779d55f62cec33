//! `catalog_state`: which catalog the rows hold, and the revision that servers poll.

use pricebook_types::Artifacts;
use sea_query::{Expr, ExprTrait, Query};

use crate::db::{Session, Texts};

/// What the rows hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The hash of the catalog; `None` before the first sync.
    pub catalog_hash: Option<String>,
    /// How often rows changed; 0 before the first sync.
    pub revision: i64,
}

impl State {
    /// Reads it.
    ///
    /// # Errors
    /// What the database said.
    pub async fn read(session: &mut Session, artifacts: &Artifacts) -> Result<Self, sqlx::Error> {
        let rows = session.texts(&Self::query(artifacts)).await?;
        Ok(Self::of(rows))
    }

    /// The query for it.
    pub(super) fn query(artifacts: &Artifacts) -> String {
        // The catalog's name is a slug, which needs no escape.
        format!(
            "SELECT catalog_hash, CAST(revision AS CHAR(20)) FROM catalog_state WHERE catalog = '{}'",
            artifacts.name
        )
    }

    /// What the query found.
    pub(super) fn of(rows: Vec<Texts>) -> Self {
        match rows.into_iter().next().as_deref() {
            Some([catalog_hash, Some(revision)]) => {
                Self { catalog_hash: catalog_hash.clone(), revision: revision.trim().parse().unwrap_or_default() }
            }
            _ => Self::default(),
        }
    }
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

/// Makes the revision the next one, as if rows had changed, and returns it; 0 where they were never synced.
///
/// # Errors
/// What the database said.
pub async fn next(session: &mut Session, artifacts: &Artifacts) -> Result<i64, sqlx::Error> {
    let update = Query::update()
        .table("catalog_state")
        .value("revision", Expr::col("revision").add(1))
        .and_where(Expr::col("catalog").eq(artifacts.name))
        .to_owned();
    session.execute(&update).await?;
    State::read(session, artifacts).await.map(|state| state.revision)
}
