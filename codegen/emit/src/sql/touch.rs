//! Templates of what moves `updated_at`: triggers on SQLite and PostgreSQL. MySQL has `ON UPDATE` at the column.
//!
//! An update that sets the column itself is left as it is. On MySQL an update that changes nothing does not count.

use pricebook_model::lower::names::of_constraint;
use pricebook_model::migrate::TableShape;
use pricebook_types::Dialect;

use super::ddl::quote;

/// The statements that make a table's triggers.
pub(super) fn create(dialect: Dialect, table: &TableShape) -> Vec<String> {
    columns(table)
        .flat_map(|column| match dialect {
            Dialect::Sqlite => vec![sqlite(table, column)],
            Dialect::Postgres => postgres(table, column),
            Dialect::Mysql => Vec::new(),
        })
        .collect()
}

/// The statements that take them away, by the names that they have for the table of this name.
pub(super) fn remove(dialect: Dialect, table: &TableShape) -> Vec<String> {
    columns(table)
        .flat_map(|column| {
            let trigger = quote(dialect, &trigger_name(&table.name, column));
            let table = quote(dialect, &table.name);
            match dialect {
                Dialect::Sqlite => vec![format!("DROP TRIGGER {trigger}")],
                Dialect::Postgres => {
                    vec![format!("DROP TRIGGER {trigger} ON {table}"), format!("DROP FUNCTION {trigger}()")]
                }
                Dialect::Mysql => Vec::new(),
            }
        })
        .collect()
}

fn columns(table: &TableShape) -> impl Iterator<Item = &String> {
    table.columns.iter().filter(|column| column.on_update_now).map(|column| &column.name)
}

/// The name of the trigger that moves a column.
pub(super) fn trigger_name(table: &str, column: &str) -> String {
    of_constraint("touch", table, column)
}

fn sqlite(table: &TableShape, column: &str) -> String {
    let quote = |name: &str| quote(Dialect::Sqlite, name);
    let trigger = quote(&trigger_name(&table.name, column));
    let key: Vec<_> = table.primary_key.iter().map(|key| format!("{0} = NEW.{0}", quote(key))).collect();
    format!(
        "CREATE TRIGGER {trigger} AFTER UPDATE ON {table} FOR EACH ROW\n\
         WHEN NEW.{column} IS OLD.{column}\n\
         BEGIN\n  UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE {key};\nEND",
        table = quote(&table.name),
        column = quote(column),
        key = key.join(" AND "),
    )
}

fn postgres(table: &TableShape, column: &str) -> Vec<String> {
    let quote = |name: &str| quote(Dialect::Postgres, name);
    let trigger = quote(&trigger_name(&table.name, column));
    let (table, column) = (quote(&table.name), quote(column));
    vec![
        format!(
            "CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  \
             IF NEW.{column} IS NOT DISTINCT FROM OLD.{column} THEN\n    \
             NEW.{column} := clock_timestamp();\n  END IF;\n  RETURN NEW;\nEND\n$$"
        ),
        format!("CREATE TRIGGER {trigger} BEFORE UPDATE ON {table}\nFOR EACH ROW EXECUTE FUNCTION {trigger}()"),
    ]
}
