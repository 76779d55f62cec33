//! What a sync would change, and what it would leave alone.

use std::collections::HashSet;

use pricebook_types::{Artifacts, SyncedRows, SyncedTable};
use serde::Serialize;

use super::state::State;
use super::{Changes, Difference, verify};
use crate::db::Session;
use crate::db::tables::{Column, columns, quoted};

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
    /// What [`Session::unchanged_mark`] was before the rows were compared.
    #[serde(skip)]
    pub(super) mark: Option<String>,
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
    let mark = session.unchanged_mark().await?;
    let differences = verify(session, artifacts).await?;
    let (state, mut unknown) = state_and_unknown_rows(session, artifacts).await?;
    // What is to be taken from sale was in the catalog once.
    let retired = differences.iter().filter(|difference| !difference.is_missing_row());
    let retired: HashSet<_> = retired.map(|difference| (&*difference.table, &*difference.row)).collect();
    unknown.retain(|row| !retired.contains(&(row.table, &*row.row)));
    Ok(Plan { synced_hash: state.catalog_hash, rows: Changes::count(&differences), differences, unknown, mark })
}

async fn state_and_unknown_rows(
    session: &mut Session,
    artifacts: &Artifacts,
) -> Result<(State, Vec<UnknownRow>), sqlx::Error> {
    let known = artifacts.synced_tables.iter().filter_map(|table| Some((table, known_rows(artifacts, table)?)));
    let known: Vec<_> = known.collect();
    let names: Vec<_> = known.iter().map(|(table, _)| table.name).collect();
    let dialect = session.dialect();
    let columns = columns(session, &names).await?;
    let query = |((table, _), columns): (&(&SyncedTable, _), &Vec<Column>)| {
        let key = columns.iter().find(|column| column.key == 1).map_or("", |column| &column.name);
        let sold = table.active.map(|active| format!(" WHERE {}", quoted(dialect, active))).unwrap_or_default();
        format!("SELECT {0} FROM {1}{sold} ORDER BY {0}", quoted(dialect, key), quoted(dialect, table.name))
    };
    let mut queries: Vec<_> = known.iter().zip(&columns).map(query).collect();
    queries.push(State::query(artifacts));
    let mut results = session.texts_of_each(&queries).await?;
    let state = State::of(results.pop().unwrap_or_default());
    let unknown = known.into_iter().zip(results).flat_map(|((table, known), rows)| {
        let rows = rows.into_iter().filter_map(|row| row.into_iter().next().flatten());
        rows.filter(move |row| !known.contains(row.as_str())).map(|row| UnknownRow { table: table.name, row })
    });
    Ok((state, unknown.collect()))
}

/// The keys that the catalog knows; `None` where it cannot be told.
fn known_rows(artifacts: &Artifacts, table: &SyncedTable) -> Option<HashSet<&'static str>> {
    match table.rows {
        SyncedRows::Products(kind) => {
            let products = artifacts.products.iter().filter(|product| product.kind == kind);
            Some(products.map(|product| product.id).collect())
        }
        SyncedRows::Prices => {
            let prices = artifacts.products.iter().flat_map(|product| product.prices);
            Some(prices.map(|price| price.lookup_key).collect())
        }
        SyncedRows::Features => Some(artifacts.features.iter().map(|feature| feature.id).collect()),
        SyncedRows::Others => None,
    }
}
