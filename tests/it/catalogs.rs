//! Catalogs to test with: this repository's own, and small ones in YAML.

use pricebook_emit::build::{Package, Stream};
use pricebook_model::{Catalog, Source, Sources};

/// The catalog of this repository.
pub(crate) fn real() -> Catalog {
    compile(package().sources().expect("the catalog can be read"))
}

/// A catalog of one file.
pub(crate) fn small(yaml: &str) -> Catalog {
    let file = Source { path: "catalog.yaml".to_owned(), text: yaml.to_owned(), base: false };
    compile(Package::with_base(vec![file]))
}

fn package() -> Package {
    Package::new(env!("CARGO_MANIFEST_DIR"), Stream::Catalog)
}

fn compile(sources: Sources) -> Catalog {
    pricebook_model::compile(sources, &pricebook_emit::limits(), None).unwrap_or_else(|report| {
        let texts: Vec<_> = report
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{:?}: {}", diagnostic.position(&report.sources), diagnostic.message))
            .collect();
        panic!("{}", texts.join("\n"))
    })
}
