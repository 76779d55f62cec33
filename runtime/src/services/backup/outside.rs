//! Rows of other tables that refer to rows of a backup's tables: putting it back must not take them along.

use std::collections::BTreeMap;

use super::BackupError;
use crate::db::tables::{quoted, references};
use crate::db::{Session, Texts};

/// How many rows of which column of other tables refer to rows of the backup's tables.
pub(super) struct Outside {
    counts: BTreeMap<(String, String), i64>,
}

impl Outside {
    /// Counts them.
    pub(super) async fn of(session: &mut Session, tables: &[&str]) -> Result<Self, sqlx::Error> {
        let is_ours = |table: &String| tables.contains(&table.as_str());
        let (mut queries, mut referring) = (Vec::new(), Vec::new());
        for reference in references(session).await? {
            if is_ours(&reference.to) && !is_ours(&reference.table) {
                let (column, table) =
                    (quoted(session.dialect(), &reference.column), quoted(session.dialect(), &reference.table));
                queries.push(format!("SELECT COUNT({column}) AS found FROM {table}"));
                referring.push((reference.table, reference.column));
            }
        }
        let results = session.texts_of_each(&queries).await?;
        let count = |rows: Vec<Texts>| rows.first()?.first()?.as_ref()?.parse().ok();
        let counts = results.into_iter().map(|rows| count(rows).unwrap_or_default());
        Ok(Self { counts: referring.into_iter().zip(counts).collect() })
    }

    /// That none is gone since, neither deleted nor set to NULL.
    pub(super) async fn is_whole(&self, session: &mut Session) -> Result<(), BackupError> {
        for ((table, column), before) in &self.counts {
            let (name, from) = (quoted(session.dialect(), column), quoted(session.dialect(), table));
            let query = format!("SELECT COUNT({name}) AS found FROM {from} HAVING COUNT({name}) < {before}");
            let fewer = session.must_find_nothing(&query).await?;
            if let Some([Some(left)]) = fewer.first().map(Vec::as_slice) {
                let count = before - left.parse().unwrap_or(0);
                return Err(BackupError::Referred { table: table.clone(), column: column.clone(), count });
            }
        }
        Ok(())
    }
}
