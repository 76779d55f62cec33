//! A plan as a table for people.

use std::collections::HashMap;

use crate::commands::show::counted;
use crate::services::{Changes, Difference, NewRow, Plan, UnknownRow, one_line};

/// Missing rows of a table that are listed before the rest is only counted.
const LISTED: usize = 20;
/// Characters of a value that are shown.
const SHOWN: usize = 60;
/// Characters of one of the values of a new row that are shown.
const SHOWN_OF_NEW: usize = 30;
/// Characters that are shown before those in which two long values differ.
const BEFORE: usize = 20;

/// How much of a plan is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// As much as a reader takes in.
    Screen,
    /// Every row and every value in full.
    Whole,
}

impl Extent {
    /// Rows of a table that are listed.
    const fn rows(self) -> usize {
        if matches!(self, Self::Screen) { LISTED } else { usize::MAX }
    }

    /// Characters of a value, of which a reader takes in `most`.
    const fn characters(self, most: usize) -> usize {
        if matches!(self, Self::Screen) { most } else { usize::MAX }
    }

    /// A value.
    fn shown(self, value: &str) -> String {
        one_line(value, self.characters(SHOWN))
    }
}

/// The lines of a plan, with what will stand in missing rows as far as it is known; none of them holds a control character.
pub(super) fn plan(plan: &Plan, new_rows: &[NewRow], extent: Extent) -> Vec<String> {
    let mut lines = differences(&plan.differences, new_rows, extent);
    if !lines.is_empty() {
        lines.push(format!("{} would change: {}", counted(total(plan.rows), "row"), changes(plan.rows)));
    }
    for of_table in plan.unknown.chunk_by(|a, b| a.for_sale == b.for_sale && a.table == b.table) {
        let UnknownRow { table, for_sale, .. } = of_table[0];
        let (listed, what) = if for_sale {
            (usize::MAX, "is for sale and not in the catalog")
        } else {
            (extent.rows(), "is not in the catalog")
        };
        lines.extend(
            of_table.iter().take(listed).map(|row| format!("left alone: {table} {} {what}", extent.shown(&row.row))),
        );
        if of_table.len() > listed {
            lines.push(format!("left alone: {} more of {table} (all of them with --json)", of_table.len() - listed));
        }
    }
    lines
}

/// `1 inserted, 2 updated, 0 deactivated, 0 removed`.
pub(super) fn changes(rows: Changes) -> String {
    let Changes { inserted, updated, deactivated, removed } = rows;
    format!("{inserted} inserted, {updated} updated, {deactivated} deactivated, {removed} removed")
}

fn total(rows: Changes) -> usize {
    rows.inserted + rows.updated + rows.deactivated + rows.removed
}

fn differences(differences: &[Difference], new_rows: &[NewRow], extent: Extent) -> Vec<String> {
    if differences.is_empty() {
        return Vec::new();
    }
    let new_rows: HashMap<_, _> = new_rows.iter().map(|new| ((&*new.table, &*new.row), new)).collect();
    let mut cells = vec![["table".to_owned(), "row".to_owned(), "column".to_owned(), "database → catalog".to_owned()]];
    for of_table in differences.chunk_by(|a, b| a.table == b.table && a.is_missing_row() == b.is_missing_row()) {
        let listed = if of_table[0].is_missing_row() { extent.rows() } else { usize::MAX };
        cells.extend(of_table.iter().take(listed).map(|difference| row(difference, &new_rows, extent)));
        if of_table.len() > listed {
            let more = format!("… and {} more (all of them with --json)", of_table.len() - listed);
            cells.push([of_table[0].table.clone(), more, String::new(), String::new()]);
        }
    }
    let width = |column: usize| cells.iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
    let (table, row, column) = (width(0), width(1).min(SHOWN), width(2));
    let line = |cells: &[String; 4]| {
        format!("{:table$}  {:row$}  {:column$}  {}", cells[0], cells[1], cells[2], cells[3]).trim_end().to_owned()
    };
    cells.iter().map(line).collect()
}

fn row(difference: &Difference, new_rows: &HashMap<(&str, &str), &NewRow>, extent: Extent) -> [String; 4] {
    let (column, change) = match &difference.column {
        None if difference.is_removal() => {
            let old = extent.shown(difference.old.as_deref().unwrap_or_default());
            (String::new(), format!("{old} → removed"))
        }
        None => {
            let new = new_rows.get(&(&*difference.table, &*difference.row));
            (String::new(), format!("missing → inserted{}", new.map_or_else(String::new, |new| inserted(new, extent))))
        }
        Some(column) => {
            let [old, new] = [&difference.old, &difference.new].map(|value| value.as_deref().unwrap_or("NULL"));
            let [old, new] = match extent {
                Extent::Screen => apart(old, new),
                Extent::Whole => [old, new].map(|value| extent.shown(value)),
            };
            (column.clone(), format!("{old} → {new}"))
        }
    };
    [difference.table.clone(), extent.shown(&difference.row), column, change]
}

/// `: name Green tea, minor 450`, without what stays empty.
fn inserted(new: &NewRow, extent: Extent) -> String {
    let values = new.values.iter().filter_map(|(column, value)| Some((column, value.as_deref()?)));
    let told: Vec<_> = values
        .map(|(column, value)| format!("{column} {}", one_line(value, extent.characters(SHOWN_OF_NEW))))
        .collect();
    if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) }
}

/// Two values so that a reader sees how they differ: where they part late, from shortly before that.
fn apart(old: &str, new: &str) -> [String; 2] {
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let skipped = if same > SHOWN / 2 { same - BEFORE } else { 0 };
    [old, new].map(|value| {
        let rest: String = value.chars().skip(skipped).collect();
        if skipped > 0 { format!("…{}", Extent::Screen.shown(&rest)) } else { Extent::Screen.shown(value) }
    })
}
