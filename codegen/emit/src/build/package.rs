//! Where a package keeps its catalog and what is made of it.

use std::path::{Path, PathBuf};

use pricebook_model::{Source, Sources, load};

use super::Failure;

/// A package with a catalog.
#[derive(Clone, Debug)]
pub struct Package {
    root: PathBuf,
    stream: Stream,
}

/// Whose tables a package declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// A company's catalog in `catalog/`, which extends the runtime's records.
    Catalog,
    /// The runtime's records themselves, which are not in the package but in `pricebook-records`.
    Records,
}

/// The runtime's records as a catalog of their own need the section that every catalog has.
const RECORDS_HEAD: (&str, &str) =
    ("pricebook/stream.yaml", "catalog:\n  name: pricebook\n  title: Pricebook\n  currency: usd\n");

impl Package {
    /// The package in `root`, the folder of its `Cargo.toml`.
    pub fn new(root: impl Into<PathBuf>, stream: Stream) -> Self {
        Self { root: root.into(), stream }
    }

    /// The folder of its `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whose tables it declares.
    pub fn stream(&self) -> Stream {
        self.stream
    }

    /// The folder of its YAML files.
    pub fn catalog(&self) -> PathBuf {
        self.root.join("catalog")
    }

    /// The folder that the artifacts are checked in to.
    pub fn generated(&self) -> PathBuf {
        self.root.join("generated")
    }

    /// The texts of the catalog: the runtime's records, then the package's own files.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn sources(&self) -> Result<Sources, Failure> {
        let own = match self.stream {
            Stream::Catalog => load(&self.catalog(), "catalog", false)?,
            Stream::Records => vec![source(RECORDS_HEAD, false)],
        };
        Ok(Self::with_base(own))
    }

    /// `own` files with the runtime's records in front of them.
    pub fn with_base(own: Vec<Source>) -> Sources {
        Sources::new(pricebook_records::FILES.iter().map(|file| source(*file, true)).chain(own).collect())
    }

    /// Whether the package is being worked on, rather than built as somebody's dependency.
    ///
    /// Only then may a build write to its folder. A packaged or vendored copy carries a file that says so; any other
    /// dependency lies outside the workspace whose target folder `out_dir` belongs to.
    pub fn is_developed(&self, out_dir: &Path) -> bool {
        let (Ok(root), Ok(out_dir)) = (self.root.canonicalize(), out_dir.canonicalize()) else { return false };
        !self.is_copy() && out_dir.starts_with(workspace_of(&root))
    }

    /// Whether the package was packaged or vendored, so that nobody works on it here.
    pub fn is_copy(&self) -> bool {
        const MARKS: [&str; 3] = [".cargo_vcs_info.json", ".cargo-checksum.json", "Cargo.toml.orig"];
        MARKS.iter().any(|mark| self.root.join(mark).exists())
    }
}

fn source((path, text): (&str, &str), base: bool) -> Source {
    Source { path: path.to_owned(), text: text.to_owned(), base }
}

/// The nearest folder upwards whose manifest declares a workspace; a package without one is its own.
fn workspace_of(root: &Path) -> &Path {
    let declares_workspace = |folder: &&Path| {
        std::fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().any(|line| line.trim_start().starts_with("[workspace")))
    };
    root.ancestors().find(declares_workspace).unwrap_or(root)
}
