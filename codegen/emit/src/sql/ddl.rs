//! Tables, columns, keys and indexes as statements of a dialect, printed by sea-query and broken into lines.

use pricebook_model::lock::Schema;
use pricebook_model::lower::names::of_constraint;
use pricebook_model::migrate::{ColumnShape, TableShape};
use pricebook_model::schema::{ForeignKey, Index, OnDelete};
use pricebook_types::Dialect;
use sea_query::{
    Alias, ColumnDef, Expr, ForeignKeyAction, ForeignKeyCreateStatement, IndexCreateStatement, Table,
    TableAlterStatement, TableCreateStatement, TableForeignKey,
};

use super::layout::{list, wrap};
use super::touch;
use super::types::{check_of, default_of, type_of};

/// Prints a sea-query statement in a dialect.
macro_rules! sql {
    ($statement:expr, $dialect:expr) => {
        match $dialect {
            Dialect::Sqlite => $statement.to_string(sea_query::SqliteQueryBuilder),
            Dialect::Postgres => $statement.to_string(sea_query::PostgresQueryBuilder),
            Dialect::Mysql => $statement.to_string(sea_query::MysqlQueryBuilder),
        }
    };
}
pub(super) use sql;

/// A table with its keys, indexes and triggers, each statement on its own; the first carries the descriptions.
pub(super) fn create_table(dialect: Dialect, table: &TableShape, described_by: &Schema) -> Vec<String> {
    // PostgreSQL wants the unique index that a table's reference to itself needs before the reference.
    let waits = |foreign_key: &&ForeignKey| {
        dialect == Dialect::Postgres && foreign_key.table == table.name && foreign_key.references != table.primary_key
    };
    let mut first = table.clone();
    first.foreign_keys.retain(|foreign_key| !waits(&foreign_key));
    let mut statements = vec![create_table_only(dialect, &first, &table.name, described_by)];
    if dialect != Dialect::Mysql {
        statements.extend(table.indexes.iter().map(|index| create_index(dialect, &table.name, index)));
    }
    let later = table.foreign_keys.iter().filter(waits);
    statements.extend(later.map(|foreign_key| {
        sql!(alter(&table.name).add_foreign_key(&table_foreign_key(&table.name, foreign_key)), dialect)
    }));
    statements.extend(touch::create(dialect, table));
    statements
}

/// The table alone, under a name that may be another than its own.
pub(super) fn create_table_only(dialect: Dialect, table: &TableShape, named: &str, described_by: &Schema) -> String {
    let mut create = Table::create();
    create.table(Alias::new(named));
    for column in &table.columns {
        create.col(column_def(dialect, &table.name, column));
    }
    create.primary_key(&mut primary_key(dialect, table));
    if dialect == Dialect::Mysql {
        mysql_keys(&mut create, table);
        create.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
    }
    for foreign_key in &table.foreign_keys {
        create.foreign_key(&mut foreign_key_def(&table.name, foreign_key));
    }
    let declared = described_by.tables.iter().find(|declared| declared.name == table.name);
    let comment = |column: &ColumnShape| {
        declared.and_then(|declared| declared.column(&column.name)).map(|column| wrap(&column.description))
    };
    let comments: Vec<_> = table.columns.iter().map(|column| comment(column).unwrap_or_default()).collect();
    let above = declared.map(|declared| wrap(&declared.description)).unwrap_or_default();
    let above: String = above.iter().map(|line| format!("-- {line}\n")).collect();
    above + &list(&sql!(create, dialect), &comments)
}

/// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
pub(super) fn column_def(dialect: Dialect, table: &str, column: &ColumnShape) -> ColumnDef {
    let mut def = ColumnDef::new(Alias::new(&column.name));
    def.custom(Alias::new(type_of(dialect, &column.ty)));
    if !column.nullable {
        def.not_null();
    }
    if let Some(check) = check_of(dialect, column) {
        let check = Expr::cust(check);
        // PostgreSQL's has a name, by which a migration can replace it.
        match dialect {
            Dialect::Postgres => def.check((Alias::new(check_name(table, &column.name)), check)),
            _ => def.check(check),
        };
    }
    let mut extra: Vec<String> =
        default_of(dialect, column).map(|default| format!("DEFAULT {default}")).into_iter().collect();
    if column.on_update_now && dialect == Dialect::Mysql {
        extra.push("ON UPDATE CURRENT_TIMESTAMP(6)".to_owned());
    }
    if !extra.is_empty() {
        def.extra(extra.join(" "));
    }
    def
}

