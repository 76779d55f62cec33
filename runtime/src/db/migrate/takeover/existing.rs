//! The tables that a database has, as it describes them itself.

use pricebook_types::Dialect;

use super::data_type::DataType;
use crate::db::Session;

/// A table or a view that is there.
#[derive(Debug, Default)]
pub(super) struct Existing {
    pub(super) name: String,
    pub(super) is_table: bool,
    pub(super) columns: Vec<Column>,
    /// The name of its primary key, where the database gives keys names.
    pub(super) key_name: Option<String>,
    /// The names of its conditions, where they matter.
    pub(super) checks: Vec<String>,
}

/// One of its columns.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// As the database says it.
    pub(super) shown: String,
    pub(super) data_type: DataType,
    pub(super) not_null: bool,
    pub(super) has_default: bool,
    pub(super) is_key: bool,
    pub(super) on_update: bool,
    /// Whether texts compare letter by letter, which only MySQL asks.
    pub(super) is_exact: bool,
}

impl Existing {
    pub(super) fn column(&self, name: &str, dialect: Dialect) -> Option<&Column> {
        self.columns.iter().find(|column| is_same(&column.name, name, dialect))
    }
}

/// Whether both names mean the same column or table.
pub(super) fn is_same(one: &str, other: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => one == other,
        Dialect::Sqlite | Dialect::Mysql => one.eq_ignore_ascii_case(other),
    }
}

/// For each column: table, `table`, column, type, whether it is never NULL, has a default, is of the key, is set by each
/// update, compares exactly, then the key's name and the names of conditions. D1 answers with an object for each row, so that
/// every column must have a name of its own.
const SQLITE: &str = "SELECT t.name AS a, t.type AS b, c.name AS c, c.type AS d, c.\"notnull\" AS e,
  c.dflt_value IS NOT NULL AS f, c.pk > 0 AS g, 0 AS h, 1 AS i, NULL AS j, '' AS k
FROM sqlite_master t JOIN pragma_table_info(t.name) c
WHERE t.type IN ('table', 'view') AND lower(t.name) IN (NAMES) ORDER BY t.name, c.cid";
const POSTGRES: &str =
    "SELECT t.relname::text, CASE WHEN t.relkind IN ('r', 'p') THEN 'table' ELSE 'other' END, c.attname::text,
  format_type(c.atttypid, c.atttypmod), c.attnotnull::int::text, (c.atthasdef OR c.attidentity <> '')::int::text,
  COALESCE(c.attnum = ANY (k.conkey), FALSE)::int::text, '0', '1', k.conname::text,
  (SELECT COALESCE(string_agg(conname, ' '), '') FROM pg_constraint WHERE conrelid = t.oid AND contype = 'c')
FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind NOT IN ('i', 'I') AND t.relname IN (NAMES)
ORDER BY t.relname, c.attnum";
const MYSQL: &str = "SELECT t.table_name, CASE WHEN t.engine = 'InnoDB' THEN 'table' ELSE 'other' END, c.column_name,
  CAST(c.column_type AS CHAR), c.is_nullable = 'NO',
  (c.column_default IS NOT NULL AND c.column_default <> 'NULL') OR c.extra LIKE '%auto_increment%' OR c.extra LIKE '%GENERATED%',
  c.column_key = 'PRI', c.extra LIKE '%on update%', COALESCE(c.collation_name, 'utf8mb4_bin') = 'utf8mb4_bin', NULL, ''
FROM information_schema.tables t JOIN information_schema.columns c
  ON c.table_schema = t.table_schema AND c.table_name = t.table_name
WHERE t.table_schema = DATABASE() AND lower(t.table_name) IN (NAMES) ORDER BY t.table_name, c.ordinal_position";

/// Those tables of these names that are there.
pub(super) async fn existing(session: &mut Session, names: &[&str]) -> Result<Vec<Existing>, sqlx::Error> {
    let dialect = session.dialect();
    let (query, is_lower) = match dialect {
        Dialect::Sqlite => (SQLITE, true),
        Dialect::Postgres => (POSTGRES, false),
        Dialect::Mysql => (MYSQL, true),
    };
    let literal = |name: &&str| match is_lower {
        true => format!("'{}'", name.to_ascii_lowercase()),
        false => format!("'{name}'"),
    };
    let list = names.iter().map(literal).collect::<Vec<_>>().join(", ");
    let mut tables: Vec<Existing> = Vec::new();
    for row in session.texts(&query.replace("NAMES", &list)).await? {
        let unreadable = || sqlx::Error::Protocol("the database does not say which columns a table has".to_owned());
        let [table, sort, name, shown, not_null, default, key, on_update, exact, key_name, checks] =
            <[Option<String>; 11]>::try_from(row).map_err(|_| unreadable())?;
        let (table, name, shown) =
            (table.ok_or_else(unreadable)?, name.ok_or_else(unreadable)?, shown.unwrap_or_default());
        let is = |answer: Option<String>| answer.as_deref() == Some("1");
        if tables.last().is_none_or(|last| last.name != table) {
            let checks = checks.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
            let is_table = sort.as_deref() == Some("table");
            tables.push(Existing { name: table, is_table, columns: Vec::new(), key_name, checks });
        }
        let column = Column {
            name,
            data_type: DataType::of_database(&shown, dialect),
            shown,
            not_null: is(not_null),
            has_default: is(default),
            is_key: is(key),
            on_update: is(on_update),
            is_exact: is(exact),
        };
        tables.last_mut().expect("its table was added").columns.push(column);
    }
    Ok(tables)
}
