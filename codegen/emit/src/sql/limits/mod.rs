//! What names databases take. Every name is quoted here, so that none breaks a generated file by being a word; the words
//! that are refused are those that make a statement fail which somebody writes by hand, without quotes, and the names that
//! a database keeps for itself.

mod mysql;
mod postgres;
mod row;
mod sqlite;

use pricebook_model::limits::{Case, GivenName, NameLimit, NameOf, NameSpace, TableLimit, TargetLimits};
use pricebook_model::migrate::TableShape;
use pricebook_model::schema::Table;

use super::{ddl, touch};
use crate::environments;

/// What the three dialects limit, and a service that runs one of them.
pub const LIMITS: &[TargetLimits] = &[
    TargetLimits {
        names: &[words(255, sqlite::RESERVED), own(RELATIONS, 255, &["pricebook_migrations"], sqlite::PREFIXES)],
        given: Some(given),
        // <https://www.sqlite.org/limits.html>
        tables: Some(tables(2_000, 2_000)),
        ..TargetLimits::none("sqlite")
    },
    TargetLimits {
        // <https://developers.cloudflare.com/d1/platform/limits/>; it takes the files of SQLite.
        tables: Some(TableLimit { holds: environments::any_is_of_d1, ..tables(100, 100) }),
        ..TargetLimits::none("Cloudflare D1")
    },
    TargetLimits {
        names: &[
            words(63, postgres::RESERVED),
            own(RELATIONS, 63, &[], postgres::PREFIXES),
            own(COLUMNS, 63, postgres::COLUMNS, &[]),
        ],
        // <https://www.postgresql.org/docs/current/limits.html>.
        tables: Some(tables(1_600, 32)),
        ..TargetLimits::none("postgres")
    },
    TargetLimits {
        names: &[
            words(64, mysql::RESERVED),
            own(INDEXES, 64, mysql::INDEXES, &[]),
            own(COLUMNS, 64, mysql::COLUMNS, &[]),
        ],
        rows: row::MYSQL,
        // <https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html>; the primary key is one of MariaDB's 64 indexes.
        tables: Some(TableLimit { max_indexes: Some(64), ..tables(1_017, 16) }),
        ..TargetLimits::none("mysql")
    },
];

const RELATIONS: &[NameOf] = &[NameOf::Table, NameOf::Index, NameOf::ForeignKey];
// MySQL makes an index for a foreign key, under its name.
const INDEXES: &[NameOf] = &[NameOf::Index, NameOf::ForeignKey];
const COLUMNS: &[NameOf] = &[NameOf::Column];

/// The words of a dialect's grammar.
const fn words(max_bytes: usize, reserved: &'static [&'static str]) -> NameLimit {
    own(&[NameOf::Table, NameOf::Column, NameOf::Index, NameOf::ForeignKey], max_bytes, reserved, &[])
}

/// The names that a database keeps for itself.
const fn own(
    of: &'static [NameOf],
    max_bytes: usize,
    reserved: &'static [&'static str],
    reserved_prefixes: &'static [&'static str],
) -> NameLimit {
    NameLimit { of, case: Case::AsIs, max_bytes, reserved, reserved_any_case: true, reserved_prefixes }
}

/// Limits that hold wherever a catalog is put to use.
const fn tables(max_columns: usize, max_index_columns: usize) -> TableLimit {
    TableLimit { holds: |_| true, max_columns, max_index_columns, max_indexes: None, indexes }
}

/// The primary key, the indexes, and those that MySQL wants for references.
fn indexes(table: &Table) -> usize {
    1 + ddl::mysql_indexes(&TableShape::of(table, &[])).len()
}

/// The names that any of the dialects gives.
fn given(table: &Table) -> Vec<GivenName> {
    let primary_key = GivenName {
        name: ddl::primary_key_name(&table.name),
        what: "primary key",
        column: None,
        space: NameSpace::Relations,
    };
    let of_columns = table.columns.iter().flat_map(|column| {
        let of_column = |name, what, space| GivenName { name, what, column: Some(column.name.clone()), space };
        let check = of_column(ddl::check_name(&table.name, &column.name), "check", NameSpace::Constraints);
        let trigger = column.on_update_now.then(|| touch::trigger_name(&table.name, &column.name));
        let trigger = trigger.map(|name| of_column(name, "trigger", NameSpace::Routines));
        std::iter::once(check).chain(trigger)
    });
    std::iter::once(primary_key).chain(of_columns).collect()
}
