//! What steps leave of a shape.

use super::{Shape, Step, TableShape};

/// The shape after all steps.
#[must_use]
pub fn apply(steps: &[Step], mut shape: Shape) -> Shape {
    for step in steps {
        apply_step(step, &mut shape);
    }
    shape
}

/// Does one step. What it names must be there, as it is for the steps of [`super::diff`] on the shape they start from.
pub fn apply_step(step: &Step, shape: &mut Shape) {
    match step {
        Step::RenameTable { from, to } => rename_table(shape, from, to),
        Step::RenameColumn { table, from, to } => rename_column(shape, table, from, to),
        Step::DropTable { table } => shape.tables.retain(|other| other.name != table.name),
        Step::CreateTable { table } => shape.tables.push(table.clone()),
        step => {
            if let Some(table) = shape.tables.iter_mut().find(|table| table.name == step.table()) {
                change_table(step, table);
            }
        }
    }
}

fn change_table(step: &Step, table: &mut TableShape) {
    match step {
        Step::DropForeignKey { foreign_key, .. } => table.foreign_keys.retain(|other| other.name != foreign_key.name),
        Step::DropIndex { index, .. } => table.indexes.retain(|other| other.name != index.name),
        Step::DropPrimaryKey { .. } => table.primary_key.clear(),
        Step::DropColumn { column, .. } => table.columns.retain(|other| other.name != column.name),
        Step::AddColumn { column, .. } => table.columns.push(column.clone()),
        Step::ChangeColumn { to, .. } => {
            if let Some(column) = table.columns.iter_mut().find(|column| column.name == to.name) {
                *column = to.clone();
            }
        }
        Step::AddPrimaryKey { columns, .. } => table.primary_key.clone_from(columns),
        Step::CreateIndex { index, .. } => table.indexes.push(index.clone()),
        Step::AddForeignKey { foreign_key, .. } => table.foreign_keys.push(foreign_key.clone()),
        Step::RenameTable { .. } | Step::RenameColumn { .. } | Step::DropTable { .. } | Step::CreateTable { .. } => {}
    }
}

fn rename_table(shape: &mut Shape, from: &str, to: &str) {
    for table in &mut shape.tables {
        if table.name == from {
            to.clone_into(&mut table.name);
        }
        for foreign_key in table.foreign_keys.iter_mut().filter(|foreign_key| foreign_key.table == from) {
            to.clone_into(&mut foreign_key.table);
        }
    }
}

fn rename_column(shape: &mut Shape, changed: &str, from: &str, to: &str) {
    let rename = |columns: &mut Vec<String>| {
        for column in columns.iter_mut().filter(|column| *column == from) {
            to.clone_into(column);
        }
    };
    for table in &mut shape.tables {
        let is_changed = table.name == changed;
        for foreign_key in &mut table.foreign_keys {
            if is_changed {
                rename(&mut foreign_key.columns);
            }
            if foreign_key.table == changed {
                rename(&mut foreign_key.references);
            }
        }
        if is_changed {
            rename(&mut table.primary_key);
            table.indexes.iter_mut().for_each(|index| rename(&mut index.columns));
            for column in table.columns.iter_mut().filter(|column| column.name == from) {
                to.clone_into(&mut column.name);
            }
        }
    }
}
