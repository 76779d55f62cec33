//! `verify.sql`: queries that return a row for each difference between the rows and the catalog.
//!
//! Expected and actual values meet as text, alike in every dialect: `true`, `1495`, `0.002`, `2027-01-01`.

use pricebook_model::Catalog;
use pricebook_model::schema::{Column, ColumnType};
use pricebook_types::Dialect;

use super::ddl::quote;
use super::expected::{Expected, IN_ARRAY};
use super::head::{Title, head};
use super::layout::flowing;
use super::literal::{self, text_of};
use super::rows::{Cell, Row, Rows};
use super::surplus::{AllSurplus, Becomes, Surplus};
use super::sync::has_state;
use super::upsert::Statement;

/// The file.
pub(super) fn file(catalog: &Catalog, all: &[Rows<'_>], surplus: &AllSurplus<'_>, dialect: Dialect) -> String {
    let mut out = head(catalog, dialect, &Title::Verify);
    if dialect == Dialect::Mysql {
        out.push_str("SET NAMES utf8mb4;\n\n");
    }
    for rows in all {
        table(&mut out, dialect, rows);
    }
    for surplus in surplus.retired.iter().chain(&surplus.stale) {
        out.push_str(&surplus_query(dialect, surplus));
    }
    if has_state(catalog) {
        state(&mut out, catalog, dialect);
    }
    out
}

fn table(out: &mut String, dialect: Dialect, rows: &Rows<'_>) {
    if rows.rows.is_empty() {
        return;
    }
    let expected = Expected::of(dialect, rows);
    let (head, tail) = frame(&expected);
    let separator = if dialect == Dialect::Mysql { " UNION ALL\n" } else { ",\n" };
    let mut statement = Statement::new(out, &head, &tail, separator);
    for row in &rows.rows {
        statement.row(|out| expected.write(out, row));
    }
    statement.end();
}

/// By position; a table of keys alone has no column that could differ.
fn chosen(branches: String) -> String {
    if branches.is_empty() { "NULL".to_owned() } else { format!("CASE p.n{branches}\n  END") }
}

/// What stands before and behind the expected rows. A row that is as expected, as nearly all are, is looked at once: only those that
/// differ meet the positions, whose order in `FROM` SQLite keeps.
fn frame(expected: &Expected<'_>) -> (String, String) {
    let Expected { dialect, rows, key, compared, .. } = expected;
    let quoted = |name: &str| quote(*dialect, name);
    let branch = |when: &str, value: &dyn Fn(usize) -> String| -> String {
        compared.iter().map(|&at| format!("\n    WHEN {when}{} THEN {}", at + 1, value(at))).collect()
    };
    let found = |at: usize| format!("a.{}", quoted(&rows.columns[at].name));
    let differs = |at: usize| differs(*dialect, rows.columns[at], &expected.value(at), &found(at));
    let on: Vec<_> =
        key.iter().map(|&at| joined(*dialect, rows.columns[at], &expected.value(at), &found(at))).collect();
    let row_id: Vec<_> = key.iter().map(|&at| expected.value(at)).collect();
    let is_missing = format!("{} IS NULL", key.first().map_or(String::new(), |&at| found(at)));
    let select = format!(
        "SELECT {table_name} AS table_name, {row_id} AS row_id,\n  \
         {labels} AS column_name,\n  \
         {wanted} AS expected,\n  \
         {actual} AS actual",
        table_name = text_of(*dialect, &rows.table.name),
        row_id = concatenated(*dialect, &row_id),
        labels = chosen(branch("", &|at| text_of(*dialect, &rows.columns[at].name))),
        wanted = chosen(branch("", &|at| expected.value(at))),
        actual = chosen(branch("", &|at| actual(*dialect, rows.columns[at], &found(at)))),
    );
    let any = match dialect {
        Dialect::Sqlite => arrays_differ(expected),
        Dialect::Postgres | Dialect::Mysql => compared.iter().map(|&at| differs(at)).collect(),
    };
    let found = format!(
        "e LEFT JOIN {table} a ON {on} CROSS JOIN {positions} p\n\
         WHERE ({is_missing}{any}\n) AND CASE\n    \
         WHEN {is_missing} THEN p.n = 0\n    WHEN p.n = 0 THEN {never}{differing}\n  END\n\
         ORDER BY row_id, p.n;\n\n",
        table = quoted(&rows.table.name),
        on = on.join(" AND "),
        positions = positions(*dialect, compared),
        any = any.iter().map(|one| format!("\n  OR {one}")).collect::<String>(),
        never = literal::boolean(*dialect, false),
        differing = branch("p.n = ", &differs),
    );
    expected.around(&select, &found)
}

/// The conditions of which one holds where any column of a row is not as expected. Bytes, which no array can hold, never are.
fn arrays_differ(expected: &Expected<'_>) -> Vec<String> {
    let Expected { dialect, rows, compared, .. } = expected;
    let (mut bytes, mut texts) = (Vec::new(), Vec::new());
    for &at in compared {
        let found = format!("a.{}", quote(*dialect, &rows.columns[at].name));
        let actual = actual(*dialect, rows.columns[at], &found);
        let may_be_bytes = actual == found;
        bytes.extend(may_be_bytes.then(|| format!("typeof({found}) = 'blob'")));
        texts.push(if may_be_bytes { format!("CAST({found} AS TEXT)") } else { actual });
    }
    let arrays = expected.arrays().zip(texts.chunks(IN_ARRAY));
    let arrays = arrays.map(|(array, texts)| format!("{array} IS NOT json_array({})", flowing("    ", texts.iter())));
    bytes.into_iter().chain(arrays).collect()
}

/// 0 for the row as a whole, then the 1-based position of each compared column.
fn positions(dialect: Dialect, compared: &[usize]) -> String {
    let all = std::iter::once(0).chain(compared.iter().map(|at| at + 1));
    match dialect {
        // Cloudflare D1 takes only a few `SELECT`s in a `UNION`.
        Dialect::Sqlite => {
            let all: Vec<_> = all.map(|n| format!("({n})")).collect();
            format!("(SELECT column1 AS n FROM (VALUES {}))", all.join(", "))
        }
        Dialect::Postgres | Dialect::Mysql => {
            let all: Vec<_> = all.map(|n| format!("SELECT {n} AS n")).collect();
            format!("({})", all.join(" UNION ALL "))
        }
    }
}

fn concatenated(dialect: Dialect, parts: &[String]) -> String {
    match (dialect, parts) {
        (_, [part]) => part.clone(),
        (Dialect::Mysql, parts) => format!("CONCAT_WS('/', {})", parts.join(", ")),
        (_, parts) => parts.join(" || '/' || "),
    }
}

/// The comparison that finds a row by its key and can use the key's index.
pub(super) fn joined(dialect: Dialect, column: &Column, expected: &str, found: &str) -> String {
    let ty = match (&column.ty, dialect) {
        (ColumnType::Integer, Dialect::Mysql) => "SIGNED",
        (ColumnType::Integer, Dialect::Sqlite) => "INTEGER",
        (ColumnType::Integer, Dialect::Postgres) => "BIGINT",
        (ColumnType::Date, Dialect::Postgres | Dialect::Mysql) => "DATE",
        _ => return format!("{found} = {expected}"),
    };
    format!("{found} = CAST({expected} AS {ty})")
}

/// A column's value as text.
fn actual(dialect: Dialect, column: &Column, name: &str) -> String {
    let text = if dialect == Dialect::Mysql { "CHAR" } else { "TEXT" };
    match (&column.ty, dialect) {
        // Not as CASE: wrangler finds the end of a statement only where blanks follow every END.
        (ColumnType::Boolean, Dialect::Sqlite) => {
            format!("iif({name} = 1, 'true', iif({name} = 0, 'false', nullif(quote({name}), 'NULL')))")
        }
        // Whose booleans are small integers, as SQLite's are any value: 2 is one, too, and no row of ours.
        (ColumnType::Boolean, Dialect::Mysql) => {
            format!("CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE CAST({name} AS CHAR) END")
        }
        (ColumnType::Boolean, Dialect::Postgres) => {
            format!("CASE WHEN {name} THEN 'true' WHEN NOT {name} THEN 'false' END")
        }
        (ColumnType::Integer, _) | (_, Dialect::Mysql | Dialect::Postgres) if !is_special(&column.ty) => {
            format!("CAST({name} AS {text})")
        }
        (ColumnType::Decimal { .. }, Dialect::Postgres) => format!("CAST(trim_scale({name}) AS TEXT)"),
        (ColumnType::Decimal { scale: 1.., .. }, Dialect::Mysql) => {
            format!("TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST({name} AS CHAR)))")
        }
        (ColumnType::Date, Dialect::Postgres) => format!("to_char({name}, 'YYYY-MM-DD')"),
        (_, Dialect::Sqlite) => name.to_owned(),
        _ => format!("CAST({name} AS {text})"),
    }
}

fn is_special(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Decimal { .. } | ColumnType::Date)
}

