//! What a table that is there lacks of what is declared, and what of it cannot be.

use pricebook_types::Dialect;

use super::data_type::DataType;
use super::declared::{Column, Declared};
use super::existing::{self, Existing, is_same};
use crate::db::session::Texts;

/// Why a table, or one of its columns, cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) column: Option<String>,
    pub(super) what: String,
    pub(super) remedy: Remedy,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Changes of the table, as they stand in `ALTER TABLE`.
    Alter(Vec<String>),
    /// Rows that somebody has to put right.
    Rows,
    /// A new table beside it, and its rows copied.
    Copy,
}

/// What is counted of the rows of a table that is there.
pub(super) struct Rows {
    pub(super) all: u64,
    /// For each condition of [`conditions`], how many do not meet it.
    wrong: Vec<u64>,
}

impl Rows {
    pub(super) fn query(declared: &Declared, there: &Existing, dialect: Dialect, is_mariadb: bool) -> String {
        let conditions = conditions(declared, there, dialect, is_mariadb);
        let counts = conditions.iter().map(|(_, _, is_wrong)| format!(", COUNT(CASE WHEN {is_wrong} THEN 1 END)"));
        format!("SELECT COUNT(*){} FROM {}", counts.collect::<String>(), declared.quoted)
    }

    pub(super) fn read(rows: Vec<Texts>) -> Self {
        let row = rows.into_iter().next().unwrap_or_default();
        let mut counts = row.into_iter().map(|count| count.and_then(|count| count.parse().ok()).unwrap_or_default());
        let all = counts.next().unwrap_or_default();
        Self { all, wrong: counts.collect() }
    }
}

/// What rows must be: the column, the condition as a person reads it, and SQL that is true for a row that is not so. Only
/// of columns whose type is right: others cannot be compared.
fn conditions<'a>(
    declared: &'a Declared,
    there: &Existing,
    dialect: Dialect,
    is_mariadb: bool,
) -> Vec<(&'a Column, String, String)> {
    let mut all = Vec::new();
    for column in &declared.columns {
        let Some(own) = there.column(&column.name, dialect) else { continue };
        if !holds(column, own, dialect, is_mariadb) {
            continue;
        }
        if column.not_null || declared.key.contains(&column.name) {
            all.push((column, "NOT NULL".to_owned(), format!("{} IS NULL", column.quoted)));
        }
        for (_, check) in &column.checks {
            all.push((column, format!("CHECK {check}"), format!("NOT {check}")));
        }
    }
    all
}

/// The declared columns that are not there.
pub(super) fn lacking<'a>(declared: &'a Declared, there: &Existing, dialect: Dialect) -> Vec<&'a Column> {
    declared.columns.iter().filter(|column| there.column(&column.name, dialect).is_none()).collect()
}

/// Names that later migrations may call for, and that a table by hand has not: of its key, and of conditions.
pub(super) fn names_that_migrations_know(declared: &Declared, there: &Existing) -> Vec<String> {
    let renamed = match (&there.key_name, &declared.key_name) {
        (Some(old), Some(new)) if old != new => Some(format!("RENAME CONSTRAINT \"{old}\" TO \"{new}\"")),
        _ => None,
    };
    let kept = declared.columns.iter().filter(|column| there.column(&column.name, Dialect::Postgres).is_some());
    let checks = kept.flat_map(|column| &column.checks).filter_map(|(name, check)| {
        let name = name.as_ref().filter(|name| !there.checks.contains(name))?;
        Some(format!("ADD CONSTRAINT \"{name}\" CHECK {check}"))
    });
    renamed.into_iter().chain(checks).collect()
}

/// Everything for which the table cannot be taken over.
pub(super) fn problems(
    declared: &Declared,
    there: &Existing,
    rows: &Rows,
    dialect: Dialect,
    is_mariadb: bool,
) -> Vec<Problem> {
    let of_table = |what: String| Problem { column: None, what, remedy: Remedy::Copy };
    if !there.is_table {
        let what = if dialect == Dialect::Mysql { "is no table of InnoDB" } else { "is no table" };
        return vec![of_table(what.to_owned())];
    }
    let mut problems = Vec::new();
    let key: Vec<_> = there.columns.iter().filter(|column| column.is_key).map(|column| &column.name).collect();
    let is_key = |name: &String| key.iter().any(|own| is_same(own, name, dialect));
    if key.len() != declared.key.len() || !declared.key.iter().all(is_key) {
        problems.push(of_table(format!("its primary key must be ({})", declared.key.join(", "))));
    }
    problems.extend(declared.constraints.iter().map(|constraint| of_table(format!("it must have {constraint}"))));
    for column in &declared.columns {
        match there.column(&column.name, dialect) {
            None => problems.extend(not_addable(column, rows, dialect)),
            Some(own) => problems.extend(different(column, own, dialect, is_mariadb)),
        }
    }
    let is_declared =
        |own: &existing::Column| declared.columns.iter().any(|column| is_same(&column.name, &own.name, dialect));
    for own in there.columns.iter().filter(|own| own.not_null && !own.has_default && !is_declared(own)) {
        let what = "the catalog does not know it, and no row can come without a value of it".to_owned();
        problems.push(Problem {
            column: Some(own.name.clone()),
            what,
            remedy: nullable(&own.name, &own.shown, dialect),
        });
    }
    let conditions = conditions(declared, there, dialect, is_mariadb);
    for ((column, condition, _), wrong) in conditions.iter().zip(&rows.wrong).filter(|(_, wrong)| **wrong > 0) {
        let rows = if *wrong == 1 { "1 row is".to_owned() } else { format!("{wrong} rows are") };
        let what = format!("{rows} not {condition}");
        problems.push(Problem { column: Some(column.name.clone()), what, remedy: Remedy::Rows });
    }
    problems
}

