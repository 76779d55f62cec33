//! The rows that a catalog's tables hold: those of its kinds, and the shared ones of prices, features and coupons.

mod coupons;
mod kinds;
mod prices;
mod shared;
mod texts;

use std::borrow::Cow;
use std::fmt::{Display, Write};

use pricebook_model::Catalog;
use pricebook_model::schema::{Column, ColumnType, Table};
use pricebook_types::Dialect;
use rust_decimal::Decimal;

use super::literal;
pub use texts::{RowText, row_texts};

/// The rows of one table.
pub(super) struct Rows<'a> {
    /// The table.
    pub(super) table: &'a Table,
    /// The columns that a sync writes, the primary key among them.
    pub(super) columns: Vec<&'a Column>,
    /// In the order of the catalog.
    pub(super) rows: Vec<Row<'a>>,
}

/// One row.
pub(super) struct Row<'a> {
    /// What it is, for the reviewer.
    pub(super) comment: String,
    /// A value for each column.
    pub(super) cells: Vec<Cell<'a>>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell<'a> {
    /// NULL.
    Null,
    /// Text, an enum's value, a date or JSON, as the column's type says.
    Text(Cow<'a, str>),
    /// A text in which no dialect has anything to escape: known once, for it is written for each dialect, twice.
    Plain(Cow<'a, str>),
    /// The digits of a number that may have a fraction.
    Decimal(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// Other values from certain days on: what holds is decided by the database, by its own date in UTC.
    Dated {
        /// Before the first of these days.
        at_first: Box<Cell<'a>>,
        /// ISO 8601 dates with what holds from then on, in their order.
        changes: Vec<(&'a str, Cell<'a>)>,
    },
}

impl<'a> Cell<'a> {
    /// NULL where there is nothing.
    pub(super) fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// A text.
    pub(super) fn text(text: &'a str) -> Self {
        Self::of(Cow::Borrowed(text))
    }

    /// A text that the catalog does not hold as it stands.
    pub(super) fn made(text: String) -> Self {
        Self::of(Cow::Owned(text))
    }

    fn of(text: Cow<'a, str>) -> Self {
        if literal::is_plain(&text) { Self::Plain(text) } else { Self::Text(text) }
    }

    /// The text, empty for what is none.
    pub(super) fn as_text(&self) -> &str {
        if let Self::Text(text) | Self::Plain(text) = self { text } else { "" }
    }

    /// The value as text; that before the first day of one that changes.
    pub(super) fn value(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Dated { at_first, .. } => at_first.value(),
            Self::Null => None,
            Self::Text(text) | Self::Plain(text) => Some(Cow::Borrowed(text)),
            Self::Decimal(digits) => Some(Cow::Borrowed(digits)),
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Boolean(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        }
    }

    /// NULL where there is nothing.
    pub(super) fn number(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Null, |number| Self::Integer(number.into()))
    }

    /// A decimal's digits without zeros behind the last one that counts.
    pub(super) fn decimal(decimal: Option<Decimal>) -> Self {
        decimal.map_or(Self::Null, |decimal| Self::Decimal(decimal.normalize().to_string()))
    }

    /// A value, and what it becomes on which days; changes to the same value are none.
    pub(super) fn dated(at_first: Self, changes: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let mut kept: Vec<(&'a str, Self)> = Vec::new();
        for (day, cell) in changes {
            if kept.last().map_or(&at_first, |(_, last)| last) != &cell {
                kept.push((day, cell));
            }
        }
        match kept.is_empty() {
            true => at_first,
            false => Self::Dated { at_first: Box::new(at_first), changes: kept },
        }
    }

    /// The value as an expression for a column of this type.
    pub(super) fn write(&self, out: &mut String, dialect: Dialect, ty: &ColumnType) {
        match self {
            Self::Dated { at_first, changes } => {
                by_day(out, dialect, at_first, changes, |out, cell| cell.write(out, dialect, ty));
            }
            Self::Null => out.push_str("NULL"),
            Self::Integer(number) => digits(out, dialect, ty, number),
            Self::Decimal(decimal) => digits(out, dialect, ty, decimal),
            Self::Boolean(value) => out.push_str(literal::boolean(dialect, *value)),
            Self::Text(text) => literal::text(out, dialect, text),
            Self::Plain(text) => literal::plain(out, text),
        }
    }

    /// The value as text, as `verify.sql` shows it.
    pub(super) fn write_as_text(&self, out: &mut String, dialect: Dialect) {
        match self {
            Self::Dated { at_first, changes } => {
                by_day(out, dialect, at_first, changes, |out, cell| cell.write_as_text(out, dialect));
            }
            Self::Null => out.push_str("NULL"),
            Self::Integer(number) => drop(write!(out, "'{number}'")),
            Self::Decimal(digits) => drop(write!(out, "'{digits}'")),
            Self::Boolean(value) => out.push_str(if *value { "'true'" } else { "'false'" }),
            Self::Text(text) => literal::text(out, dialect, text),
            Self::Plain(text) => literal::plain(out, text),
        }
    }
}

/// `CASE` of the database's own date in UTC, the newest change first.
fn by_day(
    out: &mut String,
    dialect: Dialect,
    at_first: &Cell<'_>,
    changes: &[(&str, Cell<'_>)],
    mut write: impl FnMut(&mut String, &Cell<'_>),
) {
    let (today, date) = match dialect {
        // SQLite's dates are texts, and compare as such.
        Dialect::Sqlite => ("date('now')", ""),
        Dialect::Postgres => ("(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date", "DATE "),
        Dialect::Mysql => ("UTC_DATE()", "DATE "),
    };
    let separator = if changes.len() > 1 { "\n     " } else { " " };
    out.push_str("CASE");
    for (day, cell) in changes.iter().rev() {
        out.push_str(&format!("{separator}WHEN {today} >= {date}'{day}' THEN "));
        write(out, cell);
    }
    out.push_str(&format!("{separator}ELSE "));
    write(out, at_first);
    out.push_str(" END");
}

/// A number as it is, or as text in the decimal columns of SQLite.
fn digits(out: &mut String, dialect: Dialect, ty: &ColumnType, digits: &impl Display) {
    let quote = if dialect == Dialect::Sqlite && matches!(ty, ColumnType::Decimal { .. }) { "'" } else { "" };
    write!(out, "{quote}{digits}{quote}").expect("writing to a String succeeds");
}

impl<'a> Rows<'a> {
    /// Rows of a table of the base by the names of their columns; `None` where the catalog has no such table.
    fn of_base(catalog: &'a Catalog, table: &str, columns: &[&str], rows: Vec<Row<'a>>) -> Option<Self> {
        let table = catalog.tables.iter().find(|known| known.base && known.name == table)?;
        let columns: Vec<_> = columns.iter().filter_map(|column| table.column(column)).collect();
        Some(Self { table, columns, rows })
    }

    /// The positions of the primary key's columns among [`Self::columns`].
    pub(super) fn key(&self) -> Vec<usize> {
        let position = |key: &String| self.columns.iter().position(|column| &column.name == key);
        self.table.primary_key.iter().filter_map(position).collect()
    }
}

/// Every table's rows, in an order in which they can be written.
pub(super) fn all(catalog: &Catalog) -> Vec<Rows<'_>> {
    let kinds = catalog.kinds.iter().filter_map(|kind| kinds::rows(catalog, kind));
    let base = [
        prices::prices(catalog),
        prices::amounts(catalog),
        shared::features(catalog),
        shared::grants(catalog),
        coupons::coupons(catalog),
        coupons::amounts(catalog),
        coupons::promotion_codes(catalog),
    ];
    after_what_they_refer_to(kinds.collect()).into_iter().chain(base.into_iter().flatten()).collect()
}

/// Tables behind those that they refer to, otherwise as they come. That references go in no circle is a rule of the model.
fn after_what_they_refer_to(mut tables: Vec<Rows<'_>>) -> Vec<Rows<'_>> {
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |rows: &Rows<'_>| {
            let others = tables.iter().filter(|other| other.table.name != rows.table.name);
            others.into_iter().any(|other| rows.table.foreign_keys.iter().any(|key| key.table == other.table.name))
        };
        let next = tables.iter().position(|rows| !waits(rows)).unwrap_or_default();
        ordered.push(tables.remove(next));
    }
    ordered
}
