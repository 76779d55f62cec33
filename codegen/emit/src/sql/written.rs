//! The rows that a sync changes where the last one was of another catalog, for those who tell it in words.

use std::collections::{HashMap, HashSet};

use pricebook_model::Catalog;
use pricebook_model::migrate::{ColumnShape, Step, diff, own_schema};
use pricebook_model::schema::DefaultValue;

use super::former_keys::{FormerKeys, former_keys};
use super::rows::{RowText, row_texts};
use super::stale::{OWNED, Owned};
use super::surplus::{Retired, is_for_sale, retired};

/// The rows that change when databases that hold `old` are migrated and then synced to `new` on a day (ISO 8601): those
/// of `new` that are new or differ, then those of `old` that are taken from sale or deleted.
///
/// The row that counts syncs is not among them, which every one of them writes.
pub fn written(old: &Catalog, new: &Catalog, day: &str) -> Vec<RowText> {
    let before = migrated(row_texts(old, day), old, new);
    let after = row_texts(new, day);
    let known: HashMap<_, _> = before.iter().map(|row| (id(row), row)).collect();
    let differs = |row: &&RowText| known.get(&id(row)).is_none_or(|before| !holds(before, row));
    let mut written: Vec<RowText> = after.iter().filter(differs).cloned().collect();
    let kept: HashSet<_> = after.iter().map(id).collect();
    let ends = Ends::of(new, &after);
    written.extend(before.iter().filter(|row| !kept.contains(&id(row)) && ends.write(row)).cloned());
    written
}

fn id(row: &RowText) -> (&str, &[String]) {
    (&row.table, &row.key)
}

/// Whether an upsert of `after` finds all its values.
fn holds(before: &RowText, after: &RowText) -> bool {
    let same = |(column, value): &(String, Option<String>)| {
        before.values.iter().any(|(known, held)| known == column && held == value)
    };
    after.values.iter().all(same)
}

/// The rows as the migration leaves them, which runs before the sync.
fn migrated(mut rows: Vec<RowText>, old: &Catalog, new: &Catalog) -> Vec<RowText> {
    for step in diff(&own_schema(old), &own_schema(new)) {
        if let Step::DropTable { table } = &step {
            rows.retain(|row| row.table != table.name);
        }
        for row in &mut rows {
            migrate(row, &step);
        }
    }
    rows
}

fn migrate(row: &mut RowText, step: &Step) {
    if let Step::RenameTable { from, to } = step
        && row.table == *from
    {
        row.table.clone_from(to);
    }
    if row.table != step.table() {
        return;
    }
    match step {
        Step::RenameColumn { from, to, .. } => {
            for (column, _) in row.values.iter_mut().filter(|(column, _)| column == from) {
                column.clone_from(to);
            }
        }
        Step::AddColumn { column, .. } => row.values.push((column.name.clone(), default(column))),
        Step::ChangeColumn { from, to, .. } if from.nullable && !to.nullable => {
            for (_, value) in row.values.iter_mut().filter(|(column, value)| *column == to.name && value.is_none()) {
                *value = default(to);
            }
        }
        Step::AddPrimaryKey { columns, .. } => {
            row.key = columns.iter().map(|column| row.value(column).unwrap_or_default().to_owned()).collect();
        }
        _ => {}
    }
}

/// What rows get that are there when a column comes.
fn default(column: &ColumnShape) -> Option<String> {
    match column.default.as_ref()? {
        DefaultValue::Now => None,
        DefaultValue::Text(text) => Some(text.clone()),
        DefaultValue::Integer(number) => Some(number.to_string()),
        DefaultValue::Boolean(value) => Some(value.to_string()),
    }
}

/// What a catalog says of a table whose rows belong to others.
struct Known<'a> {
    owned: &'static Owned,
    /// Rows of other owners are left alone.
    owners: HashSet<Vec<&'a str>>,
    /// Each behind its owner.
    parts: HashSet<Vec<&'a str>>,
}

/// What a sync does about rows that its catalog no longer writes.
struct Ends<'a> {
    /// With the ids to be found.
    retired: Vec<(Retired<'a>, HashSet<&'a str>)>,
    former_keys: Vec<FormerKeys<'a>>,
    owned: Vec<Known<'a>>,
}

impl<'a> Ends<'a> {
    fn of(catalog: &'a Catalog, rows: &'a [RowText]) -> Self {
        let retired = retired(catalog).into_iter().map(|retired| {
            let ids = retired.ids.iter().copied().collect();
            (retired, ids)
        });
        let owned = OWNED.iter().map(|owned| {
            let rows = || rows.iter().filter(|row| row.table == owned.table);
            let owners = rows().map(|row| owner(owned, row)).chain((owned.owners)(catalog)).collect();
            Known { owned, owners, parts: rows().map(|row| part(owned, row)).collect() }
        });
        Self { retired: retired.collect(), former_keys: former_keys(catalog), owned: owned.collect() }
    }

    fn write(&self, row: &RowText) -> bool {
        let retired = self.retired.iter().any(|(retired, ids)| {
            retired.table.name == row.table
                && retired.kind.is_none_or(|kind| row.value("kind") == Some(kind))
                && row.value(retired.column).is_some_and(|id| ids.contains(id))
                && retired.becomes.is_to_be_made_of(row)
        });
        let is_stale = |Known { owned, owners, parts }: &Known<'_>| {
            owned.table == row.table
                && owners.contains(&owner(owned, row))
                && !parts.contains(&part(owned, row))
                && owned.active.is_none_or(|active| is_for_sale(row, active))
        };
        retired || self.former_keys.iter().any(|former| former.end(row)) || self.owned.iter().any(is_stale)
    }
}

fn owner<'r>(owned: &Owned, row: &'r RowText) -> Vec<&'r str> {
    values(owned.owner, row).collect()
}

fn part<'r>(owned: &Owned, row: &'r RowText) -> Vec<&'r str> {
    values(owned.owner, row).chain(values(owned.part, row)).collect()
}

fn values<'r>(columns: &'static [&'static str], row: &'r RowText) -> impl Iterator<Item = &'r str> {
    columns.iter().map(|column| row.value(column).unwrap_or_default())
}
