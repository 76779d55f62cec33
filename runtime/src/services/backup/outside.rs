//! Rows of other tables that refer to rows of a backup's tables: putting it back must not take them along.

use std::collections::BTreeMap;

use super::BackupError;
use crate::db::Session;
use crate::db::tables::{quoted, references};

/// How many rows of which column of other tables refer to rows of the backup's tables.
pub(super) struct Outside {
    counts: BTreeMap<(String, String), i64>,
}

impl Outside {
    /// Counts them.
    pub(super) async fn of(session: &mut Session, tables: &[&str]) -> Result<Self, sqlx::Error> {
        let is_ours = |table: &String| tables.contains(&table.as_str());
        let mut counts = BTreeMap::new();
        for reference in references(session).await? {
            if is_ours(&reference.to) && !is_ours(&reference.table) {
                let (column, table) =
                    (quoted(session.dialect(), &reference.column), quoted(session.dialect(), &reference.table));
                let count = session.text(&format!("SELECT COUNT({column}) FROM {table}")).await?;
                let count = count.and_then(|count| count.parse().ok()).unwrap_or_default();
                counts.insert((reference.table, reference.column), count);
            }
        }
        Ok(Self { counts })
    }

    /// That none is gone since, neither deleted nor set to NULL.
    pub(super) async fn is_whole(&self, session: &mut Session, tables: &[&str]) -> Result<(), BackupError> {
        let now = Self::of(session, tables).await?;
        for ((table, column), before) in &self.counts {
            let left = now.counts.get(&(table.clone(), column.clone())).copied().unwrap_or_default();
            if left < *before {
                let (table, column) = (table.clone(), column.clone());
                return Err(BackupError::Referred { table, column, count: before - left });
            }
        }
        Ok(())
    }
}
