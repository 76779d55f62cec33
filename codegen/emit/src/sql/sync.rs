//! `sync.sql`: an idempotent transaction that makes the rows as the catalog says.

use pricebook_model::Catalog;
use pricebook_types::Dialect;

use super::ddl::quote;
use super::handed_on;
use super::head::{Title, head};
use super::literal::text_of;
use super::rows::Rows;
use super::surplus::AllSurplus;
use super::upsert;

/// The file.
pub(super) fn file(catalog: &Catalog, all: &[Rows<'_>], surplus: &AllSurplus<'_>, dialect: Dialect) -> String {
    let mut out = head(catalog, dialect, &Title::Sync);
    out.push_str(begin(dialect));
    section(&mut out, "What is sold no more. Rows that the catalog never had are left alone.");
    for surplus in &surplus.retired {
        out.push_str(&surplus.statement(dialect));
    }
    for rows in all {
        section(&mut out, &title(rows));
        handed_on::write(&mut out, dialect, rows);
        upsert::write(&mut out, dialect, rows);
    }
    section(&mut out, "Prices, tiers, currencies, grants and codes that their owner no longer has.");
    for surplus in &surplus.stale {
        out.push_str(&surplus.statement(dialect));
    }
    if has_state(catalog) {
        section(
            &mut out,
            "Servers poll the revision to learn of another catalog. Rows of this one that were put right do not raise it here.",
        );
        out.push_str(&state(catalog, dialect));
    }
    out.push_str("\nCOMMIT;\n");
    out
}

fn section(out: &mut String, title: &str) {
    out.push_str(&format!("\n-- {title}\n"));
}

fn title(rows: &Rows<'_>) -> String {
    let table = rows.table;
    if table.description.is_empty() { table.name.clone() } else { format!("{}: {}", table.name, table.description) }
}

fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        // In the only form that Cloudflare D1 takes.
        Dialect::Sqlite => "BEGIN TRANSACTION;\n",
        Dialect::Postgres => "BEGIN;\n",
        Dialect::Mysql => "START TRANSACTION;\nSET NAMES utf8mb4;\nSET time_zone = '+00:00';\n",
    }
}

/// Whether the database keeps the state of its synchronization.
pub(super) fn has_state(catalog: &Catalog) -> bool {
    catalog.tables.iter().any(|table| table.base && table.name == "catalog_state")
}

fn state(catalog: &Catalog, dialect: Dialect) -> String {
    let quoted = |name: &str| quote(dialect, name);
    let (table, name, hash) = (quoted("catalog_state"), quoted("catalog"), quoted("catalog_hash"));
    let (revision, synced_at) = (quoted("revision"), quoted("synced_at"));
    let values = format!("{}, {}", text_of(dialect, &catalog.name), text_of(dialect, &catalog.hash));
    let insert = format!("INSERT INTO {table} ({name}, {hash}) VALUES ({values})");
    if dialect == Dialect::Mysql {
        // From left to right: the hash is compared before it is set.
        return format!(
            "{insert}\nON DUPLICATE KEY UPDATE\n  \
             {revision} = IF({hash} = VALUES({hash}), {revision}, {revision} + 1),\n  \
             {synced_at} = IF({hash} = VALUES({hash}), {synced_at}, UTC_TIMESTAMP(6)),\n  {hash} = VALUES({hash});\n"
        );
    }
    format!(
        "{insert}\nON CONFLICT ({name}) DO UPDATE SET\n  {hash} = {excluded}.{hash},\n  \
         {revision} = {table}.{revision} + 1,\n  {synced_at} = CURRENT_TIMESTAMP\n\
         WHERE {table}.{hash} <> {excluded}.{hash};\n",
        excluded = quoted("excluded"),
    )
}
