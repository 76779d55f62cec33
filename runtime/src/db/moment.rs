//! Moments in UTC, to the second: as values of a statement, as columns give them back, and by the database's own clock, so that
//! servers whose clocks differ agree on what is over.

use chrono::{DateTime, NaiveDateTime, Utc};
use pricebook_types::Dialect;
use sea_query::{Expr, ExprTrait};

use super::tables::quoted;

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

/// The moment of a column, behind the name of its table, in UTC as text, to the second: `2027-01-31T23:59:59Z`.
pub fn iso(dialect: Dialect, table: &str, column: &str) -> Expr {
    let column = format!("{}.{}", quoted(dialect, table), quoted(dialect, column));
    Expr::cust(match dialect {
        Dialect::Sqlite => format!("strftime('%Y-%m-%dT%H:%M:%SZ', {column})"),
        Dialect::Postgres => format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"),
        Dialect::Mysql => format!("DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%sZ')"),
    })
}

/// So many seconds from now, or before now where they are negative.
pub fn secs_from_now(dialect: Dialect, secs: i64) -> Expr {
    Expr::cust(match dialect {
        Dialect::Sqlite => format!("datetime('now', '{secs:+} seconds')"),
        Dialect::Postgres => format!("CURRENT_TIMESTAMP + INTERVAL '{secs} seconds'"),
        Dialect::Mysql => format!("CURRENT_TIMESTAMP(6) + INTERVAL {secs} SECOND"),
    })
}
