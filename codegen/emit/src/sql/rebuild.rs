//! Migrations on SQLite, which can add, drop and rename columns and nothing else: other changes rebuild the table.
//!
//! With foreign keys on, as they always are on Cloudflare D1, dropping a table deletes its rows, and with them the rows
//! that refer to it. So the tables that refer to a rebuilt one are rebuilt with it: new tables that refer to each other
//! are filled, the old ones dropped from the referring end, and the new ones take their names. Tables that go for good
//! and refer to a rebuilt one are dropped among them: while one refers to two tables of which the first is dropped, SQLite
//! refuses to drop the second.

use std::collections::{BTreeSet, HashSet};

use pricebook_model::lock::Schema;
use pricebook_model::migrate::{ColumnShape, Shape, Step, TableShape, apply, with_column_order};
use pricebook_model::schema::{DefaultValue, Index};
use pricebook_types::Dialect;
use sea_query::{Alias, Index as IndexStatement, Table};

use super::ddl::{alter, column_def, create_index, create_table_only, quote, quote_all, sql};
use super::guard;
use super::migration::{drop_table, only};
use super::touch;
use super::types::default_of;

const SQLITE: Dialect = Dialect::Sqlite;

/// What each group of statements does in words, and the statements.
pub(super) fn statements(from: &Schema, to: &Schema, steps: &[Step]) -> Vec<(String, Vec<String>)> {
    let is_rename = |step: &&Step| matches!(step, Step::RenameTable { .. } | Step::RenameColumn { .. });
    let renames: Vec<Step> = steps.iter().filter(is_rename).cloned().collect();
    let mut shape = Shape::of(from);
    let mut groups = Vec::new();
    for step in &renames {
        groups.push((step.describe(), rename(step, &mut shape)));
    }
    let target = Shape::of(&with_column_order(to.clone(), from));
    let interim = Interim::of(&shape, &target);
    let migration = Migration { old: shape, new: target, described_by: to, steps, interim };
    let rebuilt = migration.rebuilt();
    groups.extend(migration.indexes_that_go(&rebuilt));
    groups.extend(migration.natively(&rebuilt, Half::Comes));
    groups.extend(migration.tables_that_come(&rebuilt));
    let gone = migration.gone_with(&rebuilt);
    if !rebuilt.is_empty() {
        let dropped = gone.iter().map(|table| format!(", drop table {table}"));
        let words = format!("rebuild {}{}", rebuilt.join(", "), dropped.collect::<String>());
        groups.push((words, migration.rebuild(&rebuilt, &gone)));
    }
    groups.extend(migration.natively(&[rebuilt, gone].concat(), Half::Goes));
    groups
}

fn rename(step: &Step, shape: &mut Shape) -> Vec<String> {
    let mut statements = Vec::new();
    let before = match step {
        Step::RenameTable { from, .. } => from,
        step => step.table(),
    };
    if let Some(table) = shape.table(before) {
        statements.extend(touch::remove(SQLITE, table));
    }
    *shape = apply(std::slice::from_ref(step), std::mem::take(shape));
    statements.push(match step {
        Step::RenameTable { from, to } => sql!(Table::rename().table(Alias::new(from), Alias::new(to)), SQLITE),
        Step::RenameColumn { table, from, to } => {
            sql!(alter(table).rename_column(Alias::new(from), Alias::new(to)), SQLITE)
        }
        _ => return Vec::new(),
    });
    if let Some(table) = shape.table(step.table()) {
        statements.extend(touch::create(SQLITE, table));
    }
    statements
}

struct Migration<'a> {
    /// After the renames.
    old: Shape,
    new: Shape,
    described_by: &'a Schema,
    steps: &'a [Step],
    interim: Interim,
}

