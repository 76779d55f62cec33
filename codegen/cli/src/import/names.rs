//! The names that a caller gives an import, held against what a catalog takes.

use std::collections::BTreeSet;

use pricebook_emit::build::Package;
use pricebook_model::{Source, Sources};

use super::yaml::{Yaml, document};

/// # Errors
/// Why no catalog can be called so.
pub(super) fn catalog(name: &str) -> Result<String, String> {
    taken(name, "imported").map(|()| name.to_owned())
}

/// # Errors
/// Why no kind can have the id.
pub(super) fn kind(id: &str) -> Result<String, String> {
    taken("imported", id).map(|()| id.to_owned())
}

/// The tables that a catalog has before it declares any, whose names no kind's table can have.
pub(super) fn tables_of_base() -> BTreeSet<String> {
    let compiled = pricebook_model::compile(sources("imported", "imported"), &pricebook_emit::limits(), None);
    let tables = compiled.map(|catalog| catalog.tables).unwrap_or_default();
    tables.into_iter().filter(|table| table.base).map(|table| table.name).collect()
}

/// Compiles a catalog of nothing but these names, so that its rules are the ones that hold.
fn taken(catalog: &str, kind: &str) -> Result<(), String> {
    match pricebook_model::compile(sources(catalog, kind), &pricebook_emit::limits(), None) {
        Ok(_) => Ok(()),
        Err(report) => Err(report
            .diagnostics
            .first()
            .map_or_else(String::new, |first| [std::slice::from_ref(&first.message), &first.help].concat().join("; "))),
    }
}

/// A catalog with one kind and no product.
fn sources(catalog: &str, kind: &str) -> Sources {
    let head = Yaml::map([
        ("name", Some(Yaml::text(catalog))),
        ("title", Some(Yaml::plain("Imported"))),
        ("currency", Some(Yaml::plain("usd"))),
    ]);
    let kinds = Yaml::Map(vec![(kind.to_owned(), Yaml::map([("local_id", Some(Yaml::text("{id}")))]))]);
    let text = document(&[("catalog".to_owned(), head), ("kinds".to_owned(), kinds)]);
    Package::with_base(vec![Source { path: "catalog.yaml".to_owned(), text, base: false }])
}