/// Whether a column is not as expected.
pub(super) fn differs(dialect: Dialect, column: &Column, expected: &str, found: &str) -> String {
    let actual = actual(dialect, column, found);
    match (&column.ty, dialect) {
        // The order of keys and the spaces between them are the database's own.
        (ColumnType::Json, Dialect::Postgres) => format!("CAST({expected} AS JSONB) IS DISTINCT FROM {found}"),
        (ColumnType::Json, Dialect::Mysql) => {
            format!("NOT (JSON_EXTRACT({expected}, '$') <=> JSON_EXTRACT({found}, '$'))")
        }
        (_, Dialect::Sqlite) => format!("{expected} IS NOT {actual}"),
        (_, Dialect::Postgres) => format!("{expected} IS DISTINCT FROM {actual}"),
        // As bytes: every collation of MariaDB takes texts that differ in spaces at their end for equal.
        (_, Dialect::Mysql) => format!("NOT (CAST({expected} AS BINARY) <=> CAST({actual} AS BINARY))"),
    }
}

/// Rows that should not be there, told as `NULL, NULL, <their values>`, or not be for sale: the column that says so is otherwise.
fn surplus_query(dialect: Dialect, surplus: &Surplus<'_>) -> String {
    let text = if dialect == Dialect::Mysql { "CHAR" } else { "TEXT" };
    let key: Vec<_> =
        surplus.table.primary_key.iter().map(|name| format!("CAST({} AS {text})", quote(dialect, name))).collect();
    let name = |column: &Column| text_of(dialect, &column.name);
    let (column, expected, actual) = match surplus.becomes {
        Becomes::Inactive(active) if active.ty == ColumnType::Integer => (name(active), "'0'", "'1'".to_owned()),
        Becomes::Inactive(active) => (name(active), "'false'", "'true'".to_owned()),
        Becomes::Without(column) => (name(column), "NULL", actual(dialect, column, &quote(dialect, &column.name))),
        Becomes::Nothing => ("NULL".to_owned(), "NULL", values(dialect, &surplus.values)),
    };
    format!(
        "SELECT {table_name} AS table_name, {row_id} AS row_id, {column} AS column_name,\n  \
         {expected} AS expected, {actual} AS actual\nFROM {table}\nWHERE {found}\nORDER BY row_id;\n\n",
        table_name = text_of(dialect, &surplus.table.name),
        row_id = concatenated(dialect, &key),
        table = quote(dialect, &surplus.table.name),
        found = surplus.found(dialect),
    )
}

/// `unit_amount 450, is_default true`: what a row holds beside its key.
fn values(dialect: Dialect, columns: &[&Column]) -> String {
    let mut parts = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        let separator = if number == 0 { "" } else { ", " };
        parts.push(text_of(dialect, &format!("{separator}{} ", column.name)));
        parts.push(format!("coalesce({}, 'NULL')", actual(dialect, column, &quote(dialect, &column.name))));
    }
    match (dialect, parts.is_empty()) {
        (_, true) => "''".to_owned(),
        (Dialect::Mysql, _) => format!("CONCAT({})", parts.join(", ")),
        (Dialect::Sqlite | Dialect::Postgres, _) => parts.join(" || "),
    }
}

fn state(out: &mut String, catalog: &Catalog, dialect: Dialect) {
    let found = catalog.tables.iter().find(|table| table.base && table.name == "catalog_state");
    let Some(table_of_state) = found else { return };
    let columns = ["catalog", "catalog_hash"].iter().filter_map(|name| table_of_state.column(name)).collect();
    let cells = vec![Cell::text(&catalog.name), Cell::text(&catalog.hash)];
    let rows = vec![Row { comment: String::new(), cells }];
    table(out, dialect, &Rows { table: table_of_state, columns, rows });
}