impl Migration<'_> {
    /// The names of the tables to rebuild, those that are referred to first.
    fn rebuilt(&self) -> Vec<&str> {
        let stays = |table: &&TableShape| self.old.table(&table.name).is_some();
        let tables: Vec<&TableShape> = self.new.tables.iter().filter(stays).collect();
        let needs = |table: &&&TableShape| self.steps.iter().any(|step| step.table() == table.name && !is_native(step));
        let mut rebuilt: Vec<&str> = tables.iter().filter(needs).map(|table| table.name.as_str()).collect();
        loop {
            let refers = |table: &TableShape| {
                let before = self.old.table(&table.name).map(|old| old.foreign_keys.as_slice()).unwrap_or_default();
                before
                    .iter()
                    .chain(&table.foreign_keys)
                    .any(|foreign_key| rebuilt.contains(&foreign_key.table.as_str()))
            };
            let more = tables.iter().find(|table| !rebuilt.contains(&table.name.as_str()) && refers(table));
            match more {
                Some(table) => rebuilt.push(&table.name),
                None => break,
            }
        }
        tables.iter().map(|table| table.name.as_str()).filter(|name| rebuilt.contains(name)).collect()
    }

    /// The names of the tables that go for good and refer, directly or through others that go, to a rebuilt one.
    fn gone_with(&self, rebuilt: &[&str]) -> Vec<&str> {
        let goes = |table: &&TableShape| self.new.table(&table.name).is_none();
        let leaving: Vec<&TableShape> = self.old.tables.iter().filter(goes).collect();
        let mut gone: Vec<&str> = Vec::new();
        let refers = |table: &TableShape, gone: &[&str]| {
            let mut targets = table.foreign_keys.iter().map(|foreign_key| foreign_key.table.as_str());
            targets.any(|target| rebuilt.contains(&target) || gone.contains(&target))
        };
        while let Some(table) =
            leaving.iter().find(|table| !gone.contains(&table.name.as_str()) && refers(table, &gone))
        {
            gone.push(&table.name);
        }
        gone
    }

    /// Names of indexes are one family in the whole database, so that those that go make room first. The others of
    /// tables that go or are rebuilt stay as long as those do: references rest on them.
    fn indexes_that_go(&self, rebuilt: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut groups = Vec::new();
        for table in &self.old.tables {
            let goes = self.new.table(&table.name).is_none();
            let is_dropped = |index: &&Index| {
                let drops = |step: &Step| matches!(step, Step::DropIndex { table: of, index: dropped } if *of == table.name && dropped == *index);
                let elsewhere = |other: &TableShape| {
                    other.name != table.name && other.indexes.iter().any(|new| new.name == index.name)
                };
                match goes || rebuilt.contains(&table.name.as_str()) {
                    true => self.new.tables.iter().any(elsewhere),
                    false => self.steps.iter().any(drops),
                }
            };
            let gone: Vec<_> = table.indexes.iter().filter(is_dropped).map(|index| drop_index(&index.name)).collect();
            if !gone.is_empty() {
                groups.push((format!("drop indexes of {}", table.name), gone));
            }
        }
        groups
    }

    /// New tables, before rebuilt ones are filled that may refer to them.
    fn tables_that_come(&self, rebuilt: &[&str]) -> Vec<(String, Vec<String>)> {
        let is_new = |table: &&TableShape| self.old.table(&table.name).is_none();
        let group = |table: &TableShape| {
            // References in circles need not wait here: a table may refer to one that comes later.
            let mut statements =
                vec![create_table_only(SQLITE, &moved(table, rebuilt, &self.interim), &table.name, self.described_by)];
            statements.extend(table.indexes.iter().map(|index| create_index(SQLITE, &table.name, index)));
            statements.extend(touch::create(SQLITE, table));
            (format!("create table {}", table.name), statements)
        };
        self.new.tables.iter().filter(is_new).map(group).collect()
    }

    fn rebuild(&self, rebuilt: &[&str], gone: &[&str]) -> Vec<String> {
        // Within the transaction, rows may refer to rows that are filled in later.
        let mut statements = vec!["PRAGMA defer_foreign_keys = ON".to_owned()];
        let pairs = || rebuilt.iter().filter_map(|name| Some((self.old.table(name)?, self.new.table(name)?)));
        statements.extend(pairs().flat_map(|(old, new)| guard::values_fit(old, new)));
        for table in rebuilt.iter().filter_map(|name| self.new.table(name)) {
            let named = self.interim.name(&table.name);
            statements.push(create_table_only(
                SQLITE,
                &moved(table, rebuilt, &self.interim),
                &named,
                self.described_by,
            ));
            let unique = table.indexes.iter().filter(|index| index.unique);
            let interim = |index: &Index| Index { name: self.interim.name(&index.name), ..index.clone() };
            statements.extend(unique.map(|index| create_index(SQLITE, &named, &interim(index))));
        }
        statements.extend(pairs().filter_map(|(old, new)| fill(old, new, &self.interim)));
        let is_dropped = |table: &&TableShape| [rebuilt, gone].iter().any(|names| names.contains(&table.name.as_str()));
        statements.extend(self.drops(is_dropped).into_iter().flat_map(|(_, statements)| statements));
        for table in rebuilt.iter().filter_map(|name| self.new.table(name)) {
            let (from, to) = (Alias::new(self.interim.name(&table.name)), Alias::new(&table.name));
            statements.push(sql!(Table::rename().table(from, to), SQLITE));
            statements.extend(table.indexes.iter().map(|index| create_index(SQLITE, &table.name, index)));
            let unique = table.indexes.iter().filter(|index| index.unique);
            statements.extend(unique.map(|index| drop_index(&self.interim.name(&index.name))));
            statements.extend(touch::create(SQLITE, table));
        }
        statements
    }

    /// Old tables with the statements that drop them, from the end, so that tables go before those that they refer to.
    ///
    /// Where references go in a circle, an empty table with the same keys stands for one that is still referred to.
    fn drops(&self, is_dropped: impl Fn(&&TableShape) -> bool) -> Vec<(&TableShape, Vec<String>)> {
        let tables: Vec<_> = self.old.tables.iter().rev().filter(is_dropped).collect();
        let mut drops: Vec<(&TableShape, Vec<String>)> = Vec::with_capacity(tables.len());
        let mut stand_ins = Vec::new();
        for (at, table) in tables.iter().enumerate() {
            let mut statements = vec![drop_table(SQLITE, &table.name)];
            if let Some(stand_in) = stand_in(table, &tables[at + 1..]) {
                statements.push(stand_in);
                stand_ins.push(drop_table(SQLITE, &table.name));
            }
            drops.push((table, statements));
        }
        if let Some((_, statements)) = drops.last_mut() {
            statements.append(&mut stand_ins);
        }
        drops
    }

    /// What SQLite can do by itself: what rebuilt tables may refer to before them, what nothing refers to any more after.
    fn natively(&self, rebuilt: &[&str], half: Half) -> Vec<(String, Vec<String>)> {
        let mut groups = Vec::new();
        if matches!(half, Half::Goes) {
            let goes = |table: &&TableShape| self.new.table(&table.name).is_none() && !rebuilt.contains(&&*table.name);
            let drops = self.drops(goes).into_iter();
            groups.extend(drops.map(|(table, statements)| (format!("drop table {}", table.name), statements)));
        }
        for step in self.steps.iter().filter(|step| !rebuilt.contains(&step.table())) {
            let statements = match (step, half) {
                (Step::AddColumn { table, column }, Half::Comes) => {
                    vec![sql!(alter(table).add_column(column_def(SQLITE, table, column)), SQLITE)]
                }
                (Step::CreateIndex { table, index }, Half::Comes) => vec![create_index(SQLITE, table, index)],
                (Step::DropColumn { table, column }, Half::Goes) => {
                    let mut statements = touch::remove(SQLITE, &only(table, column));
                    statements.push(sql!(alter(table).drop_column(Alias::new(&column.name)), SQLITE));
                    statements
                }
                _ => continue,
            };
            groups.push((step.describe(), statements));
        }
        groups
    }
}

