//! `sync.sql` and `verify.sql` on real databases: rows become as the catalog says, and every difference is found.

use std::path::Path;

use pricebook_emit::sql;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_model::{Catalog, Source, Sources, compile, load};
use pricebook_types::Dialect;

use crate::sql_databases::{Database, on_every_database};

/// A catalog with the runtime's records in front.
pub(crate) fn catalog(own: Vec<Source>) -> Catalog {
    let base = pricebook_records::FILES.iter();
    let base = base.map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned(), base: true });
    let sources = Sources::new(base.chain(own).collect());
    compile(sources, &pricebook_emit::limits(), None).unwrap_or_else(|report| panic!("{:#?}", report.diagnostics))
}

/// The catalog of this project.
pub(crate) fn real_catalog() -> Catalog {
    catalog(
        load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog"), "catalog", false).expect("the catalog's files"),
    )
}

/// A file below `generated/sql/`, as the catalog says.
pub(crate) fn generated(catalog: &Catalog, dialect: Dialect, name: &str) -> String {
    let path = format!("sql/{}/{name}", dialect.name());
    let files = sql::emit(catalog);
    files.into_iter().find(|artifact| artifact.path == path).expect("it is generated").text
}

/// A database with every table of the catalog.
pub(crate) async fn create_tables(database: &mut Database, catalog: &Catalog) {
    for schema in [base_schema(catalog), own_schema(catalog)] {
        database.run(&sql::create_all(database.dialect, &schema)).await;
    }
}

#[test]
fn a_sync_makes_the_rows_equal_and_a_second_one_changes_nothing() {
    let catalog = real_catalog();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        assert!(!database.rows(&verify).await.is_empty(), "an empty database differs");
        database.run(&sync).await;
        assert_eq!(database.rows(&verify).await, Vec::<Vec<_>>::new());
    });
}
