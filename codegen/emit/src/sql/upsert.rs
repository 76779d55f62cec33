//! Rows as upserts that keep what they do not name, `created_at` above all, and touch only rows that differ.

use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};
use sea_query::{Alias, Expr, OnConflict, Query};

use super::ddl::{quote, sql};
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
///
/// sea-query prints the statement for one row; the rows themselves take that row's place.
fn frame(dialect: Dialect, rows: &Rows<'_>) -> (String, String) {
    let table = &rows.table.name;
    let keys: Vec<_> = rows.table.primary_key.iter().map(Alias::new).collect();
    let written: Vec<_> = rows.columns.iter().filter(|column| !rows.table.primary_key.contains(&column.name)).collect();
    let mut conflict = OnConflict::columns(keys.clone());
    if written.is_empty() {
        conflict.do_nothing_on(keys);
    } else {
        conflict.update_columns(written.iter().map(|column| Alias::new(&column.name)));
    }
    let mut insert = Query::insert();
    insert.into_table(Alias::new(table)).columns(rows.columns.iter().map(|column| Alias::new(&column.name)));
    insert.values_panic(rows.columns.iter().map(|_| Expr::cust("0"))).on_conflict(conflict);
    let sql = sql!(insert, dialect);
    let (head, rest) = sql.split_once(" VALUES ").unwrap_or((&sql, ""));
    let conflict = rest.find(" ON ").map_or("", |at| &rest[at + 1..]);
    let mut tail = String::from("\n");
    match [" DO UPDATE SET ", " KEY UPDATE "].iter().find_map(|mark| Some((mark, conflict.split_once(mark)?))) {
        Some((mark, (target, sets))) => {
            tail.push_str(&format!("{target}{}\n  ", mark.trim_end()));
            tail.push_str(&flowing("  ", sets.split(", ")));
        }
        None => tail.push_str(conflict),
    }
    // MySQL needs no condition: an update that changes nothing leaves the row, and its `updated_at`, as they are.
    if dialect != Dialect::Mysql && !written.is_empty() {
        let of = |table: &str| {
            flowing("  ", written.iter().map(|column| format!("{table}.{}", quote(dialect, &column.name))))
        };
        let differs = if dialect == Dialect::Sqlite { "IS NOT" } else { "IS DISTINCT FROM" };
        let (old, new) = (of(&quote(dialect, table)), of(&quote(dialect, "excluded")));
        tail.push_str(&format!("\nWHERE ({old})\n  {differs} ({new})"));
    }
    let (into, columns) = head.split_once(" (").unwrap_or((head, ""));
    let columns = flowing("  ", columns.split(", "));
    (format!("{into}\n  ({columns}\nVALUES\n"), tail + ";\n")
}
