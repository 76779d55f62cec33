//! What will stand in rows that are missing: read from an empty database into which the generated `sync.sql` was run.

use std::collections::HashSet;

use pricebook_types::{Artifacts, Dialect};
use serde::{Serialize, Serializer};

use super::Difference;
use crate::db::tables::quoted;
use crate::db::{Session, body};

/// A row that a sync would insert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewRow {
    /// The table.
    pub table: String,
    /// Its key, as in [`Difference::row`].
    pub row: String,
    /// The columns beside the key and what they will hold, without those that the database fills by itself.
    #[serde(serialize_with = "as_object")]
    pub values: Vec<(String, Option<String>)>,
}

/// The rows among the differences that are missing. `empty` is a SQLite database with every table and no rows, for what the
/// catalog says is the same in each kind of database; amounts and days stand there as texts, yes and no as 1 and 0.
///
/// # Errors
/// What the database said.
pub async fn new_rows(
    empty: &mut Session,
    artifacts: &Artifacts,
    differences: &[Difference],
) -> Result<Vec<NewRow>, sqlx::Error> {
    let missing: HashSet<_> = differences
        .iter()
        .filter(|difference| difference.is_missing_row())
        .map(|difference| (&*difference.table, &*difference.row))
        .collect();
    let tables = artifacts.synced_tables.iter().map(|table| table.name);
    let tables: Vec<_> = tables.filter(|name| missing.iter().any(|(table, _)| table == name)).collect();
    empty.run_large(body(artifacts.sync_sql.sqlite)).await?;
    let mut rows = Vec::new();
    for table in tables {
        let columns = Columns::of(empty, table).await?;
        let found = empty.texts(&columns.query(table)).await?.into_iter().map(|row| {
            let (key, values) = row.split_at(columns.key.len());
            let key: Vec<_> = key.iter().map(|part| part.as_deref().unwrap_or_default()).collect();
            let values = columns.others.iter().cloned().zip(values.iter().cloned()).collect();
            NewRow { table: table.to_owned(), row: key.join("/"), values }
        });
        rows.extend(found.filter(|found| missing.contains(&(table, &*found.row))));
    }
    Ok(rows)
}

/// The columns of a table that `sync.sql` fills.
struct Columns {
    key: Vec<String>,
    others: Vec<String>,
}

impl Columns {
    async fn of(session: &mut Session, table: &str) -> Result<Self, sqlx::Error> {
        let query = format!(
            "SELECT name, pk FROM pragma_table_info('{table}')
             WHERE pk > 0 OR coalesce(dflt_value, '') <> 'CURRENT_TIMESTAMP' ORDER BY pk, cid"
        );
        let (mut key, mut others) = (Vec::new(), Vec::new());
        for row in session.texts(&query).await? {
            let [Some(name), Some(place)] = &row[..] else { continue };
            if place == "0" { others.push(name.clone()) } else { key.push(name.clone()) }
        }
        Ok(Self { key, others })
    }

    fn query(&self, table: &str) -> String {
        let name = |name: &String| quoted(Dialect::Sqlite, name);
        let names: Vec<_> = self.key.iter().chain(&self.others).map(name).collect();
        let key: Vec<_> = self.key.iter().map(name).collect();
        format!("SELECT {} FROM {} ORDER BY {}", names.join(", "), quoted(Dialect::Sqlite, table), key.join(", "))
    }
}

fn as_object<S: Serializer>(values: &[(String, Option<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(column, value)| (column, value)))
}
