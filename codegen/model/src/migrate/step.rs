//! One step of a migration.

use crate::schema::{ForeignKey, Index};

use super::{ColumnShape, TableShape};

/// One step of a migration. The order of the variants is the order in which steps are executed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what the variant's name says")]
pub enum Step {
    /// Renames come first, so that everything after them uses the new names only.
    RenameTable { from: String, to: String },
    /// `table` is the table's new name.
    RenameColumn { table: String, from: String, to: String },
    /// Before the keys, columns and tables that it refers to change or go.
    DropForeignKey { table: String, foreign_key: ForeignKey },
    /// Before its columns go, and before another table takes its name.
    DropIndex { table: String, index: Index },
    /// Before its columns go.
    DropPrimaryKey { table: String, columns: Vec<String> },
    /// After the references to it are gone.
    DropTable { table: TableShape },
    /// After indexes and keys that contain it are gone.
    DropColumn { table: String, column: ColumnShape },
    /// With its primary key and indexes, and those references whose tables exist by then.
    CreateTable { table: TableShape },
    /// Before the keys and indexes that contain it are made.
    AddColumn { table: String, column: ColumnShape },
    /// While nothing refers to it.
    ChangeColumn { table: String, from: ColumnShape, to: ColumnShape },
    /// When its columns are there and NOT NULL.
    AddPrimaryKey { table: String, columns: Vec<String> },
    /// When its columns are there, and before the references that need it.
    CreateIndex { table: String, index: Index },
    /// Last: both sides and the key that it refers to are there.
    AddForeignKey { table: String, foreign_key: ForeignKey },
}

impl Step {
    /// The table that is changed, by the name that it has after the step.
    pub fn table(&self) -> &str {
        match self {
            Self::RenameTable { to, .. } => to,
            Self::DropTable { table } | Self::CreateTable { table } => &table.name,
            Self::RenameColumn { table, .. }
            | Self::DropForeignKey { table, .. }
            | Self::DropIndex { table, .. }
            | Self::DropPrimaryKey { table, .. }
            | Self::DropColumn { table, .. }
            | Self::AddColumn { table, .. }
            | Self::ChangeColumn { table, .. }
            | Self::AddPrimaryKey { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::AddForeignKey { table, .. } => table,
        }
    }

    /// What it does, in words.
    pub fn describe(&self) -> String {
        match self {
            Self::RenameTable { from, to } => format!("rename table {from} to {to}"),
            Self::RenameColumn { table, from, to } => format!("rename column {table}.{from} to {to}"),
            Self::DropForeignKey { table, foreign_key } => format!("drop reference {} of {table}", foreign_key.name),
            Self::DropIndex { table, index } => format!("drop index {} of {table}", index.name),
            Self::DropPrimaryKey { table, .. } => format!("drop the primary key of {table}"),
            Self::DropTable { table } => format!("drop table {}", table.name),
            Self::DropColumn { table, column } => format!("drop column {table}.{}", column.name),
            Self::CreateTable { table } => format!("create table {}", table.name),
            Self::AddColumn { table, column } => format!("add column {table}.{}", column.name),
            Self::ChangeColumn { table, from, to } => {
                format!("change column {table}.{}: {} → {}", to.name, from.words(), to.words())
            }
            Self::AddPrimaryKey { table, columns } => {
                format!("make ({}) the primary key of {table}", columns.join(", "))
            }
            Self::CreateIndex { table, index } => format!("create index {} of {table}", index.name),
            Self::AddForeignKey { table, foreign_key } => format!("add reference {} of {table}", foreign_key.name),
        }
    }

    /// The place in the order of execution.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::RenameTable { .. } => 0,
            Self::RenameColumn { .. } => 1,
            Self::DropForeignKey { .. } => 2,
            Self::DropIndex { .. } => 3,
            Self::DropPrimaryKey { .. } => 4,
            Self::DropTable { .. } => 5,
            Self::DropColumn { .. } => 6,
            Self::CreateTable { .. } => 7,
            Self::AddColumn { .. } => 8,
            Self::ChangeColumn { .. } => 9,
            Self::AddPrimaryKey { .. } => 10,
            Self::CreateIndex { .. } => 11,
            Self::AddForeignKey { .. } => 12,
        }
    }
}
