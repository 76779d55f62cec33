//! Catalogs to test with: this repository's own, and small ones in YAML.

use pricebook_emit::build::{History, Package, Stream};
use pricebook_model::{Catalog, Lock, Source, Sources};

/// The catalog of this repository, after what its lock remembers.
pub(crate) fn real() -> Catalog {
    let lock = History::read(&package().generated()).expect("the lock can be read").lock;
    compile(package().sources().expect("the catalog can be read"), lock.as_ref())
}

/// The files of this repository's catalog, to be edited.
pub(crate) fn files() -> Vec<Source> {
    pricebook_model::load(&package().catalog(), "catalog", false).expect("the catalog can be read")
}

/// The catalog of these files, if they have no problem, as if nothing had been recorded.
pub(crate) fn of_files(files: Vec<Source>) -> Option<Catalog> {
    pricebook_model::compile(Package::with_base(files), &pricebook_emit::limits(), None).ok()
}

/// A catalog of one file.
pub(crate) fn small(yaml: &str) -> Catalog {
    compile(one_file(yaml), None)
}

/// A catalog of one file, after what a lock remembers.
pub(crate) fn small_after(yaml: &str, lock: &Lock) -> Catalog {
    compile(one_file(yaml), Some(lock))
}

/// The files of a catalog of one file.
pub(crate) fn one_file(yaml: &str) -> Sources {
    let file = Source { path: "catalog.yaml".to_owned(), text: yaml.to_owned(), base: false };
    Package::with_base(vec![file])
}

fn package() -> Package {
    Package::new(env!("CARGO_MANIFEST_DIR"), Stream::Catalog)
}

fn compile(sources: Sources, lock: Option<&Lock>) -> Catalog {
    pricebook_model::compile(sources, &pricebook_emit::limits(), lock).unwrap_or_else(|report| {
        let texts: Vec<_> = report
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{:?}: {}", diagnostic.position(&report.sources), diagnostic.message))
            .collect();
        panic!("{}", texts.join("\n"))
    })
}
