//! A table that cannot be taken over: each reason with its column, and the statements that end it.

use std::fmt;

use pricebook_types::Dialect;

use super::compare::{Problem, Remedy};
use super::declared::{Declared, unquoted};
use super::existing::Existing;

/// A table that stands in the way of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    stream: &'static str,
    number: u32,
    name: &'static str,
    table: String,
    problems: Vec<Problem>,
    help: String,
}

impl Refusal {
    pub(super) fn new(
        (stream, number, name): (&'static str, u32, &'static str),
        declared: &Declared,
        there: &Existing,
        problems: Vec<Problem>,
        dialect: Dialect,
    ) -> Self {
        let help = help(declared, there, &problems, dialect);
        Self { stream, number, name, table: there.name.clone(), problems, help }
    }

    /// What to do about it.
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream, number, name, table, problems, .. } = self;
        write!(
            f,
            "the table {table}, which migration {number:04}_{name} of {stream} makes, is there and cannot be taken over:"
        )?;
        for Problem { column, what, .. } in problems {
            match column {
                Some(column) => write!(f, "\n  {table}.{column} {what}")?,
                None => write!(f, "\n  {table}: {what}")?,
            }
        }
        Ok(())
    }
}

fn help(declared: &Declared, there: &Existing, problems: &[Problem], dialect: Dialect) -> String {
    let quoted = &declared.quoted;
    if problems.iter().any(|problem| problem.remedy == Remedy::Copy) {
        let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
        let before = format!("{quote}{}_before{quote}", unquoted(quoted));
        let kept = declared.columns.iter().filter(|column| there.column(&column.name, dialect).is_some());
        let kept = kept.map(|column| column.quoted.as_str()).collect::<Vec<_>>().join(", ");
        return format!(
            "give it another name, migrate, and take over its rows, each column as it must be:\n  ALTER TABLE {quoted} RENAME TO \
             {before};\n  pricebook migrate up\n  INSERT INTO {quoted} ({kept}) SELECT {kept} FROM {before};"
        );
    }
    let changes = problems.iter().filter_map(|problem| match &problem.remedy {
        Remedy::Alter(changes) => Some(changes.join(", ")),
        Remedy::Rows | Remedy::Copy => None,
    });
    let changes: Vec<_> = changes.collect();
    let altered = match changes.is_empty() {
        true => None,
        false => Some(format!("change the table:\n  ALTER TABLE {quoted} {};", changes.join(", "))),
    };
    let has_rows = problems.iter().any(|problem| problem.remedy == Remedy::Rows);
    let rows = has_rows.then(|| "put these rows right".to_owned());
    let steps = rows.into_iter().chain(altered).collect::<Vec<_>>().join(", and ");
    match has_rows && changes.is_empty() {
        true => format!("{steps}, and migrate again"),
        false => format!("save the database, {steps}\n  and migrate again"),
    }
}
