//! The schema that a database really has, as lines that can be compared: columns in order, everything else sorted.

use pricebook_types::Dialect;

use crate::sql_databases::{Database, Texts};

/// Every column, key, check, index, reference and trigger.
pub(crate) async fn schema(database: &mut Database) -> Vec<String> {
    match database.dialect {
        Dialect::Sqlite => sqlite(database).await,
        Dialect::Postgres => postgres(database).await,
        Dialect::Mysql => mysql(database).await,
    }
}

const SQLITE: &str = r"
SELECT t.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' ' || c.[notnull] || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk
FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' ORDER BY 1;
SELECT t.name || ' references ' || f.[table] || ' ' || f.[from] || ' ' || f.[to] || ' ' || f.on_delete
FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' ORDER BY 1;
SELECT sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY name;
";

async fn sqlite(database: &mut Database) -> Vec<String> {
    let mut lines = database.values(SQLITE).await;
    for text in database.values("SELECT sql FROM sqlite_master WHERE type = 'table' ORDER BY name").await {
        // The text of the statement is the only place of checks. A column that was added stands behind the constraints.
        let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        let code = code.join(" ");
        let (table, items) = code.split_once('(').expect("a table has columns");
        let mut items: Vec<_> = split(items.trim_end().trim_end_matches(')')).collect();
        items.sort();
        lines.extend(items.into_iter().map(|item| format!("{} {item}", table.trim().replace('"', ""))));
    }
    lines
}

/// The parts between commas outside of parentheses and quotes.
fn split(items: &str) -> impl Iterator<Item = String> {
    let (mut depth, mut quoted) = (0, false);
    let parts = items.split(move |char: char| {
        match char {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        char == ',' && depth == 0 && !quoted
    });
    parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().into_iter()
}

const POSTGRES: &str = r"
SELECT concat_ws(' ', c.relname, row_number() OVER (PARTITION BY c.relname ORDER BY a.attnum), a.attname,
  format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY 1;
SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1;
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1;
";

async fn postgres(database: &mut Database) -> Vec<String> {
    database.values(POSTGRES).await
}

async fn mysql(database: &mut Database) -> Vec<String> {
    let mut lines = Vec::new();
    for table in database.values("SHOW TABLES").await {
        let shown: Vec<Texts> = database.rows(&format!("SHOW CREATE TABLE `{table}`")).await;
        let text = shown[0][1].clone().expect("a statement");
        let items = text.lines().skip(1).map(|line| format!("{table} {}", line.trim().trim_end_matches(',')));
        let (columns, mut rest): (Vec<_>, Vec<_>) = items.partition(|line| line.starts_with(&format!("{table} `")));
        rest.sort();
        lines.extend(columns);
        lines.extend(rest);
    }
    lines
}
