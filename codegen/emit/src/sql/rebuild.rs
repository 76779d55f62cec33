//! Migrations on SQLite, which can add, drop and rename columns and nothing else: other changes rebuild the table.
//!
//! With foreign keys on, as they always are on Cloudflare D1, dropping a table deletes its rows, and with them the rows
//! that refer to it. So the tables that refer to a rebuilt one are rebuilt with it: new tables that refer to each other
//! are filled, the old ones dropped from the referring end, and the new ones take their names.

use pricebook_model::lock::Schema;
use pricebook_model::migrate::{ColumnShape, Shape, Step, TableShape, apply, with_column_order};
use pricebook_model::schema::DefaultValue;
use pricebook_types::Dialect;
use sea_query::{Alias, Index as IndexStatement, Table};

use super::ddl::{alter, column_def, create_index, create_table_only, quote, quote_all, sql};
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
    let migration = Migration { old: shape, new: target, described_by: to, steps };
    let rebuilt = migration.rebuilt();
    groups.extend(migration.indexes_that_go(&rebuilt));
    groups.extend(migration.tables_that_come());
    if !rebuilt.is_empty() {
        groups.push((format!("rebuild {}", rebuilt.join(", ")), migration.rebuild(&rebuilt)));
    }
    groups.extend(migration.the_rest(&rebuilt));
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

    /// Names of indexes are one family in the whole database, so that those that go make room first.
    fn indexes_that_go(&self, rebuilt: &[&str]) -> Vec<(String, Vec<String>)> {
        let drop = |name: &str| sql!(IndexStatement::drop().name(name), SQLITE);
        let mut groups = Vec::new();
        for table in &self.old.tables {
            let all_go = rebuilt.contains(&table.name.as_str()) || self.new.table(&table.name).is_none();
            let goes = |name: &str| {
                let drops = |step: &Step| matches!(step, Step::DropIndex { index, .. } if index.name == name);
                all_go || self.steps.iter().any(|step| step.table() == table.name && drops(step))
            };
            let gone: Vec<_> =
                table.indexes.iter().filter(|index| goes(&index.name)).map(|index| drop(&index.name)).collect();
            if !gone.is_empty() {
                groups.push((format!("drop indexes of {}", table.name), gone));
            }
        }
        groups
    }

    fn tables_that_come(&self) -> Vec<(String, Vec<String>)> {
        let is_new = |table: &&TableShape| self.old.table(&table.name).is_none();
        let group = |table: &TableShape| {
            // References in circles need not wait here: a table may refer to one that comes later.
            let mut statements = vec![create_table_only(SQLITE, table, &table.name, self.described_by)];
            statements.extend(table.indexes.iter().map(|index| create_index(SQLITE, &table.name, index)));
            statements.extend(touch::create(SQLITE, table));
            (format!("create table {}", table.name), statements)
        };
        self.new.tables.iter().filter(is_new).map(group).collect()
    }

    fn rebuild(&self, rebuilt: &[&str]) -> Vec<String> {
        let mut statements = Vec::new();
        for (old, new) in rebuilt.iter().filter_map(|name| Some((self.old.table(name)?, self.new.table(name)?))) {
            statements.extend(self.filled(old, new, rebuilt));
        }
        statements.extend(rebuilt.iter().rev().map(|name| drop_table(SQLITE, name)));
        for table in rebuilt.iter().filter_map(|name| self.new.table(name)) {
            let (from, to) = (Alias::new(interim(&table.name)), Alias::new(&table.name));
            statements.push(sql!(Table::rename().table(from, to), SQLITE));
            statements.extend(touch::create(SQLITE, table));
        }
        statements
    }

    /// The new table under its interim name, with the rows of the old one.
    fn filled(&self, old: &TableShape, new: &TableShape, rebuilt: &[&str]) -> Vec<String> {
        let mut moved = new.clone();
        for foreign_key in &mut moved.foreign_keys {
            if rebuilt.contains(&foreign_key.table.as_str()) {
                foreign_key.table = interim(&foreign_key.table);
            }
        }
        let named = interim(&new.name);
        let kept: Vec<&ColumnShape> = new.columns.iter().filter(|column| old.column(&column.name).is_some()).collect();
        let value = |column: &&ColumnShape| {
            let name = quote(SQLITE, &column.name);
            let was_nullable = old.column(&column.name).is_some_and(|old| old.nullable);
            match default_of(SQLITE, column).filter(|_| was_nullable && !column.nullable) {
                Some(default) => format!("COALESCE({name}, {default})"),
                None => name,
            }
        };
        let values: Vec<_> = kept.iter().map(value).collect();
        let mut statements = vec![create_table_only(SQLITE, &moved, &named, self.described_by)];
        if !kept.is_empty() {
            statements.push(format!(
                "INSERT INTO {} ({})\nSELECT {}\nFROM {}",
                quote(SQLITE, &named),
                quote_all(SQLITE, kept.iter().map(|column| &column.name)),
                values.join(", "),
                quote(SQLITE, &old.name),
            ));
        }
        statements.extend(new.indexes.iter().map(|index| create_index(SQLITE, &named, index)));
        statements
    }

    /// What SQLite can do by itself, and the tables that go, which nothing refers to by now.
    fn the_rest(&self, rebuilt: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut groups = Vec::new();
        for step in self.steps.iter().filter(|step| !rebuilt.contains(&step.table())) {
            let statements = match step {
                Step::DropTable { table } => vec![drop_table(SQLITE, &table.name)],
                Step::DropColumn { table, column } => {
                    let mut statements = touch::remove(SQLITE, &only(table, column));
                    statements.push(sql!(alter(table).drop_column(Alias::new(&column.name)), SQLITE));
                    statements
                }
                Step::AddColumn { table, column } => {
                    vec![sql!(alter(table).add_column(column_def(SQLITE, table, column)), SQLITE)]
                }
                Step::CreateIndex { table, index } => vec![create_index(SQLITE, table, index)],
                _ => continue,
            };
            groups.push((step.describe(), statements));
        }
        groups
    }
}

/// The name of a table until the old one is gone.
fn interim(table: &str) -> String {
    format!("new_{table}")
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
