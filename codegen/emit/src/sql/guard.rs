//! Values that SQLite would take into a column of another type as they are, and that other databases refuse.

use pricebook_model::migrate::{TableShape, Type};
use pricebook_types::Dialect;

use super::ddl::{quote, quote_all};
use super::migration::drop_table;
use super::types::type_of;

const SQLITE: Dialect = Dialect::Sqlite;

/// Statements that fail, in words, where a value of the old table is none of the new type: a table of these columns alone is
/// filled and dropped, under a name that no catalog's table has, so that no foreign key leads to it.
pub(super) fn values_fit(old: &TableShape, new: &TableShape) -> Vec<String> {
    let (mut columns, mut definitions) = (Vec::new(), Vec::new());
    for column in &new.columns {
        let before = old.column(&column.name).filter(|before| type_of(SQLITE, &before.ty) == "TEXT");
        let Some((check, what)) = before.and_then(|before| check_of(&before.ty, &column.ty, &column.name)) else {
            continue;
        };
        let name = quote(SQLITE, &column.name);
        let words = quote(SQLITE, &format!("{}.{} holds {what}", old.name, column.name));
        definitions.push(format!("{name} {} CONSTRAINT {words} CHECK ({check})", type_of(SQLITE, &column.ty)));
        columns.push(&column.name);
    }
    if columns.is_empty() {
        return Vec::new();
    }
    let guard_name = format!("values of {}", old.name);
    let (guard, columns) = (quote(SQLITE, &guard_name), quote_all(SQLITE, columns));
    vec![
        format!("CREATE TABLE {guard} ({})", definitions.join(", ")),
        format!("INSERT INTO {guard} ({columns})\nSELECT {columns}\nFROM {}", quote(SQLITE, &old.name)),
        drop_table(SQLITE, &guard_name),
    ]
}

/// What a value must be once SQLite has made of it what it can, and what it is else. Other types have a check of their own.
fn check_of(before: &Type, now: &Type, column: &str) -> Option<(String, &'static str)> {
    let name = quote(SQLITE, column);
    match now {
        // A boolean's own check says nothing in words.
        Type::Integer | Type::Boolean => {
            Some((format!("typeof({name}) IN ('integer', 'null')"), "what is no whole number"))
        }
        Type::Timestamp if !matches!(before, Type::Timestamp | Type::Date) => Some((
            format!("{name} IS NULL OR ({name} GLOB '[0-9][0-9][0-9][0-9]-*' AND datetime({name}) IS NOT NULL)"),
            "what is no time",
        )),
        _ => None,
    }
}
