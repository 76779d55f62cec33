//! SQL for SQLite, PostgreSQL and MySQL: the tables as they are today, the migrations that lead there, the rows, and
//! queries that find differences. Statements come from sea-query, rows from the one checked literal writer.

mod ddl;
mod expected;
mod former_keys;
mod guard;
mod handed_on;
mod head;
mod layout;
mod limits;
mod literal;
mod migration;
mod rebuild;
mod rows;
mod schema;
mod stale;
mod surplus;
mod sync;
mod touch;
mod types;
mod upsert;
mod verify;
mod written;

pub use limits::LIMITS;
pub use migration::{Written, migration, write_base_migration, write_migration};
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_model::{Catalog, lock::Schema};
use pricebook_types::Dialect;
pub use rows::{RowText, row_texts};
pub use written::written;

use crate::header::Origin;
use crate::{Artifact, parallel};
use rows::Rows;
use stale::Groups;
use surplus::AllSurplus;

/// `sql/<dialect>/schema.sql`, `sync.sql` and `verify.sql` of the catalog's own tables and rows.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let own = own_schema(catalog);
    let rows = rows::all(catalog);
    let owned = stale::groups(catalog, &rows);
    let (own, owned) = (&own, owned.as_slice());
    let of_dialect = Dialect::ALL.map(|dialect| move |rows: &Vec<Rows<'_>>| files(catalog, own, rows, owned, dialect));
    parallel::map(&rows, of_dialect).into_iter().flatten().collect()
}

fn files(catalog: &Catalog, own: &Schema, rows: &[Rows<'_>], owned: &[Groups<'_>], dialect: Dialect) -> [Artifact; 3] {
    let surplus = AllSurplus::of(catalog, dialect, owned);
    [
        artifact(dialect, "schema", schema::file(catalog, Origin::Catalog, own, dialect)),
        artifact(dialect, "sync", sync::file(catalog, rows, &surplus, dialect)),
        artifact(dialect, "verify", verify::file(catalog, rows, &surplus, dialect)),
    ]
}

/// `sql/<dialect>/schema.sql` of the base's tables, which come without rows.
pub fn emit_base(catalog: &Catalog) -> Vec<Artifact> {
    let base = base_schema(catalog);
    let file = |dialect| schema::file(catalog, Origin::Records, &base, dialect);
    Dialect::ALL.map(|dialect| artifact(dialect, "schema", file(dialect))).into()
}

fn artifact(dialect: Dialect, name: &str, text: String) -> Artifact {
    Artifact::new(format!("sql/{}/{name}.sql", dialect.name()), text)
}

/// The statements that create a schema in an empty database (or, for own tables, in one with the base's).
pub fn create_all(dialect: Dialect, schema: &Schema) -> String {
    schema::statements(dialect, schema)
}