/// The name of a column's check.
pub(super) fn check_name(table: &str, column: &str) -> String {
    of_constraint("chk", table, column)
}

/// The name of a table's primary key where it has one.
pub(super) fn primary_key_name(table: &str) -> String {
    of_constraint("pk", table, "")
}

fn primary_key(dialect: Dialect, table: &TableShape) -> IndexCreateStatement {
    let mut key = IndexCreateStatement::new();
    if dialect == Dialect::Postgres {
        key.name(primary_key_name(&table.name));
    }
    for column in &table.primary_key {
        key.col(Alias::new(column));
    }
    key
}

fn mysql_keys(create: &mut TableCreateStatement, table: &TableShape) {
    for index in mysql_indexes(table) {
        create.index(&mut index_def(&table.name, &index));
    }
}

/// The indexes that MySQL keeps: it wants one for each reference and makes it by itself where there is none, and drops
/// it again by itself where another one serves. Made by name, they are the same in every history.
pub(super) fn mysql_indexes(table: &TableShape) -> Vec<Index> {
    let mut indexes = table.indexes.clone();
    for foreign_key in &table.foreign_keys {
        let serves = |columns: &[String]| columns.starts_with(&foreign_key.columns);
        if !serves(&table.primary_key) && !indexes.iter().any(|index| serves(&index.columns)) {
            let (name, columns) = (foreign_key.name.clone(), foreign_key.columns.clone());
            indexes.push(Index { name, columns, unique: false });
        }
    }
    indexes
}

fn index_def(table: &str, index: &Index) -> IndexCreateStatement {
    let mut def = IndexCreateStatement::new();
    def.name(&index.name).table(Alias::new(table));
    if index.unique {
        def.unique();
    }
    for column in &index.columns {
        def.col(Alias::new(column));
    }
    def
}

/// An index of a table that exists.
pub(super) fn create_index(dialect: Dialect, table: &str, index: &Index) -> String {
    sql!(index_def(table, index), dialect)
}

fn foreign_key_def(table: &str, foreign_key: &ForeignKey) -> ForeignKeyCreateStatement {
    let mut def = ForeignKeyCreateStatement::new();
    def.name(&foreign_key.name).from_tbl(Alias::new(table)).to_tbl(Alias::new(&foreign_key.table));
    foreign_key.columns.iter().for_each(|column| {
        def.from_col(Alias::new(column));
    });
    foreign_key.references.iter().for_each(|column| {
        def.to_col(Alias::new(column));
    });
    def.on_delete(match foreign_key.on_delete {
        OnDelete::Restrict => ForeignKeyAction::Restrict,
        OnDelete::Cascade => ForeignKeyAction::Cascade,
        OnDelete::SetNull => ForeignKeyAction::SetNull,
    });
    def
}

/// A reference as `ALTER TABLE` takes it.
pub(super) fn table_foreign_key(table: &str, foreign_key: &ForeignKey) -> TableForeignKey {
    foreign_key_def(table, foreign_key).get_foreign_key().clone()
}

/// `ALTER TABLE table`.
pub(super) fn alter(table: &str) -> TableAlterStatement {
    Table::alter().table(Alias::new(table)).to_owned()
}

/// A quoted name.
pub(super) fn quote(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Mysql => format!("`{}`", name.replace('`', "``")),
        Dialect::Sqlite | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Quoted names, separated by commas.
pub(super) fn quote_all<'a>(dialect: Dialect, names: impl IntoIterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| quote(dialect, name)).collect();
    names.join(", ")
}
