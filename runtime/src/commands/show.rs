//! How results are printed: colours, columns, the price list and differences.

use std::io::{self, Write};

use pricebook_types::Artifacts;
use serde::Serialize;

use crate::services::{Difference, Line, Status, one_line};

/// Differences that are listed before the rest is only counted.
const LISTED: usize = 20;

/// Colours, or none where the output is no terminal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    pub(super) fn new(on: bool) -> Self {
        Self { on }
    }

    pub(super) fn is_on(self) -> bool {
        self.on
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    fn status(self, status: Status) -> String {
        match status {
            Status::Synced => self.with("32", status.as_str()),
            Status::Inactive => self.with("2", status.as_str()),
            Status::Differs | Status::NotSynced => self.with("33", status.as_str()),
        }
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// As much of a catalog's hash as people compare.
pub(super) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Prints a value as JSON, over several lines.
pub(super) fn json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Prints the price list, a table for each kind, with columns as wide as the widest cell of the whole list.
pub(super) fn price_list(out: &mut dyn Write, artifacts: &Artifacts, lines: &[Line], paint: Paint) -> io::Result<()> {
    const TITLES: [&str; 5] = ["id", "name", "price", "deposit", "billing"];
    let cells = |line: &Line| {
        [line.id.to_owned(), line.name.to_owned(), line.price.clone(), line.deposit.clone(), line.billing.to_owned()]
    };
    let mut widths = TITLES.map(str::len);
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(cells(line)) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let row = |cells: [&str; 5]| -> String {
        cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  ")).collect()
    };
    for kind in artifacts.kinds {
        let mut of_kind = lines.iter().filter(|line| line.kind == kind.id).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        writeln!(out, "{}", paint.bold(kind.title))?;
        writeln!(out, "  {}status", row(TITLES))?;
        for line in of_kind {
            let cells = cells(line);
            writeln!(out, "  {}{}", row(cells.each_ref().map(String::as_str)), paint.status(line.status))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Prints the values that differ, old → new, and how many rows of which table are missing.
pub(super) fn differences(out: &mut dyn Write, differences: &[Difference]) -> io::Result<()> {
    let value = |value: &Option<String>| one_line(value.as_deref().unwrap_or("NULL"), usize::MAX);
    let (missing, changed): (Vec<_>, Vec<_>) = differences.iter().partition(|difference| difference.is_missing_row());
    for difference in changed.iter().take(LISTED) {
        let Difference { table, row, column, old, new } = difference;
        let row = one_line(row, usize::MAX);
        match column {
            Some(column) => writeln!(out, "  {table} {row} {column}: {} → {}", value(old), value(new))?,
            None => writeln!(out, "  {table} {row}: {} → removed", value(old))?,
        }
    }
    if changed.len() > LISTED {
        writeln!(out, "  … and {} more values (all of them with --json)", changed.len() - LISTED)?;
    }
    for tables in missing.chunk_by(|a, b| a.table == b.table) {
        writeln!(out, "  {} missing: {}", tables[0].table, counted(tables.len(), "row"))?;
    }
    Ok(())
}

/// `1 row`, `2 rows`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
