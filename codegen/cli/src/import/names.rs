//! The names that a caller gives an import, held against what a catalog takes.

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

/// Compiles a catalog of nothing but these names, so that its rules are the ones that hold.
fn taken(catalog: &str, kind: &str) -> Result<(), String> {
    let head = Yaml::map([
        ("name", Some(Yaml::text(catalog))),
        ("title", Some(Yaml::plain("Imported"))),
        ("currency", Some(Yaml::plain("usd"))),
    ]);
    let kinds = Yaml::Map(vec![(kind.to_owned(), Yaml::map([("local_id", Some(Yaml::text("{id}")))]))]);
    let text = document(&[("catalog".to_owned(), head), ("kinds".to_owned(), kinds)]);
    let sources: Sources = Package::with_base(vec![Source { path: "catalog.yaml".to_owned(), text, base: false }]);
    match pricebook_model::compile(sources, &pricebook_emit::limits(), None) {
        Ok(_) => Ok(()),
        Err(report) => Err(report
            .diagnostics
            .first()
            .map_or_else(String::new, |first| [std::slice::from_ref(&first.message), &first.help].concat().join("; "))),
    }
}
