//! Migrations: from one schema to another as the statements of each dialect, and the files and lock that follow.

use pricebook_model::Catalog;
use pricebook_model::lock::{Lock, LockedMigration, Schema};
use pricebook_model::migrate::{
    ColumnShape, Shape, Step, TableShape, apply_step, base_schema, diff, keep_key_sources, own_schema,
    with_column_order,
};
use pricebook_types::Dialect;
use sea_query::{Alias, Expr, ExprTrait, Index as IndexStatement, Query, Table};
use sha2::{Digest, Sha256};

use super::ddl::{
    alter, check_name, column_def, create_index, create_table, mysql_indexes, primary_key_name, quote, quote_all, sql,
    table_foreign_key,
};
use super::head::{Title, head};
use super::types::{check_of, default_of, type_of};
use super::{rebuild, touch};
use crate::Artifact;
use crate::header::Origin;

/// What `cargo catalog migrate` writes.
#[derive(Clone, Debug)]
pub struct Written {
    /// One file for each dialect.
    pub files: Vec<Artifact>,
    /// The lock with the new schema and migration.
    pub lock: Lock,
}

/// The next migration of the catalog's own tables, from the lock's schema to the catalog's; `None` where they are equal.
///
/// `name` is in snake case. Hazards are the caller's to refuse: [`pricebook_model::migrate::hazards`].
pub fn write_migration(catalog: &Catalog, lock: &Lock, name: &str) -> Option<Written> {
    written(catalog, lock, name, own_schema(catalog), Origin::Catalog)
}

/// The same for the base's tables, which are a stream of their own.
pub fn write_base_migration(catalog: &Catalog, lock: &Lock, name: &str) -> Option<Written> {
    written(catalog, lock, name, base_schema(catalog), Origin::Records)
}

fn written(catalog: &Catalog, lock: &Lock, name: &str, to: Schema, origin: Origin) -> Option<Written> {
    if diff(&lock.schema, &to).is_empty() {
        return None;
    }
    let number = u32::try_from(lock.migrations.len()).ok()? + 1;
    let title = Title::Migration(origin, number, name);
    let text = |dialect| head(catalog, dialect, &title) + &migration(dialect, &lock.schema, &to);
    let texts = Dialect::ALL.map(|dialect| (dialect, text(dialect)));
    let checksums = texts.each_ref().map(|(_, text)| checksum(text));
    let path = |dialect: Dialect| format!("sql/{}/migrations/{number:04}_{name}.sql", dialect.name());
    let files = texts.into_iter().map(|(dialect, text)| Artifact::new(path(dialect), text)).collect();
    let mut lock = lock.clone();
    lock.version = 1;
    let mut schema = with_column_order(to, &lock.schema);
    keep_key_sources(&mut schema, &lock.schema, catalog);
    lock.schema = schema;
    lock.migrations.push(LockedMigration { number, name: name.to_owned(), checksums });
    Some(Written { files, lock })
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statements from one schema to another, as a transaction where the database has transactions for schemas.
pub fn migration(dialect: Dialect, from: &Schema, to: &Schema) -> String {
    let mut out = String::from(match dialect {
        Dialect::Sqlite => "BEGIN TRANSACTION;\n",
        Dialect::Postgres => "BEGIN;\n",
        Dialect::Mysql => {
            "-- MySQL commits every statement by itself: should one fail, mend the cause and run the rest.\n\
             SET NAMES utf8mb4;\nSET time_zone = '+00:00';\n"
        }
    });
    for (comment, statements) in statements_of(dialect, from, to, &diff(from, to)) {
        out.push_str(&format!("\n-- {comment}\n"));
        statements.iter().for_each(|statement| out.push_str(&format!("{statement};\n")));
    }
    out.push_str(if dialect == Dialect::Mysql { "" } else { "\nCOMMIT;\n" });
    out
}

/// What each step does in words, and its statements.
pub(super) fn statements_of(
    dialect: Dialect,
    from: &Schema,
    to: &Schema,
    steps: &[Step],
) -> Vec<(String, Vec<String>)> {
    if dialect == Dialect::Sqlite {
        return rebuild::statements(from, to, steps);
    }
    let mut shape = Shape::of(from);
    let mut groups = Vec::new();
    for step in steps {
        let before = shape.clone();
        apply_step(step, &mut shape);
        let statements = match dialect {
            Dialect::Mysql => mysql(step, &before, &shape, to),
            _ => postgres(step, &before, to),
        };
        if !statements.is_empty() {
            groups.push((step.describe(), statements));
        }
    }
    groups
}

fn postgres(step: &Step, before: &Shape, described_by: &Schema) -> Vec<String> {
    let dialect = Dialect::Postgres;
    let quoted = |name: &str| quote(dialect, name);
    match step {
        Step::RenameTable { from, to } => {
            before.table(from).map(|table| rename_postgres_table(table, to)).unwrap_or_default()
        }
        Step::RenameColumn { table, from, to } => {
            before.table(table).map(|table| rename_postgres_column(table, from, to)).unwrap_or_default()
        }
        Step::DropForeignKey { table, foreign_key } => {
            vec![sql!(alter(table).drop_constraint(Alias::new(&foreign_key.name)), dialect)]
        }
        Step::DropIndex { index, .. } => vec![sql!(IndexStatement::drop().name(&index.name), dialect)],
        Step::DropPrimaryKey { table, .. } => {
            vec![sql!(alter(table).drop_constraint(Alias::new(primary_key_name(table))), dialect)]
        }
        Step::DropTable { table } => with(touch::remove(dialect, table), drop_table(dialect, &table.name)),
        Step::DropColumn { table, column } => {
            let drop = sql!(alter(table).drop_column(Alias::new(&column.name)), dialect);
            with(touch::remove(dialect, &only(table, column)), drop)
        }
        Step::CreateTable { table } => create_table(dialect, table, described_by),
        Step::AddColumn { table, column } => {
            let add = sql!(alter(table).add_column(column_def(dialect, table, column)), dialect);
            [vec![add], touch::create(dialect, &only(table, column))].concat()
        }
        Step::ChangeColumn { table, from, to } => change_postgres_column(table, from, to),
        Step::AddPrimaryKey { table, columns } => vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({})",
            quoted(table),
            quoted(&primary_key_name(table)),
            quote_all(dialect, columns)
        )],
        Step::CreateIndex { table, index } => vec![create_index(dialect, table, index)],
        Step::AddForeignKey { table, foreign_key } => {
            vec![sql!(alter(table).add_foreign_key(&table_foreign_key(table, foreign_key)), dialect)]
        }
    }
}

