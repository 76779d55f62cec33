//! Tables that stand where a migration makes one: kept with their rows where they hold what it declares, refused before
//! anything is written where they do not.

mod compare;
mod data_type;
mod declared;
mod existing;
mod refusal;

use std::collections::HashMap;

use pricebook_types::Dialect;
use serde::Serialize;

use self::compare::Rows;
use self::declared::{Declared, unquoted};
use self::existing::{Existing, existing, is_same};
use super::{Due, MigrationError};
use crate::db::{Escapes, Session, body, statements};

pub use refusal::Refusal;

/// A table that a migration would make, that is there, and that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenOver {
    /// The stream of the migration.
    pub stream: &'static str,
    /// The migration's number.
    pub number: u32,
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// The columns that it lacks and is given.
    pub added: Vec<String>,
    /// What is run instead of the statement that makes it; empty where it lacks nothing.
    #[serde(skip)]
    sql: String,
    #[serde(skip)]
    instead_of: &'static str,
}

/// The tables that these migrations take over.
///
/// # Errors
/// [`MigrationError::NotTakenOver`] where one is there and cannot be; what the database said.
pub async fn taken_over(session: &mut Session, due: &[Due]) -> Result<Vec<TakenOver>, MigrationError> {
    let dialect = session.dialect();
    let made: Vec<Made> = made(due, dialect);
    let names: Vec<_> = made.iter().map(|made| made.declared.name()).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let there = existing(session, &names).await?;
    let of = |made: &Made| there.iter().find(|table| is_same(&table.name, made.declared.name(), dialect));
    let pairs: Vec<_> = made.iter().filter_map(|made| Some((made, of(made)?))).collect();
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let is_mariadb = match dialect {
        Dialect::Mysql => session.text("SELECT VERSION()").await?.is_some_and(|version| version.contains("MariaDB")),
        _ => false,
    };
    let queries: Vec<_> =
        pairs.iter().map(|(made, there)| Rows::query(&made.declared, there, dialect, is_mariadb)).collect();
    let counts = session.texts_of_each(&queries).await?;
    let (mut taken, mut refusals) = (Vec::new(), Vec::new());
    for ((made, there), counted) in pairs.into_iter().zip(counts) {
        let rows = Rows::read(counted);
        match made.compared(there, &rows, dialect, is_mariadb) {
            Ok(one) => taken.push(one),
            Err(_) if made.begun => {}
            Err(refusal) => refusals.push(refusal),
        }
    }
    match refusals.is_empty() {
        true => Ok(taken),
        false => Err(MigrationError::NotTakenOver(refusals)),
    }
}

/// The text of a migration with what is run in the place of tables that are taken over.
pub(super) fn with_taken(due: &Due, taken: &[TakenOver]) -> String {
    let mut sql = body(due.sql).to_owned();
    for one in taken.iter().filter(|one| (one.stream, one.number) == (due.stream, due.number)) {
        // A statement begins with comments, which may end in a semicolon.
        sql = sql.replacen(&format!("{};", one.instead_of), &one.sql, 1);
    }
    sql
}

/// A statement of a migration, or what is run in its place.
pub(super) fn instead<'a>(due: &Due, statement: &'a str, taken: &'a [TakenOver]) -> &'a str {
    let is_of = |one: &&TakenOver| (one.stream, one.number, one.instead_of) == (due.stream, due.number, statement);
    taken.iter().find(is_of).map_or(statement, |one| one.sql.trim_end_matches(";\n"))
}

/// A table that is made by a migration and was not there for the ones before it.
struct Made {
    stream: &'static str,
    number: u32,
    name: &'static str,
    statement: &'static str,
    declared: Declared,
    /// Whether a run that was ended had begun it, so that the table may be its own.
    begun: bool,
}

fn made(due: &[Due], dialect: Dialect) -> Vec<Made> {
    let escapes = if dialect == Dialect::Mysql { Escapes::Backslash } else { Escapes::None };
    let mut seen: HashMap<String, ()> = HashMap::new();
    let mut made = Vec::new();
    for due in due {
        let partway = due.partway.unwrap_or_default();
        for (index, statement) in statements(body(due.sql), escapes).into_iter().enumerate().skip(partway.done) {
            let Some(declared) = Declared::read(statement) else {
                // What an earlier migration takes away is not there any more.
                seen.extend(gone(statement).map(|name| (name, ())));
                continue;
            };
            if seen.insert(declared.name().to_owned(), ()).is_none() {
                let begun = partway.begun && index == partway.done;
                let Due { stream, number, name, .. } = *due;
                made.push(Made { stream, number, name, statement, declared, begun });
            }
        }
    }
    made
}

/// The table that a statement drops or gives another name.
fn gone(statement: &str) -> Option<String> {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let words: Vec<_> = lines.flat_map(str::split_whitespace).take(5).collect();
    match words.as_slice() {
        ["DROP", "TABLE", "IF", "EXISTS", name, ..]
        | ["DROP" | "RENAME", "TABLE", name, ..]
        | ["ALTER", "TABLE", name, "RENAME", "TO", ..] => Some(unquoted(name).to_owned()),
        _ => None,
    }
}

impl Made {
    fn compared(
        &self,
        there: &Existing,
        rows: &Rows,
        dialect: Dialect,
        is_mariadb: bool,
    ) -> Result<TakenOver, Refusal> {
        let Self { stream, number, name, statement, declared, .. } = self;
        let problems = compare::problems(declared, there, rows, dialect, is_mariadb);
        if !problems.is_empty() {
            return Err(Refusal::new((*stream, *number, *name), declared, there, problems, dialect));
        }
        let lacking = compare::lacking(declared, there, dialect);
        let mut steps: Vec<_> =
            lacking.iter().map(|column| format!("ADD COLUMN {} {}", column.quoted, column.definition)).collect();
        if dialect == Dialect::Postgres {
            steps.extend(compare::names_that_migrations_know(declared, there));
        }
        // SQLite takes one change in a statement, and PostgreSQL no other beside a new name.
        let steps = if dialect == Dialect::Mysql && !steps.is_empty() { vec![steps.join(", ")] } else { steps };
        let sql = steps.iter().map(|step| format!("ALTER TABLE {} {step};\n", declared.quoted)).collect();
        let added = lacking.iter().map(|column| column.name.clone()).collect();
        Ok(TakenOver {
            stream,
            number: *number,
            table: there.name.clone(),
            rows: rows.all,
            added,
            sql,
            instead_of: statement,
        })
    }
}
