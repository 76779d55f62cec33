//! Moments by the database's own clock, so that servers whose clocks differ agree on what is over.

use pricebook_types::Dialect;
use sea_query::Expr;

use super::tables::quoted;

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
