//! Where the database differs from the catalog, as the generated `verify.sql` finds it.

use pricebook_types::Artifacts;
use serde::Serialize;

use crate::db::{Session, Texts};

/// One value, or one whole row, that is not as the catalog says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row's key; the parts of a key of several columns are separated by `/`.
    pub row: String,
    /// The column, or `None` where the whole row is missing or is to be removed.
    pub column: Option<String>,
    /// What the database holds, as text; of a row that is to be removed, everything beside its key: `unit_amount 450, up_to NULL`.
    pub old: Option<String>,
    /// What the catalog says, as text.
    pub new: Option<String>,
}

impl Difference {
    /// Whether the row is missing from the database.
    pub fn is_missing_row(&self) -> bool {
        self.column.is_none() && self.old.is_none()
    }

    /// Whether the row is to be removed: a part that its owner does not have in the catalog.
    pub fn is_removal(&self) -> bool {
        self.column.is_none() && self.old.is_some()
    }

    /// The lookup key of the price that the row is about, which may hold `/` itself; `None` in tables of anything else.
    pub fn lookup_key(&self) -> Option<&str> {
        match self.table.as_str() {
            "catalog_prices" => Some(&self.row),
            // `lookup key/currency/day/tier`
            "catalog_price_amounts" => self.row.rsplitn(4, '/').last(),
            _ => None,
        }
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
pub async fn verify(session: &mut Session, artifacts: &Artifacts) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = session.texts(artifacts.verify_sql.get(session.dialect())).await?;
    Ok(rows.into_iter().filter_map(difference).collect())
}

/// The same within a transaction that is to be kept only where there is none, which D1 sees to by itself.
pub(super) async fn verify_within(
    session: &mut Session,
    artifacts: &Artifacts,
) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = session.must_find_nothing(artifacts.verify_sql.get(session.dialect())).await?;
    Ok(rows.into_iter().filter_map(difference).collect())
}

/// `table_name`, `row_id`, `column_name`, `expected`, `actual`.
fn difference(row: Texts) -> Option<Difference> {
    let [table, row, column, new, old] = row.try_into().ok()?;
    Some(Difference { table: table.unwrap_or_default(), row: row.unwrap_or_default(), column, old, new })
}
