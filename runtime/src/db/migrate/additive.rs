//! Migrations that only add: a program that does not know them can go on serving, for all that it reads and writes is there.

use std::collections::HashSet;

use pricebook_types::Dialect;
use sea_query::{OnConflict, Query};

use super::{Due, table};
use crate::db::{Escapes, Session, body, statements};

pub(super) const TABLE: &str = "pricebook_additive_migrations";
pub(super) const SQLITE: &str = "CREATE TABLE IF NOT EXISTS pricebook_additive_migrations (
  stream TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (stream, number)
)";
pub(super) const POSTGRES: &str = "CREATE TABLE IF NOT EXISTS pricebook_additive_migrations (
  stream VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (stream, number)
)";
pub(super) const MYSQL: &str = "CREATE TABLE IF NOT EXISTS pricebook_additive_migrations (
  stream VARCHAR(64) NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (stream, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

/// Remembers that a migration only adds, for programs that do not know its text.
pub(super) async fn remember(session: &mut Session, due: &Due) -> Result<(), sqlx::Error> {
    if !due.additive {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert
        .into_table(TABLE)
        .columns(["stream", "number"])
        .values_panic([due.stream.into(), due.number.into()])
        .on_conflict(OnConflict::columns(["stream", "number"]).do_nothing_on(["stream"]).to_owned());
    session.execute(&insert).await.map(drop)
}

/// Those that the database remembers, by stream and number. The table is there as soon as a program that knows of it migrates.
pub(super) async fn remembered(session: &mut Session) -> Result<HashSet<(String, u32)>, sqlx::Error> {
    if !table::exists(session, TABLE).await? {
        return Ok(HashSet::new());
    }
    let rows = session.texts(&format!("SELECT stream, number FROM {TABLE}")).await?;
    let read = |row: Vec<Option<String>>| {
        let [stream, number] = row.try_into().ok()?;
        Some((stream?, number?.parse().ok()?))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Whether every statement only adds what a program that does not know of it can leave alone. Whatever is not understood does not.
pub(super) fn is_additive(sql: &str, dialect: Dialect) -> bool {
    let escapes = if dialect == Dialect::Mysql { Escapes::Backslash } else { Escapes::None };
    let text = without_bodies(body(sql));
    let mut made = HashSet::new();
    statements(&text, escapes).into_iter().all(|statement| {
        let words = words(statement);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["SET", "NAMES", ..] | ["COMMENT", "ON", ..] | ["CREATE", "FUNCTION", ..] | ["CREATE", "INDEX", ..] => true,
            ["CREATE", "TABLE", name, ..] => {
                made.insert((*name).to_owned());
                true
            }
            ["CREATE", "UNIQUE", "INDEX", ..] | ["CREATE", "TRIGGER", ..] => {
                let table = words.iter().skip_while(|word| **word != "ON").nth(1);
                table.is_some_and(|table| made.contains(*table))
            }
            ["ALTER", "TABLE", _, "ADD", "COLUMN", rest @ ..] => can_be_left_out(rest),
            _ => false,
        }
    })
}

/// Whether rows can come without the column, and no two are kept from being alike by it.
fn can_be_left_out(definition: &[&str]) -> bool {
    let has = |word: &str| definition.contains(&word);
    !has("UNIQUE")
        && !has("ADD")
        && !has("DROP")
        && (has("DEFAULT") || !definition.windows(2).any(|two| two == ["NOT", "NULL"]))
}

/// Bodies of triggers and functions hold statements of their own, which run only where their table is written.
fn without_bodies(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut end: Option<&str> = None;
    for line in sql.lines() {
        match end {
            Some(close) if line == close => {
                end = None;
                out.push_str(";\n");
            }
            Some(_) => {}
            None if line == "BEGIN" => end = Some("END;"),
            None if line.ends_with(" AS $$") => end = Some("$$;"),
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// The words of a statement, names without their quotes, up to the first text; without comments.
fn words(statement: &str) -> Vec<String> {
    let lines = statement.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text: String = lines.flat_map(|line| [line, " "]).collect();
    let before = text.split('\'').next().unwrap_or_default();
    let separated = |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | ',');
    before
        .split(separated)
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_matches(['"', '`']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use pricebook_types::Dialect;

    use super::is_additive;

    #[test]
    fn new_tables_and_columns_that_can_be_left_out_only_add() {
        for sql in [
            "BEGIN;\n\n-- create table a\nCREATE TABLE \"a\" (\n  \"id\" TEXT NOT NULL\n);\nCREATE UNIQUE INDEX \"i\" ON \"a\" (\"id\");\n\nCOMMIT;\n",
            "CREATE TABLE \"a\" (\n  \"id\" TEXT\n);\nCREATE TRIGGER \"t\" AFTER UPDATE ON \"a\" FOR EACH ROW\nBEGIN\n  UPDATE \"a\" SET \"b\" = 1;\nEND;\n",
            "CREATE FUNCTION \"f\"() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN NEW;\nEND\n$$;\nCREATE INDEX \"i\" ON \"old\" (\"b\");\n",
            "ALTER TABLE \"old\" ADD COLUMN \"b\" TEXT;",
            "ALTER TABLE \"old\" ADD COLUMN \"b\" TEXT NOT NULL DEFAULT 'x' CHECK (\"b\" <> '');",
            "SET NAMES utf8mb4;\nALTER TABLE `old` ADD COLUMN `b` varchar(255);",
        ] {
            assert!(is_additive(sql, Dialect::Postgres), "{sql}");
        }
    }

    #[test]
    fn whatever_a_former_program_would_notice_does_not() {
        for sql in [
            "DROP TABLE \"old\";",
            "ALTER TABLE \"old\" ADD COLUMN \"b\" TEXT NOT NULL;",
            "ALTER TABLE \"old\" ADD COLUMN \"b\" TEXT NOT NULL CHECK (\"b\" <> ' DEFAULT ');",
            "ALTER TABLE \"old\" ADD COLUMN \"b\" TEXT UNIQUE;",
            "ALTER TABLE `old` ADD COLUMN `b` text, DROP COLUMN `c`;",
            "ALTER TABLE \"old\" ADD CONSTRAINT \"c\" CHECK (\"b\" > 0);",
            "ALTER TABLE \"old\" RENAME COLUMN \"a\" TO \"b\";",
            "CREATE UNIQUE INDEX \"i\" ON \"old\" (\"b\");",
            "CREATE TRIGGER \"t\" AFTER UPDATE ON \"old\" FOR EACH ROW\nBEGIN\n  UPDATE \"a\" SET \"b\" = 1;\nEND;\n",
            "CREATE TABLE \"a\" (\"id\" TEXT);\nINSERT INTO \"a\" SELECT \"id\" FROM \"old\";",
            "UPDATE \"old\" SET \"b\" = 1;",
        ] {
            assert!(!is_additive(sql, Dialect::Sqlite), "{sql}");
        }
    }
}
