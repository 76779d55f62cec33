//! From a package's folder to everything that its catalog becomes, in memory.

use pricebook_model::{Catalog, Lock, Sources, compile};

use super::{Failure, History, Package, Stream, manifest::Manifest};
use crate::{
    Artifact,
    rust::{self, Texts},
    sql,
};

/// Everything that a package's catalog becomes.
#[derive(Debug)]
pub struct Generated {
    /// The catalog as it is meant.
    pub catalog: Catalog,
    /// The lock and the migrations that it stands on.
    pub history: History,
    /// What belongs below `generated/`, besides the history; the manifest is the last.
    pub artifacts: Vec<Artifact>,
    /// What belongs directly in `OUT_DIR`: generated Rust and what the macros read.
    pub rust: Vec<Artifact>,
}

/// What of the lock a compilation is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// All of it, as a build does.
    Lock,
    /// Nothing: for the commands that write the lock.
    Nothing,
}

/// Reads the package's catalog, lock and migrations, and makes all artifacts.
///
/// # Errors
/// Every problem of the catalog, or of the lock and the migrations.
pub fn generate(package: &Package) -> Result<Generated, Failure> {
    generate_with(package, package.sources()?, Against::Lock)
}

/// As [`generate`], from texts that may differ from those on disk.
///
/// # Errors
/// As [`generate`].
pub fn generate_with(package: &Package, sources: Sources, against: Against) -> Result<Generated, Failure> {
    let history = History::read(&package.generated())?;
    let lock = history.lock.as_ref().filter(|_| against == Against::Lock);
    let catalog = compile_with(sources, lock)?;
    Ok(Generated::new(package.stream(), catalog, history))
}

fn compile_with(sources: Sources, lock: Option<&Lock>) -> Result<Catalog, Failure> {
    Ok(compile(sources, &crate::limits(), lock)?)
}

impl Generated {
    fn new(stream: Stream, catalog: Catalog, history: History) -> Self {
        let (mut artifacts, rust) = match stream {
            Stream::Catalog => (crate::emit(&catalog), rust::emit(&catalog, history.migrations(), Texts::Included)),
            Stream::Records => {
                (schema_only(sql::emit(&catalog)), rust::emit_records(&catalog, history.migrations(), Texts::Included))
            }
        };
        artifacts.sort_by(|a, b| a.path.cmp(&b.path));
        artifacts.push(Manifest::of(&catalog, &artifacts).artifact());
        Self { catalog, history, artifacts, rust }
    }
}

/// The runtime's tables are filled by each catalog's sync, not by one of their own.
fn schema_only(artifacts: Vec<Artifact>) -> Vec<Artifact> {
    artifacts.into_iter().filter(|artifact| artifact.path.ends_with("/schema.sql")).collect()
}
