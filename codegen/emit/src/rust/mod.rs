//! The catalog as Rust: an enum for each kind, the features, the prices and the tables' rows, over constant tables.
//!
//! What grows with the catalog (variants, rows of tables) is printed line by line; only the skeleton around it goes
//! through `quote` and `prettyplease`, which take 100 µs for a product.

mod artifacts;
mod attributes;
mod groups;
mod index;
mod item;
mod kinds;
mod limits;
mod literal;
mod lookup;
mod macros;
mod names;
mod prices;
mod records;
mod shapes;
mod tables;

pub use limits::LIMITS;
use pricebook_model::{Catalog, lock::LockedMigration};

use crate::{Artifact, header};
use lookup::Items;

/// The file of generated Rust.
pub const CATALOG: &str = "catalog.rs";
/// The file that `item!` reads.
pub const INDEX: &str = "catalog.index";

/// Where generated Rust finds the texts of the other artifacts.
#[derive(Clone, Copy, Debug)]
pub enum Texts<'a> {
    /// In files of `generated/` beside it: `include_str!("generated/sql/sqlite/sync.sql")`.
    Included,
    /// Among these, as literals.
    Inline(&'a [Artifact]),
}

/// How `plan!("starter")` finds the catalog's index.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'a> {
    /// In the `catalog.index` of the build script's `OUT_DIR`.
    OutDir,
    /// By compiling the catalog in this folder, relative to the package.
    Folder(&'a str),
}

/// The Rust of a company's catalog and the index for `item!`.
pub fn emit(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>) -> Vec<Artifact> {
    let items = Items::of(catalog);
    vec![
        Artifact::new(CATALOG, source_of(catalog, &items, migrations, texts, Lookup::OutDir)),
        Artifact::new(INDEX, index::index(&items)),
    ]
}

/// The Rust of a company's catalog.
pub fn source(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>, lookup: Lookup<'_>) -> String {
    source_of(catalog, &Items::of(catalog), migrations, texts, lookup)
}

fn source_of(
    catalog: &Catalog,
    items: &Items<'_>,
    migrations: &[LockedMigration],
    texts: Texts<'_>,
    lookup: Lookup<'_>,
) -> String {
    let enums = records::own_enums(catalog);
    let source = [
        header::comment(&header::lines_with_hash(catalog), "//"),
        kinds::kinds(catalog, items),
        items.features.source(),
        items.prices.source(),
        lookup::products(catalog),
        records::enums(&enums),
        records::rows(catalog, catalog.own_tables(), true),
        artifacts::artifacts(catalog, migrations, texts),
        macros::macros(catalog, lookup),
    ];
    with_tables(&source, &tables::tables(catalog, items, &enums))
}

/// Parts of a source with a line between them, and the module of the tables that they read.
fn with_tables(source: &[String], tables: &[String]) -> String {
    let mut source = source.join("\n");
    source.push('\n');
    source.push_str(tables::BEGIN);
    source.extend(tables.iter().map(String::as_str));
    source.push_str(tables::END);
    source
}

/// The Rust of the base's records, for the runtime that they belong to: row structs, enums and migrations.
pub fn emit_records(catalog: &Catalog, migrations: &[LockedMigration], texts: Texts<'_>) -> Vec<Artifact> {
    let enums: Vec<_> = catalog.enums.iter().filter(|of| of.base).collect();
    let source = [
        header::comment(&header::Origin::Records.lines_with_hash(catalog), "//"),
        records::enums(&enums),
        records::rows(catalog, catalog.tables.iter().filter(|table| table.base), false),
        artifacts::stream(catalog, migrations, texts),
    ];
    vec![Artifact::new(CATALOG, with_tables(&source, &[records::tables(&enums)]))]
}

/// The names of a catalog's items as `item!` reads them: `kind<TAB>id<TAB>path` lines.
pub fn index(catalog: &Catalog) -> String {
    index::index(&Items::of(catalog))
}