/// An empty table in place of a dropped one, with the keys that the tables after it refer to; `None` where they do not.
fn stand_in(table: &TableShape, after: &[&TableShape]) -> Option<String> {
    let references = after.iter().flat_map(|table| &table.foreign_keys);
    let keys: BTreeSet<&[String]> =
        references.filter(|to| to.table == table.name).map(|to| to.references.as_slice()).collect();
    let columns: BTreeSet<&String> = keys.iter().copied().flatten().collect();
    let unique = keys.iter().map(|key| format!("UNIQUE ({})", quote_all(SQLITE, *key)));
    let parts: Vec<String> = columns.into_iter().map(|column| quote(SQLITE, column)).chain(unique).collect();
    (!keys.is_empty()).then(|| format!("CREATE TABLE {} ({})", quote(SQLITE, &table.name), parts.join(", ")))
}

fn drop_index(name: &str) -> String {
    sql!(IndexStatement::drop().name(name), SQLITE)
}

/// What comes before tables are rebuilt, and what goes after.
#[derive(Clone, Copy)]
enum Half {
    Comes,
    Goes,
}

/// The statement that puts the rows of the old table into the new one under its interim name.
fn fill(old: &TableShape, new: &TableShape, interim: &Interim) -> Option<String> {
    let kept: Vec<&ColumnShape> = new.columns.iter().filter(|column| old.column(&column.name).is_some()).collect();
    let value = |column: &&ColumnShape| {
        let name = quote(SQLITE, &column.name);
        let was_nullable = old.column(&column.name).is_some_and(|old| old.nullable);
        match default_of(SQLITE, column).filter(|_| was_nullable && !column.nullable) {
            Some(default) => format!("COALESCE({name}, {default})"),
            None => name,
        }
    };
    (!kept.is_empty()).then(|| {
        format!(
            "INSERT INTO {} ({})\nSELECT {}\nFROM {}",
            quote(SQLITE, &interim.name(&new.name)),
            quote_all(SQLITE, kept.iter().map(|column| &column.name)),
            kept.iter().map(value).collect::<Vec<_>>().join(", "),
            quote(SQLITE, &old.name),
        )
    })
}

