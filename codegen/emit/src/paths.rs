//! Where artifacts lie below `generated/`, for those that one part writes and another reads.

use pricebook_types::Dialect;

/// The folder of a dialect's migrations.
pub fn migrations(dialect: Dialect) -> String {
    format!("sql/{}/migrations", dialect.name())
}

/// The file of a migration: `sql/sqlite/migrations/0001_initial.sql`.
pub fn migration(dialect: Dialect, number: u32, name: &str) -> String {
    format!("{}/{number:04}_{name}.sql", migrations(dialect))
}
