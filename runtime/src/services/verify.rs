//! Where the database differs from the catalog, as the generated `verify.sql` finds it.

use pricebook_types::Artifacts;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// One value, or one whole row, that is not as the catalog says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row's key; the parts of a key of several columns are separated by `/`.
    pub row: String,
    /// The column, or `None` where the row is missing.
    pub column: Option<String>,
    /// What the database holds, as text.
    pub old: Option<String>,
    /// What the catalog says, as text.
    pub new: Option<String>,
}

impl Difference {
    /// Whether the row is missing from the database.
    pub fn is_missing_row(&self) -> bool {
        self.column.is_none()
    }

    /// Whether the row is for sale in the database and not in the catalog.
    pub fn is_deactivation(&self) -> bool {
        let is = |value: &Option<String>, number: &str, word: &str| {
            value.as_deref().is_some_and(|value| value == number || value == word)
        };
        self.column.as_deref() == Some("active") && is(&self.old, "1", "true") && is(&self.new, "0", "false")
    }
}

/// Every difference between the database and the catalog, in the order of `verify.sql`.
///
/// # Errors
/// What the database said.
pub async fn verify(connection: &mut SqliteConnection, artifacts: &Artifacts) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = sqlx::raw_sql(artifacts.verify_sql.sqlite).fetch_all(connection).await?;
    rows.iter().map(difference).collect()
}

fn difference(row: &SqliteRow) -> Result<Difference, sqlx::Error> {
    // Unchecked, for SQLite types the values of an expression one by one and gives any of them as text.
    let text = |column: &str| row.try_get_unchecked::<Option<String>, _>(column);
    Ok(Difference {
        table: text("table_name")?.unwrap_or_default(),
        row: text("row_id")?.unwrap_or_default(),
        column: text("column_name")?,
        old: text("actual")?,
        new: text("expected")?,
    })
}
