//! What a sync would change, and what it would leave alone.

use std::collections::HashSet;

use pricebook_types::{Artifacts, SyncedRows, SyncedTable};
use serde::Serialize;

use super::{Changes, Difference, state, verify};
use crate::db::Session;
use crate::db::tables::{columns, quoted};

/// What a sync would change, and what it would leave alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The hash of the catalog that was synced last.
    pub synced_hash: Option<String>,
    /// How many rows would change.
    pub rows: Changes,
    /// Every value and row that would change.
    pub differences: Vec<Difference>,
    /// Rows that are for sale and that the catalog does not know: they stay as they are.
    pub unknown: Vec<UnknownRow>,
}

/// A row that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownRow {
    /// The table.
    pub table: &'static str,
    /// Its key.
    pub row: String,
}

/// Compares the rows with the catalog; writes nothing.
///
/// # Errors
/// What the database said.
pub async fn plan(session: &mut Session, artifacts: &Artifacts) -> Result<Plan, sqlx::Error> {
    let differences = verify(session, artifacts).await?;
    let mut unknown = Vec::new();
    for table in artifacts.synced_tables {
        unknown.extend(unknown_rows(session, artifacts, table).await?);
    }
    // What is to be taken from sale was in the catalog once.
    let retired: HashSet<_> = differences.iter().map(|difference| (&*difference.table, &*difference.row)).collect();
    unknown.retain(|row| !retired.contains(&(row.table, &*row.row)));
    let synced_hash = state::hash(session, artifacts).await?;
    Ok(Plan { synced_hash, rows: Changes::count(&differences), differences, unknown })
}

async fn unknown_rows(
    session: &mut Session,
    artifacts: &Artifacts,
    table: &SyncedTable,
) -> Result<Vec<UnknownRow>, sqlx::Error> {
    let known: HashSet<&str> = match table.rows {
        SyncedRows::Products(kind) => {
            artifacts.products.iter().filter(|product| product.kind == kind).map(|product| product.id).collect()
        }
        SyncedRows::Prices => {
            let prices = artifacts.products.iter().flat_map(|product| product.prices);
            prices.map(|price| price.lookup_key).collect()
        }
        SyncedRows::Features => artifacts.features.iter().map(|feature| feature.id).collect(),
        SyncedRows::Others => return Ok(Vec::new()),
    };
    let quote = |name: &str| quoted(session.dialect(), name);
    let sold = table.active.map(|active| format!(" WHERE {}", quote(active))).unwrap_or_default();
    let name = quote(table.name);
    let Some(key) = columns(session, table.name).await?.into_iter().find(|column| column.key == 1) else {
        return Ok(Vec::new());
    };
    let query = format!("SELECT {0} FROM {name}{sold} ORDER BY {0}", quoted(session.dialect(), &key.name));
    let rows = session.texts(&query).await?.into_iter().filter_map(|row| row.into_iter().next().flatten());
    let unknown = rows.filter(|row| !known.contains(row.as_str()));
    Ok(unknown.map(|row| UnknownRow { table: table.name, row }).collect())
}
