//! Every row of some tables, as literals that the database itself made.

use pricebook_types::{Dialect, SyncedTable};

use super::statements::{self, Rows};
use crate::db::tables::{Column, columns, literal_of, quoted};
use crate::db::{Session, Texts};

/// The rows of some tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// The statements that put them back, and take away every other row of these tables.
    pub script: String,
    /// How many rows each table has, in the order of the tables.
    pub counts: Vec<(&'static str, usize)>,
}

/// Every row of these tables. The same rows give the same text.
///
/// # Errors
/// What the database said.
pub async fn dump(session: &mut Session, tables: &[SyncedTable]) -> Result<Dump, sqlx::Error> {
    let all = rows(session, tables).await?;
    let counts = all.iter().map(|rows| (rows.table.name, rows.values.len())).collect();
    Ok(Dump { script: statements::script(session.dialect(), &all), counts })
}

/// The same, row by row.
pub(super) async fn rows<'a>(session: &mut Session, tables: &'a [SyncedTable]) -> Result<Vec<Rows<'a>>, sqlx::Error> {
    in_one_form(session).await?;
    let names: Vec<_> = tables.iter().map(|table| table.name).collect();
    let columns = columns(session, &names).await?;
    let queries: Vec<_> =
        tables.iter().zip(&columns).map(|(table, columns)| query(session.dialect(), table, columns)).collect();
    let results = session.literals_of_each(&queries).await?;
    let rows = tables.iter().zip(columns).zip(results).map(|((table, columns), rows)| read(table, columns, rows));
    rows.collect()
}

/// PostgreSQL writes times and bytes as its session likes, and a session goes on as it was told.
async fn in_one_form(session: &mut Session) -> Result<(), sqlx::Error> {
    match session.dialect() {
        Dialect::Sqlite | Dialect::Mysql => Ok(()),
        Dialect::Postgres => {
            session.run("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET bytea_output = 'hex'").await
        }
    }
}

fn key(columns: &[Column]) -> Vec<&Column> {
    let mut key: Vec<_> = columns.iter().filter(|column| column.key > 0).collect();
    key.sort_by_key(|column| column.key);
    key
}

/// The query for the literals of the key and of all columns of each row.
fn query(dialect: Dialect, table: &SyncedTable, columns: &[Column]) -> String {
    let listed = |columns: &[&Column]| {
        let literals: Vec<_> = columns.iter().map(|column| literal_of(dialect, column)).collect();
        match dialect {
            Dialect::Mysql => format!("CONCAT({})", literals.join(", ', ', ")),
            _ => literals.iter().map(|literal| format!("({literal})")).collect::<Vec<_>>().join(" || ', ' || "),
        }
    };
    let names: Vec<_> = key(columns).iter().map(|column| quoted(dialect, &column.name)).collect();
    // By name, for a table that is all key would give two columns of one name.
    format!(
        "SELECT {} AS row_key, {} AS row_values FROM {} ORDER BY {}",
        listed(&key(columns)),
        listed(&columns.iter().collect::<Vec<_>>()),
        quoted(dialect, table.name),
        names.join(", "),
    )
}

fn read(table: &SyncedTable, columns: Vec<Column>, rows: Vec<Texts>) -> Result<Rows<'_>, sqlx::Error> {
    let unreadable = || sqlx::Error::Protocol(format!("a row of {} cannot be read", table.name));
    let values = rows.into_iter().map(|row| {
        let [key, values] = row.try_into().ok()?;
        Some((key?, values?))
    });
    let values = values.collect::<Option<Vec<(String, String)>>>().ok_or_else(unreadable)?;
    let key = key(&columns).into_iter().map(|column| column.name.clone()).collect();
    Ok(Rows { table, columns: columns.into_iter().map(|column| column.name).collect(), key, values })
}