fn not_addable(column: &Column, rows: &Rows, dialect: Dialect) -> Option<Problem> {
    let is_constant = |default: &String| !default.starts_with("CURRENT_") && !default.starts_with('(');
    let can_be = match (&column.default, dialect) {
        (Some(default), Dialect::Sqlite) => is_constant(default),
        (default, _) => default.is_some() || !column.not_null,
    };
    (!can_be && rows.all > 0).then(|| Problem {
        column: Some(column.name.clone()),
        what: "is not there, and nothing says what the rows that are there have in it".to_owned(),
        remedy: Remedy::Copy,
    })
}

fn different(column: &Column, own: &existing::Column, dialect: Dialect, is_mariadb: bool) -> Option<Problem> {
    let problem = |what: String, remedy| Some(Problem { column: Some(column.name.clone()), what, remedy });
    if !holds(column, own, dialect, is_mariadb) {
        let exact = if own.is_exact { "" } else { ", and does not tell all texts apart" };
        return problem(
            format!("is {}{exact}, and must be {}", own.shown, column.data_type),
            as_declared(column, own, dialect),
        );
    }
    if column.default.is_some() && !own.has_default {
        let default = column.default.as_deref().unwrap_or_default();
        return problem(format!("must have the default {default}"), as_declared(column, own, dialect));
    }
    if column.on_update && !own.on_update {
        return problem("must be set by each update".to_owned(), as_declared(column, own, dialect));
    }
    if own.not_null && !column.not_null && !own.is_key {
        return problem("must take NULL".to_owned(), nullable(&column.name, &column.data_type, dialect));
    }
    None
}

fn holds(column: &Column, own: &existing::Column, dialect: Dialect, is_mariadb: bool) -> bool {
    let declared = DataType::of_migration(&column.data_type, dialect, is_mariadb);
    // What is no number stays as it was written in a column of a looser type: moments, and objects of JSON.
    let is_no_number = column.default.as_deref() == Some("CURRENT_TIMESTAMP")
        || column.checks.iter().any(|(_, check)| check.contains("json_valid"));
    let is_loose = dialect == Dialect::Sqlite && own.data_type.is_loose() && is_no_number;
    (is_loose || own.data_type.holds(&declared)) && (own.is_exact || !declared.is_text())
}

/// The changes that make a column what is declared. SQLite changes no column.
fn as_declared(column: &Column, own: &existing::Column, dialect: Dialect) -> Remedy {
    let Column { quoted, data_type, definition, .. } = column;
    match dialect {
        Dialect::Sqlite => Remedy::Copy,
        Dialect::Mysql => {
            let is_text = DataType::of_migration(data_type, dialect, false).is_text();
            let exact = if is_text { " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
            let rest = &definition[data_type.len()..];
            Remedy::Alter(vec![format!("MODIFY COLUMN {quoted} {data_type}{exact}{rest}")])
        }
        Dialect::Postgres => {
            let drop = own.has_default.then(|| format!("ALTER COLUMN {quoted} DROP DEFAULT"));
            let change = format!("ALTER COLUMN {quoted} TYPE {data_type} USING {quoted}::{data_type}");
            let set = column.default.as_ref().map(|default| format!("ALTER COLUMN {quoted} SET DEFAULT {default}"));
            Remedy::Alter(drop.into_iter().chain([change]).chain(set).collect())
        }
    }
}

fn nullable(name: &str, data_type: &str, dialect: Dialect) -> Remedy {
    match dialect {
        Dialect::Sqlite => Remedy::Copy,
        Dialect::Postgres => Remedy::Alter(vec![format!("ALTER COLUMN \"{name}\" DROP NOT NULL")]),
        Dialect::Mysql => Remedy::Alter(vec![format!("MODIFY COLUMN `{name}` {data_type} NULL")]),
    }
}
