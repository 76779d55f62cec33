//! The statements of a backup: what is not in it goes, and what is in it comes back whole.

use pricebook_types::{Dialect, MAX_STATEMENT_BYTES, SyncedTable};

use crate::db::tables::quoted;

/// Earlier than any time that a row holds, and within the reach of every database.
const LONG_AGO: &str = "'1000-01-01 00:00:00'";

/// The rows of one table.
pub(super) struct Rows<'a> {
    pub(super) table: &'a SyncedTable,
    pub(super) columns: Vec<String>,
    pub(super) key: Vec<String>,
    /// The literals of the key and of all columns, separated by commas, in the order of the key.
    pub(super) values: Vec<(String, String)>,
}

/// A transaction. Rows go in the reverse order of the tables, so that none takes others with it, before rows come, so
/// that none is in the way.
pub(super) fn script(dialect: Dialect, all: &[Rows<'_>]) -> String {
    let mut out = String::from(match dialect {
        Dialect::Sqlite => "BEGIN TRANSACTION;\n",
        Dialect::Postgres => "BEGIN;\nSET LOCAL TimeZone = 'UTC';\n",
        Dialect::Mysql => "START TRANSACTION;\nSET NAMES utf8mb4;\nSET time_zone = '+00:00';\n",
    });
    out.push_str("\n-- Rows that this backup does not have.\n");
    for rows in all.iter().rev() {
        rows.delete_others(&mut out, dialect);
    }
    for rows in all {
        out.push_str(&format!("\n-- {}: {} rows\n", rows.table.name, rows.values.len()));
        rows.upsert(&mut out, dialect);
    }
    out.push_str("\nCOMMIT;\n");
    out
}

impl Rows<'_> {
    /// One statement for each stretch of keys, of a size that every database takes.
    fn delete_others(&self, out: &mut String, dialect: Dialect) {
        let table = quoted(dialect, self.table.name);
        let key = row(&self.key.iter().map(|name| quoted(dialect, name)).collect::<Vec<_>>().join(", "), &self.key);
        let mut after: Option<&str> = None;
        let stretches = stretches(&self.values, |(key, _)| key.len());
        let last = stretches.len().saturating_sub(1);
        if stretches.is_empty() {
            out.push_str(&format!("DELETE FROM {table};\n"));
        }
        for (index, stretch) in stretches.iter().enumerate() {
            let keys: Vec<_> = stretch.iter().map(|(literals, _)| row(literals, &self.key)).collect();
            // SQLite takes a list of rows only in this form, and PostgreSQL would not know the types in it.
            let values = if dialect == Dialect::Sqlite && self.key.len() > 1 { "VALUES " } else { "" };
            out.push_str(&format!("DELETE FROM {table} WHERE {key} NOT IN ({values}{})", keys.join(", ")));
            if let Some(after) = after {
                out.push_str(&format!("\n  AND {key} > {}", row(after, &self.key)));
            }
            after = stretch.last().map(|(literals, _)| literals.as_str());
            if let Some(until) = after.filter(|_| index < last) {
                out.push_str(&format!("\n  AND {key} < {}", row(until, &self.key)));
            }
            out.push_str(";\n");
        }
    }

    fn upsert(&self, out: &mut String, dialect: Dialect) {
        let table = quoted(dialect, self.table.name);
        // A trigger moves such a column only where an update leaves it as it is; after this none does.
        for column in self.table.touched.iter().filter(|_| dialect != Dialect::Mysql && !self.values.is_empty()) {
            out.push_str(&format!("UPDATE {table} SET {} = {LONG_AGO};\n", quoted(dialect, column)));
        }
        let names: Vec<_> = self.columns.iter().map(|name| quoted(dialect, name)).collect();
        let conflict = self.conflict(dialect);
        for stretch in stretches(&self.values, |(_, values)| values.len()) {
            out.push_str(&format!("INSERT INTO {table} ({}) VALUES\n", names.join(", ")));
            let values: Vec<_> = stretch.iter().map(|(_, values)| format!("  ({values})")).collect();
            out.push_str(&values.join(",\n"));
            out.push_str(&conflict);
        }
    }

    fn conflict(&self, dialect: Dialect) -> String {
        let others: Vec<_> = self.columns.iter().filter(|name| !self.key.contains(name)).collect();
        let set = |value: &dyn Fn(&str) -> String| {
            let set = |name: &&String| format!("{} = {}", quoted(dialect, name), value(&quoted(dialect, name)));
            others.iter().map(set).collect::<Vec<_>>().join(", ")
        };
        let key: Vec<_> = self.key.iter().map(|name| quoted(dialect, name)).collect();
        match (dialect, others.is_empty()) {
            (Dialect::Mysql, true) => format!("\nON DUPLICATE KEY UPDATE {0} = {0};\n", key[0]),
            (Dialect::Mysql, false) => {
                format!("\nON DUPLICATE KEY UPDATE {};\n", set(&|name| format!("VALUES({name})")))
            }
            (_, true) => format!("\nON CONFLICT ({}) DO NOTHING;\n", key.join(", ")),
            (_, false) => {
                format!(
                    "\nON CONFLICT ({}) DO UPDATE SET {};\n",
                    key.join(", "),
                    set(&|name| format!("excluded.{name}"))
                )
            }
        }
    }
}

/// A key as one value: several columns in parentheses.
fn row(listed: &str, key: &[String]) -> String {
    if key.len() > 1 { format!("({listed})") } else { listed.to_owned() }
}

/// Stretches of rows that fit into a statement; a row that does not fit by itself is one.
fn stretches<T>(rows: &[T], bytes: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut stretches = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let bytes = bytes(row) + 4;
        if at > start && size + bytes > MAX_STATEMENT_BYTES {
            stretches.push(&rows[start..at]);
            (start, size) = (at, 0);
        }
        size += bytes;
    }
    if start < rows.len() {
        stretches.push(&rows[start..]);
    }
    stretches
}
