//! The steps from one schema to another.

use crate::lock::Schema;
use crate::schema::{ForeignKey, Index};

use super::order::{before, column_before};
use super::{Shape, Step, TableShape, apply, with_column_order};

/// The steps that make `from` into `to`, in the order of their execution.
///
/// Columns of tables that exist keep their order and new ones come last, whatever the order in `to`.
pub fn diff(from: &Schema, to: &Schema) -> Vec<Step> {
    let mut steps = renames(from, to);
    let old = apply(&steps, Shape::of(from));
    let new = Shape::of(&with_column_order(to.clone(), from));
    for table in &old.tables {
        match new.table(&table.name) {
            Some(changed) => steps.extend(columns_and_keys(table, changed)),
            None => steps.push(Step::DropTable { table: table.clone() }),
        }
    }
    steps.extend(references(&old, &new));
    steps.extend(creations(&old, &new));
    steps.sort_by_key(Step::rank);
    steps
}

fn renames(from: &Schema, to: &Schema) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in &to.tables {
        let Some(old) = before(table, &from.tables, &to.tables) else { continue };
        if old.name != table.name {
            steps.push(Step::RenameTable { from: old.name.clone(), to: table.name.clone() });
        }
        for column in &table.columns {
            if let Some(old) = column_before(column, &old.columns, &table.columns)
                && old.name != column.name
            {
                let (from, to) = (old.name.clone(), column.name.clone());
                steps.push(Step::RenameColumn { table: table.name.clone(), from, to });
            }
        }
    }
    steps.sort_by_key(Step::rank);
    steps
}

fn columns_and_keys(old: &TableShape, new: &TableShape) -> Vec<Step> {
    let table = || old.name.clone();
    let mut steps = Vec::new();
    for column in &old.columns {
        match new.column(&column.name) {
            None => steps.push(Step::DropColumn { table: table(), column: column.clone() }),
            Some(to) if to != column => {
                steps.push(Step::ChangeColumn { table: table(), from: column.clone(), to: to.clone() });
            }
            Some(_) => {}
        }
    }
    let added = new.columns.iter().filter(|column| old.column(&column.name).is_none());
    steps.extend(added.map(|column| Step::AddColumn { table: table(), column: column.clone() }));
    if old.primary_key != new.primary_key {
        steps.push(Step::DropPrimaryKey { table: table(), columns: old.primary_key.clone() });
        steps.push(Step::AddPrimaryKey { table: table(), columns: new.primary_key.clone() });
    }
    let gone = old.indexes.iter().filter(|index| !new.indexes.contains(index));
    steps.extend(gone.map(|index| Step::DropIndex { table: table(), index: index.clone() }));
    let made = new.indexes.iter().filter(|index| !old.indexes.contains(index));
    steps.extend(made.map(|index| Step::CreateIndex { table: table(), index: index.clone() }));
    steps
}

/// References that change, or that must make way because a key or column under them changes.
fn references(old: &Shape, new: &Shape) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in &old.tables {
        for foreign_key in &table.foreign_keys {
            let kept = new.table(&table.name).filter(|new| new.foreign_keys.contains(foreign_key));
            if kept.is_none() || is_disturbed(table, foreign_key, old, new) {
                let (table, foreign_key) = (table.name.clone(), foreign_key.clone());
                steps.push(Step::DropForeignKey { table, foreign_key });
            }
        }
    }
    let is_dropped = |table: &str, foreign_key: &ForeignKey| {
        let drops = |step: &Step| matches!(step, Step::DropForeignKey { table: of, foreign_key: dropped } if of == table && dropped.name == foreign_key.name);
        steps.iter().any(drops)
    };
    let mut added = Vec::new();
    for table in new.tables.iter().filter(|table| old.table(&table.name).is_some()) {
        for foreign_key in &table.foreign_keys {
            let stays = old.table(&table.name).is_some_and(|old| old.foreign_keys.contains(foreign_key));
            if !stays || is_dropped(&table.name, foreign_key) {
                added.push(Step::AddForeignKey { table: table.name.clone(), foreign_key: foreign_key.clone() });
            }
        }
    }
    steps.extend(added);
    steps
}

/// Whether a column on either side, or the key that is referred to, changes under a reference that stays.
fn is_disturbed(table: &TableShape, foreign_key: &ForeignKey, old: &Shape, new: &Shape) -> bool {
    let column_changes = |table: &str, column: &String| {
        let column_of = |shape: &Shape| shape.table(table).and_then(|table| table.column(column).cloned());
        column_of(old) != column_of(new)
    };
    let key_changes = || {
        let key_of = |shape: &Shape| {
            let table = shape.table(&foreign_key.table)?;
            let is_key = |index: &&Index| index.unique && index.columns == foreign_key.references;
            Some((table.primary_key.clone(), table.indexes.iter().find(is_key).cloned()))
        };
        key_of(old) != key_of(new)
    };
    foreign_key.columns.iter().any(|column| column_changes(&table.name, column))
        || foreign_key.references.iter().any(|column| column_changes(&foreign_key.table, column))
        || key_changes()
}

/// New tables, with the references to tables that are there by then; the others, which go in circles or need an index
/// that is made later, follow.
fn creations(old: &Shape, new: &Shape) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut late = Vec::new();
    let mut there: Vec<&str> = Vec::new();
    for table in new.tables.iter().filter(|table| old.table(&table.name).is_none()) {
        there.push(&table.name);
        let is_new = |name: &str| old.table(name).is_none() && new.table(name).is_some();
        let can_wait = |foreign_key: &ForeignKey| match new.table(&foreign_key.table) {
            // Another stream's table, which was migrated before.
            None => false,
            Some(target) if is_new(&target.name) => !there.contains(&target.name.as_str()),
            Some(target) => old.table(&target.name).is_some_and(|before| before != target),
        };
        let (later, now) = table.foreign_keys.iter().cloned().partition(can_wait);
        steps.push(Step::CreateTable { table: TableShape { foreign_keys: now, ..table.clone() } });
        let later: Vec<ForeignKey> = later;
        late.extend(
            later.into_iter().map(|foreign_key| Step::AddForeignKey { table: table.name.clone(), foreign_key }),
        );
    }
    steps.extend(late);
    steps
}
