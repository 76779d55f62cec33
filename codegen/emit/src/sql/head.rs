//! What stands above every SQL file.

use pricebook_model::Catalog;
use pricebook_types::Dialect;

use crate::header::{self, Origin};

/// What a file is.
pub(super) enum Title<'a> {
    /// `schema.sql`, of a catalog's tables or of the runtime's.
    Schema(Origin),
    /// `sync.sql`.
    Sync,
    /// `verify.sql`.
    Verify,
    /// A migration, by number and name.
    Migration(Origin, u32, &'a str),
}

const LINE: &str = "-- ============================================\n";

/// The banner and the header.
pub(super) fn head(catalog: &Catalog, dialect: Dialect, title_of: &Title<'_>) -> String {
    let (dialect, by_hand) = match dialect {
        Dialect::Sqlite => ("SQLite and Cloudflare D1", "sqlite3 -bail DATABASE < FILE"),
        Dialect::Postgres => ("PostgreSQL", "psql -v ON_ERROR_STOP=1 -d DATABASE -f FILE"),
        Dialect::Mysql => ("MySQL and MariaDB", "mysql DATABASE < FILE"),
    };
    let (title, about) = match title_of {
        Title::Schema(_) => (
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
        Title::Migration(_, number, name) => (
            format!("Migration {number:04}: {}", name.replace('_', " ")),
            "Databases remember what they have run, so an edited migration is refused.".to_owned(),
        ),
    };
    let (origin, lines) = match title_of {
        Title::Schema(origin) => (*origin, origin.lines(catalog).to_vec()),
        Title::Sync | Title::Verify => (Origin::Catalog, header::lines_with_hash(catalog).to_vec()),
        Title::Migration(origin, ..) => (*origin, origin.lines_of_migration(catalog).to_vec()),
    };
    let (source, lines) = (origin.folder(), header::comment(&lines, "--"));
    // The shells of SQLite and PostgreSQL go on behind an error unless they are told otherwise, and SQLite then keeps a part.
    let by_hand = format!("-- By hand, so that it ends at the first error: {by_hand}\n");
    format!("{LINE}-- {title}\n-- Source: {source}\n{LINE}{lines}-- {about}\n-- For {dialect}.\n{by_hand}\n")
}
