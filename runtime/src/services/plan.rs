//! What a sync would change, and what it would leave alone.

use std::collections::HashSet;

use pricebook_types::Artifacts;
use serde::Serialize;

use super::unknown::{UnknownRow, state_and_unknown_rows};
use super::{Changes, Difference, verify};
use crate::db::Session;

/// What a sync would change, and what it would leave alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The hash of the catalog that was synced last.
    pub synced_hash: Option<String>,
    /// How many rows would change.
    pub rows: Changes,
    /// Every value and row that would change.
    pub differences: Vec<Difference>,
    /// Rows that the catalog does not know, those that are for sale first: they stay as they are.
    pub unknown: Vec<UnknownRow>,
    /// What [`Session::unchanged_mark`] was before the rows were compared.
    #[serde(skip)]
    pub(super) mark: Option<String>,
}

/// Compares the rows with the catalog; writes nothing.
///
/// # Errors
/// What the database said.
pub async fn plan(session: &mut Session, artifacts: &Artifacts) -> Result<Plan, sqlx::Error> {
    let mark = session.unchanged_mark().await?;
    let differences = verify(session, artifacts).await?;
    let (state, mut unknown) = state_and_unknown_rows(session, artifacts).await?;
    // What is to be taken from sale was in the catalog once.
    let retired = differences.iter().filter(|difference| !difference.is_missing_row());
    let retired: HashSet<_> = retired.map(|difference| (&*difference.table, &*difference.row)).collect();
    unknown.retain(|row| !retired.contains(&(row.table, &*row.row)));
    Ok(Plan { synced_hash: state.catalog_hash, rows: Changes::count(&differences), differences, unknown, mark })
}
