//! Rows as upserts that keep what they do not name, `created_at` above all, and touch only rows that differ.

use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::handed_on::is_unique;
use super::layout::{Flow, flowing, wrap};
use super::rows::Rows;

/// The statements that make a table's rows as they should be.
pub(super) fn write(out: &mut String, dialect: Dialect, rows: &Rows<'_>) {
    if rows.rows.is_empty() {
        return;
    }
    let (head, tail) = frame(dialect, rows);
    let mut last_comment = "";
    let mut statement = Statement::new(out, &head, &tail, ",\n");
    for row in &rows.rows {
        statement.row(|out| {
            if row.comment != last_comment {
                wrap(&row.comment).iter().for_each(|line| out.extend(["  -- ", line, "\n"]));
                last_comment = &row.comment;
            }
            out.push_str("  (");
            let mut flow = Flow::new(out, "   ");
            for (cell, column) in row.cells.iter().zip(&rows.columns) {
                flow.write(|out| cell.write(out, dialect, &column.ty));
            }
            out.push(')');
        });
    }
    statement.end();
}

/// Rows between a head and a tail, in statements of bounded size.
pub(super) struct Statement<'a> {
    out: &'a mut String,
    head: &'a str,
    tail: &'a str,
    separator: &'a str,
    bytes: usize,
}

impl<'a> Statement<'a> {
    pub(super) fn new(out: &'a mut String, head: &'a str, tail: &'a str, separator: &'a str) -> Self {
        Self { out, head, tail, separator, bytes: 0 }
    }

    /// Adds the row that `write` appends, in a new statement if the last one would grow too large.
    pub(super) fn row(&mut self, write: impl FnOnce(&mut String)) {
        let end = self.out.len();
        self.out.push_str(if self.bytes == 0 { self.head } else { self.separator });
        let start = self.out.len();
        write(self.out);
        let bytes = self.out.len() - start;
        if self.bytes > 0 && self.bytes + bytes + self.head.len() + self.tail.len() > MAX_STATEMENT_BYTES {
            let row = self.out.split_off(start);
            self.out.truncate(end);
            self.end();
            self.out.extend([self.head, &row]);
        }
        self.bytes += bytes + self.separator.len();
    }

    /// Ends the statement that is open.
    pub(super) fn end(&mut self) {
        if self.bytes > 0 {
            self.out.push_str(self.tail);
            self.bytes = 0;
        }
    }
}

/// What stands before and behind the rows.
fn frame(dialect: Dialect, rows: &Rows<'_>) -> (String, String) {
    let (table, keys) = (quote(dialect, &rows.table.name), &rows.table.primary_key);
    let quoted = |name: &String| quote(dialect, name);
    let columns = flowing("  ", rows.columns.iter().map(|column| quoted(&column.name)));
    let head = format!("INSERT INTO {table}\n  ({columns})\nVALUES\n");
    let written = rows.columns.iter().map(|column| &column.name).filter(|name| !keys.contains(name));
    let written: Vec<_> = written.map(quoted).collect();
    let tail = match dialect {
        // An update that changes nothing leaves the row, and its `updated_at`, as they are: no condition is needed, and setting
        // a key to itself does nothing.
        Dialect::Mysql if written.is_empty() => {
            let sets = keys.iter().map(quoted).map(|key| format!("{key} = {key}"));
            format!("\nON DUPLICATE KEY UPDATE\n  {};\n", flowing("  ", sets))
        }
        Dialect::Mysql => {
            let guard = rows.columns.iter().any(|column| is_unique(rows.table, column));
            let guard = guard.then(|| same_row(&keys.iter().map(quoted).collect::<Vec<_>>()));
            let sets = written.iter().map(|name| format!("{name} = VALUES({name})"));
            let sets = guard.into_iter().chain(sets);
            format!("\nON DUPLICATE KEY UPDATE\n  {};\n", flowing("  ", sets))
        }
        Dialect::Sqlite | Dialect::Postgres => {
            let keys: Vec<_> = keys.iter().map(quoted).collect();
            format!("\nON CONFLICT ({}) DO {};\n", keys.join(", "), on_conflict(dialect, &table, &written))
        }
    };
    (head, tail)
}

/// Fails where the row that is there has another key, and only a value in common of which no two rows have the same: it is
/// another row, and what belongs to the new one would be written into it.
fn same_row(keys: &[String]) -> String {
    let same: Vec<_> = keys.iter().map(|key| format!("{key} = VALUES({key})")).collect();
    format!("{key} = IF({}, {key}, (SELECT 1 UNION SELECT 2))", same.join(" AND "), key = keys[0])
}

/// What is done about a row that is there: nothing where it is as it should be.
fn on_conflict(dialect: Dialect, table: &str, written: &[String]) -> String {
    if written.is_empty() {
        return "NOTHING".to_owned();
    }
    let excluded = quote(dialect, "excluded");
    let sets = written.iter().map(|name| format!("{name} = {excluded}.{name}"));
    let of = |table: &str| flowing("  ", written.iter().map(|name| format!("{table}.{name}")));
    let differs = if dialect == Dialect::Sqlite { "IS NOT" } else { "IS DISTINCT FROM" };
    format!("UPDATE SET\n  {}\nWHERE ({})\n  {differs} ({})", flowing("  ", sets), of(table), of(&excluded))
}
