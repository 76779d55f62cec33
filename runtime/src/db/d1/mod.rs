//! Cloudflare D1 by way of its own command, wrangler. Each file that it runs is a transaction of its own, so that the
//! statements of ours are gathered and run as one file when it is kept. What they do is not seen before that.

mod answer;
mod wrangler;

use super::script::{Escapes, statements};
use super::session::Texts;
use crate::config::D1Database;
use wrangler::Wrangler;

/// A command of an operating system has room for little more.
const MAX_COMMAND_BYTES: usize = 100_000;

/// A D1 database.
#[derive(Debug)]
pub(super) struct D1 {
    wrangler: Wrangler,
    /// The statements of the open transaction.
    gathered: Option<String>,
}

/// What wrangler said.
#[derive(Debug, thiserror::Error)]
pub(super) enum D1Error {
    #[error("wrangler is not there")]
    NoWrangler,
    #[error("{0}")]
    Refused(String),
}

impl D1Error {
    /// Whether a query of [`D1::must_find_nothing`] found something.
    pub(super) fn is_refuted(&self) -> bool {
        matches!(self, Self::Refused(text) if text.contains("integer overflow"))
    }
}

impl From<D1Error> for sqlx::Error {
    fn from(error: D1Error) -> Self {
        Self::Io(std::io::Error::other(error))
    }
}

impl D1 {
    pub(super) fn new(database: D1Database) -> Self {
        Self { wrangler: Wrangler::new(database), gathered: None }
    }

    /// Runs a script, or gathers it.
    pub(super) fn run(&mut self, script: &str) -> Result<(), sqlx::Error> {
        match &mut self.gathered {
            Some(gathered) => {
                gathered.push_str(script.trim_end().trim_end_matches(';'));
                gathered.push_str(";\n");
                Ok(())
            }
            None => Ok(self.wrangler.run_file(script)?),
        }
    }

    /// The rows of every query, as they are without the gathered statements.
    pub(super) fn texts(&mut self, script: &str) -> Result<Vec<Texts>, sqlx::Error> {
        Ok(self.texts_of_each(script)?.into_iter().flatten().collect())
    }

    /// The same, apart for each query.
    pub(super) fn texts_of_each(&mut self, script: &str) -> Result<Vec<Vec<Texts>>, sqlx::Error> {
        let mut results = Vec::new();
        let mut command = String::new();
        for statement in statements(script, Escapes::None) {
            if !command.is_empty() && command.len() + statement.len() > MAX_COMMAND_BYTES {
                results.extend(self.wrangler.query(&std::mem::take(&mut command))?);
            }
            command.push_str(statement);
            command.push_str(";\n");
        }
        if !command.is_empty() {
            results.extend(self.wrangler.query(&command)?);
        }
        Ok(results)
    }

    /// Gathers queries that take the transaction back where they find a row: the absolute value of the lowest number is
    /// an error.
    pub(super) fn must_find_nothing(&mut self, queries: &str) -> Result<(), sqlx::Error> {
        for query in statements(queries, Escapes::None) {
            self.run(&format!("SELECT abs(-9223372036854775807 - (SELECT COUNT(*) > 0 FROM (\n{query}\n)))"))?;
        }
        Ok(())
    }

    pub(super) fn begin(&mut self) {
        self.gathered = Some(String::new());
    }

    pub(super) fn commit(&mut self) -> Result<(), sqlx::Error> {
        match self.gathered.take() {
            Some(script) if !script.is_empty() => Ok(self.wrangler.run_file(&script)?),
            _ => Ok(()),
        }
    }

    pub(super) fn rollback(&mut self) {
        self.gathered = None;
    }
}
