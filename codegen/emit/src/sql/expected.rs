//! The rows that `verify.sql` expects: how they stand in a query, and how the query names their values.
//!
//! SQLite reads a statement literal by literal, and this takes most of the time of a comparison. There a row is its key and JSON
//! arrays of its other values, which are taken apart only where a row differs; and there is no `WITH`, for then SQLite would keep a
//! tree of all rows before it makes its program.

use pricebook_types::Dialect;

use super::ddl::quote;
use super::layout::{Flow, flowing};
use super::literal;
use super::rows::{Cell, Row, Rows};

/// How many values stand in an array: a function takes at most 32 arguments on Cloudflare D1.
pub(super) const IN_ARRAY: usize = 30;

/// The expected rows of a table, `e` in its query.
pub(super) struct Expected<'a> {
    pub(super) dialect: Dialect,
    pub(super) rows: &'a Rows<'a>,
    /// The positions of the key's columns.
    pub(super) key: Vec<usize>,
    /// The positions of all other columns.
    pub(super) compared: Vec<usize>,
    /// The positions of the columns whose values stand by themselves.
    alone: Vec<usize>,
}

impl<'a> Expected<'a> {
    pub(super) fn of(dialect: Dialect, rows: &'a Rows<'a>) -> Self {
        let key = rows.key();
        let all = 0..rows.columns.len();
        let compared = all.clone().filter(|at| !key.contains(at)).collect();
        let alone = if dialect == Dialect::Sqlite { key.clone() } else { all.collect() };
        Self { dialect, rows, key, compared, alone }
    }

    /// One row.
    pub(super) fn write(&self, out: &mut String, row: &Row<'_>) {
        let is_select = self.dialect == Dialect::Mysql;
        out.push_str(if is_select { "  SELECT " } else { "  (" });
        let mut flow = Flow::new(out, "   ");
        for &at in &self.alone {
            flow.write(|out| row.cells[at].write_as_text(out, self.dialect));
        }
        for array in self.in_arrays() {
            flow.write(|out| write_array(out, array.iter().map(|&at| &row.cells[at])));
        }
        out.push_str(if is_select { "" } else { ")" });
    }

    /// The expression for the value in a column, as text.
    pub(super) fn value(&self, at: usize) -> String {
        if self.dialect != Dialect::Sqlite {
            return format!("e.{}", quote(self.dialect, &self.rows.columns[at].name));
        }
        if let Some(place) = self.key.iter().position(|key| *key == at) {
            return format!("e.column{}", place + 1);
        }
        let place = self.compared.iter().position(|compared| *compared == at).unwrap_or_default();
        format!("{} ->> {}", self.array(place / IN_ARRAY), place % IN_ARRAY)
    }

    /// The expressions for the arrays, each of [`IN_ARRAY`] of the compared columns; none but on SQLite.
    pub(super) fn arrays(&self) -> impl Iterator<Item = String> {
        (0..self.in_arrays().len()).map(|number| self.array(number))
    }

    /// What stands before and behind the rows in a query that selects and finds.
    pub(super) fn around(&self, select: &str, found: &str) -> (String, String) {
        let table = &self.rows.table.name;
        if self.dialect == Dialect::Sqlite {
            return (format!("-- {table}\n{select}\nFROM (VALUES\n"), format!("\n) {found}"));
        }
        let names = self.rows.columns.iter().map(|column| quote(self.dialect, &column.name));
        let values = if self.dialect == Dialect::Mysql { "" } else { "VALUES" };
        let head = format!("-- {table}\nWITH expected ({}) AS ({values}\n", flowing("  ", names));
        (head, format!("\n)\n{select}\nFROM expected {found}"))
    }

    /// The positions of the columns of each array.
    fn in_arrays(&self) -> std::slice::Chunks<'_, usize> {
        let in_arrays = if self.dialect == Dialect::Sqlite { self.compared.as_slice() } else { &[] };
        in_arrays.chunks(IN_ARRAY)
    }

    fn array(&self, number: usize) -> String {
        format!("e.column{}", self.key.len() + number + 1)
    }
}

/// A text just as `json_array` makes it, or a call of that where the day decides on a value.
fn write_array<'c>(out: &mut String, cells: impl Iterator<Item = &'c Cell<'c>> + Clone) {
    if !cells.clone().any(|cell| matches!(cell, Cell::Dated { .. })) {
        let values: Vec<_> = cells.map(Cell::value).collect();
        let array = serde_json::to_string(&values).expect("texts can be written as JSON");
        return literal::text(out, Dialect::Sqlite, &array);
    }
    out.push_str("json_array(");
    for (place, cell) in cells.enumerate() {
        out.push_str(if place == 0 { "" } else { ", " });
        cell.write_as_text(out, Dialect::Sqlite);
    }
    out.push(')');
}