/// The table with its references to rebuilt tables under their interim names; renaming those renames the references.
fn moved(table: &TableShape, rebuilt: &[&str], interim: &Interim) -> TableShape {
    let mut moved = table.clone();
    for foreign_key in &mut moved.foreign_keys {
        if rebuilt.contains(&foreign_key.table.as_str()) {
            foreign_key.table = interim.name(&foreign_key.table);
        }
    }
    moved
}

/// The names of tables and indexes until the old ones are gone.
struct Interim {
    prefix: String,
}

impl Interim {
    /// A prefix that makes no name of the database from another one.
    fn of(old: &Shape, new: &Shape) -> Self {
        let tables = || old.tables.iter().chain(&new.tables);
        let names = || tables().flat_map(|table| table.indexes.iter().map(|index| &index.name).chain([&table.name]));
        let taken: HashSet<&String> = names().collect();
        let mut prefix = "new_".to_owned();
        while names().any(|name| taken.contains(&format!("{prefix}{name}"))) {
            prefix.push_str("new_");
        }
        Self { prefix }
    }

    fn name(&self, of: &str) -> String {
        format!("{}{of}", self.prefix)
    }
}

/// Whether a step on a table that stays needs no rebuild.
fn is_native(step: &Step) -> bool {
    match step {
        Step::AddColumn { column, .. } => {
            let constant = column.default.as_ref().is_some_and(|default| *default != DefaultValue::Now);
            !column.on_update_now && (constant || (column.nullable && column.default.is_none()))
        }
        Step::DropColumn { .. }
        | Step::DropIndex { .. }
        | Step::CreateIndex { .. }
        | Step::RenameTable { .. }
        | Step::RenameColumn { .. } => true,
        _ => false,
    }
}
