//! Catalogs to test with.

use std::path::Path;

use pricebook_model::{Catalog, Report, Source, Sources, compile, load};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The texts of the real catalog and of the runtime's records.
pub(crate) fn real() -> Vec<Source> {
    let mut files = load(&root().join("runtime/records"), "records", true).expect("the runtime's records");
    files.extend(load(&root().join("catalog"), "catalog", false).expect("the real catalog"));
    files
}

/// A file of a catalog.
pub(crate) fn file(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned(), base: false }
}

/// Compiles without limits and without a lock.
pub(crate) fn compiled(files: Vec<Source>) -> Result<Catalog, Report> {
    compile(Sources::new(files), &[], None)
}

/// Each diagnostic as `file:line:column code: message`.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    (report.diagnostics.iter())
        .map(|diagnostic| {
            let at = diagnostic.position(&report.sources);
            format!("{}:{}:{} {}: {}", at.file, at.line, at.column, diagnostic.code, diagnostic.message)
        })
        .collect()
}

/// A catalog that uses every key of the format.
pub(crate) fn everything() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/catalogs/everything.yaml");
    std::fs::read_to_string(path).expect("the catalog of all keys")
}

/// How many random cases a property is tried with.
pub(crate) fn cases() -> u32 {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}