fn mysql(step: &Step, before: &Shape, after: &Shape, described_by: &Schema) -> Vec<String> {
    let dialect = Dialect::Mysql;
    let own = match step {
        Step::RenameTable { from, to } => {
            vec![sql!(Table::rename().table(Alias::new(from), Alias::new(to)), dialect)]
        }
        Step::RenameColumn { table, from, to } => {
            return vec![sql!(alter(table).rename_column(Alias::new(from), Alias::new(to)), dialect)];
        }
        Step::DropForeignKey { table, foreign_key } => {
            vec![sql!(alter(table).drop_foreign_key(Alias::new(&foreign_key.name)), dialect)]
        }
        Step::DropPrimaryKey { table, .. } => vec![format!("ALTER TABLE {} DROP PRIMARY KEY", quote(dialect, table))],
        Step::DropTable { table } => vec![drop_table(dialect, &table.name)],
        Step::DropColumn { table, column } => {
            vec![sql!(alter(table).drop_column(Alias::new(&column.name)), dialect)]
        }
        Step::CreateTable { table } => create_table(dialect, table, described_by),
        Step::AddColumn { table, column } => {
            vec![sql!(alter(table).add_column(column_def(dialect, table, column)), dialect)]
        }
        Step::ChangeColumn { table, from, to } => {
            let change = |to: &ColumnShape| sql!(alter(table).modify_column(column_def(dialect, table, to)), dialect);
            match fill(dialect, table, from, to) {
                fill if fill.is_empty() => vec![change(to)],
                // The default is a value of the new type, and NOT NULL is for when no row is without.
                fill => [vec![change(&ColumnShape { nullable: true, ..to.clone() })], fill, vec![change(to)]].concat(),
            }
        }
        Step::AddPrimaryKey { table, columns } => {
            vec![format!("ALTER TABLE {} ADD PRIMARY KEY ({})", quote(dialect, table), quote_all(dialect, columns))]
        }
        Step::AddForeignKey { table, foreign_key } => {
            vec![sql!(alter(table).add_foreign_key(&table_foreign_key(table, foreign_key)), dialect)]
        }
        // The indexes are compared below.
        Step::DropIndex { .. } | Step::CreateIndex { .. } => Vec::new(),
    };
    match (before.table(step.table()), after.table(step.table())) {
        (Some(before), Some(after)) => {
            let (made, gone) = mysql_index_changes(before, after);
            [made, own, gone].concat()
        }
        _ => own,
    }
}

/// Indexes that must be there before the step, and those that can go after it.
fn mysql_index_changes(before: &TableShape, after: &TableShape) -> (Vec<String>, Vec<String>) {
    let (old, new) = (mysql_indexes(before), mysql_indexes(after));
    let made = new.iter().filter(|index| !old.contains(index));
    let gone = old.iter().filter(|index| !new.contains(index));
    let drop = |name: &String| sql!(IndexStatement::drop().name(name).table(Alias::new(&after.name)), Dialect::Mysql);
    (
        made.map(|index| create_index(Dialect::Mysql, &after.name, index)).collect(),
        gone.map(|index| drop(&index.name)).collect(),
    )
}

