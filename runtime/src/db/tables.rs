//! What a database itself says of its tables: their columns, their keys, and who refers to them.

use pricebook_types::Dialect;

use super::Session;

/// A column that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as the database calls it, in lower case.
    pub ty: String,
    /// Its place in the primary key, from 1; 0 where it is no part of it.
    pub key: u32,
}

/// A column of one table that refers to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The table with the column.
    pub table: String,
    /// The column.
    pub column: String,
    /// The table that it refers to.
    pub to: String,
}

/// The columns of each table in their order, without those that the database computes; none where there is no such
/// table.
///
/// # Errors
/// What the database said.
pub async fn columns(session: &mut Session, tables: &[&str]) -> Result<Vec<Vec<Column>>, sqlx::Error> {
    let queries: Vec<_> = tables.iter().map(|table| columns_query(session.dialect(), table)).collect();
    let column = |row: Vec<Option<String>>| {
        let [name, ty, key] = row.try_into().ok()?;
        Some(Column { name: name?, ty: ty?, key: key?.parse().ok()? })
    };
    let results = session.texts_of_each(&queries).await?;
    Ok(results.into_iter().map(|rows| rows.into_iter().filter_map(column).collect()).collect())
}

fn columns_query(dialect: Dialect, table: &str) -> String {
    let name = literal(table);
    match dialect {
        Dialect::Sqlite => format!("SELECT name, lower(type), pk FROM pragma_table_info({name}) ORDER BY cid"),
        Dialect::Postgres => format!(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
             FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
             WHERE a.attrelid = to_regclass(quote_ident({name})) AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attgenerated = ''
             ORDER BY a.attnum"
        ),
        Dialect::Mysql => format!(
            "SELECT c.column_name, c.data_type, coalesce(k.ordinal_position, 0)
             FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k
               ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name
               AND k.constraint_name = 'PRIMARY'
             WHERE c.table_schema = DATABASE() AND c.table_name = {name} AND coalesce(c.generation_expression, '') = ''
             ORDER BY c.ordinal_position"
        ),
    }
}

/// Every column of any table that refers to another table.
///
/// # Errors
/// What the database said.
pub async fn references(session: &mut Session) -> Result<Vec<Reference>, sqlx::Error> {
    let query = match session.dialect() {
        Dialect::Sqlite => {
            // Cloudflare's own tables on D1 are not to be looked at.
            "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND substr(m.name, 1, 4) <> '_cf_' ORDER BY 1, 2"
        }
        Dialect::Postgres => {
            "SELECT c.relname, a.attname, r.relname FROM pg_constraint f
             JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
             JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
             WHERE f.contype = 'f' AND pg_table_is_visible(c.oid) ORDER BY 1, 2"
        }
        Dialect::Mysql => {
            "SELECT table_name, column_name, referenced_table_name FROM information_schema.key_column_usage
             WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL ORDER BY 1, 2"
        }
    };
    let reference = |row: Vec<Option<String>>| {
        let [table, column, to] = row.try_into().ok()?;
        Some(Reference { table: table?, column: column?, to: to? })
    };
    Ok(session.texts(query).await?.into_iter().filter_map(reference).collect())
}

/// The expression that gives a column's value as a literal, which gives the same value back whatever it holds.
pub fn literal_of(dialect: Dialect, column: &Column) -> String {
    let name = quoted(dialect, &column.name);
    match dialect {
        // `quote` ends a text at its first zero byte.
        Dialect::Sqlite => format!(
            "CASE WHEN typeof({name}) = 'text' AND instr(CAST({name} AS BLOB), x'00') > 0 \
             THEN 'CAST(' || quote(CAST({name} AS BLOB)) || ' AS TEXT)' ELSE quote({name}) END"
        ),
        Dialect::Postgres => format!("quote_nullable({name}::text)"),
        Dialect::Mysql if is_bytes(&column.ty) => {
            format!("IF({name} IS NULL, 'NULL', CONCAT('X''', HEX({name}), ''''))")
        }
        // Whether a backslash stands for itself is a setting, so that texts with one are written as their bytes.
        Dialect::Mysql => format!(
            "CASE WHEN {name} IS NULL THEN 'NULL' \
             WHEN INSTR(CAST({name} AS CHAR), CHAR(92 USING utf8mb4)) > 0 OR CAST({name} AS CHAR) REGEXP '[[:cntrl:]]' \
             THEN CONCAT('_utf8mb4 X''', HEX(CAST({name} AS CHAR)), '''') \
             ELSE CONCAT('''', REPLACE(CAST({name} AS CHAR), '''', ''''''), '''') END"
        ),
    }
}

fn is_bytes(ty: &str) -> bool {
    ty.ends_with("blob") || ty.ends_with("binary")
}

/// A text as a literal, for names that the catalog has checked.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name in the quotes of the dialect.
pub fn quoted(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        Dialect::Mysql => format!("`{}`", name.replace('`', "``")),
    }
}
