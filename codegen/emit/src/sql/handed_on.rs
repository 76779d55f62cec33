//! Columns of which no two rows have the same, and whose values pass from one product to another: two that swap their names,
//! a product under another id, a new one with the name of one that is retired.
//!
//! A database looks at such a column row by row. So every row that is to lose its value has none before any row gets it.

use pricebook_model::catalog::{ColumnSource, Kind};
use pricebook_model::schema::{Column, Table};
use pricebook_types::Dialect;

use super::ddl::quote;
use super::expected::Expected;
use super::rows::{Row, Rows};
use super::upsert::Statement;
use super::verify::{differs, joined};

/// These columns of a kind's table. That they allow NULL is a rule of the model.
pub(super) fn handed_on<'a>(table: &'a Table, kind: &Kind) -> Vec<&'a Column> {
    let filled = table.columns.iter().zip(&kind.sources).filter(|(_, source)| **source != ColumnSource::Default);
    filled.map(|(column, _)| column).filter(|column| column.nullable && is_unique(table, column)).collect()
}

/// Whether no two rows have the same in this column, whatever stands in others.
pub(super) fn is_unique(table: &Table, column: &Column) -> bool {
    table.indexes.iter().any(|index| index.unique && index.columns == [column.name.as_str()])
}

/// The statements that take its value from each row of the catalog that is to have another one.
pub(super) fn write(out: &mut String, dialect: Dialect, rows: &Rows<'_>) {
    for (at, column) in rows.columns.iter().enumerate() {
        if column.nullable && is_unique(rows.table, column) {
            free(out, dialect, rows, at);
        }
    }
}

fn free(out: &mut String, dialect: Dialect, rows: &Rows<'_>, at: usize) {
    let positions = [rows.key(), vec![at]].concat();
    let with_value =
        Rows { table: rows.table, columns: positions.iter().map(|&at| rows.columns[at]).collect(), rows: Vec::new() };
    let expected = Expected::of(dialect, &with_value);
    let (head, tail) = frame(&expected);
    let separator = if dialect == Dialect::Mysql { " UNION ALL\n" } else { ",\n" };
    let mut statement = Statement::new(out, &head, &tail, separator);
    for row in &rows.rows {
        let cells = positions.iter().map(|&at| row.cells[at].clone()).collect();
        statement.row(|out| expected.write(out, &Row { comment: String::new(), cells }));
    }
    statement.end();
}

fn frame(expected: &Expected<'_>) -> (String, String) {
    let (dialect, rows) = (expected.dialect, expected.rows);
    let quoted = |name: &str| quote(dialect, name);
    let found = |at: usize| format!("a.{}", quoted(&rows.columns[at].name));
    let last = rows.columns.len() - 1;
    let on = expected.key.iter().map(|&at| joined(dialect, rows.columns[at], &expected.value(at), &found(at)));
    let on = on.collect::<Vec<_>>().join(" AND ");
    let (table, column) = (quoted(&rows.table.name), quoted(&rows.columns[last].name));
    let differs = differs(dialect, rows.columns[last], &expected.value(last), &found(last));
    let found = format!("{} IS NOT NULL AND {differs}", found(last));
    let names = rows.columns.iter().map(|column| quoted(&column.name));
    match dialect {
        Dialect::Sqlite => (
            format!("UPDATE {table} AS a SET {column} = NULL\nFROM (VALUES\n"),
            format!("\n) e\nWHERE {on} AND {found};\n"),
        ),
        Dialect::Postgres => (
            format!("UPDATE {table} AS a SET {column} = NULL\nFROM (VALUES\n"),
            format!("\n) AS e ({})\nWHERE {on} AND {found};\n", names.collect::<Vec<_>>().join(", ")),
        ),
        // MariaDB names the columns of a query in `FROM` by its first row only, which is none of the table here.
        Dialect::Mysql => {
            let none: Vec<_> = names.map(|name| format!("NULL AS {name}")).collect();
            (
                format!("UPDATE {table} AS a JOIN (\n  SELECT {} UNION ALL\n", none.join(", ")),
                format!("\n) e ON {on}\nSET a.{column} = NULL\nWHERE {found};\n"),
            )
        }
    }
}
