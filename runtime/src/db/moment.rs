//! Moments in UTC as values of a statement and as columns give them back, to the second.

use chrono::{DateTime, NaiveDateTime, Utc};
use pricebook_types::Dialect;
use sea_query::{Expr, ExprTrait};

const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A value for a timestamp column, as SQLite and MySQL write theirs.
pub fn moment(dialect: Dialect, time: DateTime<Utc>) -> Expr {
    let text = time.format(FORMAT).to_string();
    match dialect {
        Dialect::Sqlite | Dialect::Mysql => Expr::val(text),
        Dialect::Postgres => Expr::val(format!("{text}+00")).cast_as("timestamptz"),
    }
}

/// What a timestamp column cast to text says; connections speak UTC.
pub fn read_moment(text: &str) -> Option<DateTime<Utc>> {
    let to_the_second = text.get(..19)?;
    NaiveDateTime::parse_from_str(to_the_second, FORMAT).ok().map(|time| time.and_utc())
}