fn with(mut statements: Vec<String>, last: String) -> Vec<String> {
    statements.push(last);
    statements
}

pub(super) fn drop_table(dialect: Dialect, name: &str) -> String {
    sql!(Table::drop().table(Alias::new(name)), dialect)
}

/// A table of this column alone, for its trigger.
pub(super) fn only(table: &str, column: &ColumnShape) -> TableShape {
    TableShape {
        name: table.to_owned(),
        columns: vec![column.clone()],
        primary_key: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
    }
}

fn rename_postgres_table(table: &TableShape, to: &str) -> Vec<String> {
    let dialect = Dialect::Postgres;
    let renamed = TableShape { name: to.to_owned(), ..table.clone() };
    let mut statements = touch::remove(dialect, table);
    statements.push(sql!(Table::rename().table(Alias::new(&table.name), Alias::new(to)), dialect));
    statements.push(rename_constraint(to, &primary_key_name(&table.name), &primary_key_name(to)));
    let checked = table.columns.iter().filter(|column| check_of(dialect, column).is_some());
    statements
        .extend(checked.map(|column| {
            rename_constraint(to, &check_name(&table.name, &column.name), &check_name(to, &column.name))
        }));
    statements.extend(touch::create(dialect, &renamed));
    statements
}

fn rename_postgres_column(table: &TableShape, from: &str, to: &str) -> Vec<String> {
    let dialect = Dialect::Postgres;
    let Some(column) = table.column(from) else { return Vec::new() };
    let renamed = ColumnShape { name: to.to_owned(), ..column.clone() };
    let mut statements = touch::remove(dialect, &only(&table.name, column));
    statements.push(sql!(alter(&table.name).rename_column(Alias::new(from), Alias::new(to)), dialect));
    if check_of(dialect, column).is_some() {
        let (from, to) = (check_name(&table.name, from), check_name(&table.name, to));
        statements.push(rename_constraint(&table.name, &from, &to));
    }
    statements.extend(touch::create(dialect, &only(&table.name, &renamed)));
    statements
}

fn rename_constraint(table: &str, from: &str, to: &str) -> String {
    let quoted = |name: &str| quote(Dialect::Postgres, name);
    format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", quoted(table), quoted(from), quoted(to))
}

fn change_postgres_column(table: &str, from: &ColumnShape, to: &ColumnShape) -> Vec<String> {
    let dialect = Dialect::Postgres;
    let (name, check) = (quote(dialect, &to.name), quote(dialect, &check_name(table, &to.name)));
    let alter = format!("ALTER TABLE {}", quote(dialect, table));
    let (old_check, new_check) = (check_of(dialect, from), check_of(dialect, to));
    let (old_default, new_default) = (default_of(dialect, from), default_of(dialect, to));
    let (old_type, new_type) = (type_of(dialect, &from.ty), type_of(dialect, &to.ty));
    let mut statements = Vec::new();
    if from.on_update_now && !to.on_update_now {
        statements.extend(touch::remove(dialect, &only(table, from)));
    }
    if old_check.is_some() && old_check != new_check {
        statements.push(format!("{alter} DROP CONSTRAINT {check}"));
    }
    // A default of the old type may have no cast to the new one.
    if old_default.is_some() && (old_default != new_default || old_type != new_type) {
        statements.push(format!("{alter} ALTER COLUMN {name} DROP DEFAULT"));
    }
    if old_type != new_type {
        let using = format!("USING CAST(CAST({name} AS TEXT) AS {new_type})");
        statements.push(format!("{alter} ALTER COLUMN {name} TYPE {new_type} {using}"));
    }
    if let Some(default) = new_default.as_ref().filter(|_| old_default != new_default || old_type != new_type) {
        statements.push(format!("{alter} ALTER COLUMN {name} SET DEFAULT {default}"));
    }
    statements.extend(fill(dialect, table, from, to));
    if from.nullable != to.nullable {
        let change = if to.nullable { "DROP" } else { "SET" };
        statements.push(format!("{alter} ALTER COLUMN {name} {change} NOT NULL"));
    }
    if let Some(condition) = new_check.filter(|new| old_check.as_ref() != Some(new)) {
        statements.push(format!("{alter} ADD CONSTRAINT {check} CHECK ({condition})"));
    }
    if to.on_update_now && !from.on_update_now {
        statements.extend(touch::create(dialect, &only(table, to)));
    }
    statements
}

/// Gives rows without a value the default, where a column stops to allow NULL.
fn fill(dialect: Dialect, table: &str, from: &ColumnShape, to: &ColumnShape) -> Vec<String> {
    let Some(default) = default_of(dialect, to).filter(|_| from.nullable && !to.nullable) else { return Vec::new() };
    let mut update = Query::update();
    update.table(Alias::new(table)).value(Alias::new(&to.name), Expr::cust(default));
    vec![sql!(update.and_where(Expr::col(Alias::new(&to.name)).is_null()), dialect)]
}
