//! What stands above every SQL file.

use pricebook_model::Catalog;
use pricebook_types::Dialect;

use crate::header;

/// What a file is.
pub(super) enum Title<'a> {
    /// `schema.sql`.
    Schema,
    /// `sync.sql`.
    Sync,
    /// `verify.sql`.
    Verify,
    /// A migration, by number and name.
    Migration(u32, &'a str),
}

const LINE: &str = "-- ============================================\n";

/// The banner and the header.
pub(super) fn head(catalog: &Catalog, dialect: Dialect, title_of: &Title<'_>) -> String {
    let dialect = match dialect {
        Dialect::Sqlite => "SQLite and Cloudflare D1",
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL and MariaDB",
    };
    let (title, about) = match title_of {
        Title::Schema => (
            "Schema".to_owned(),
            "The tables as they are today. Databases get them by migrations; this is for reading and for new databases."
                .to_owned(),
        ),
        Title::Sync => (
            "Service Synchronization SQL".to_owned(),
            "Makes the rows equal to the catalog, all or none. Running it again changes nothing.".to_owned(),
        ),
        Title::Verify => (
            "Service Verification SQL".to_owned(),
            "Returns a row for each difference between the rows and the catalog, and none where they are equal.".to_owned(),
        ),
        Title::Migration(number, name) => (
            format!("Migration {number:04}: {}", name.replace('_', " ")),
            "Written once and never again: databases remember what they have run.".to_owned(),
        ),
    };
    let with_hash = header::lines_with_hash(catalog);
    let lines = match title_of {
        Title::Schema => &with_hash[..2],
        Title::Sync | Title::Verify | Title::Migration(..) => &with_hash[..],
    };
    format!(
        "{LINE}-- {title}\n-- Source: catalog/\n{LINE}{}-- {about}\n-- For {dialect}.\n\n",
        header::comment(lines, "--")
    )
}
