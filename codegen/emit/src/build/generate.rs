//! From a package's folder to everything that its catalog becomes, in memory.

use std::panic::resume_unwind;
use std::thread;

use pricebook_model::lock::Schema;
use pricebook_model::{Catalog, Lock, Sources, migrate};

use super::{Failure, History, Package, Problem, Stream, history, manifest::Manifest};
use crate::header::Origin;
use crate::rust::{self, Texts};
use crate::{Artifact, sql};

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

/// Reads the package's catalog, lock and migrations, and makes all artifacts.
///
/// # Errors
/// Every problem of the catalog, or of the lock and the migrations.
pub fn generate(package: &Package) -> Result<Generated, Failure> {
    generate_from(package, package.sources()?)
}

/// As [`generate`], from texts that need not be those of the package.
///
/// # Errors
/// As [`generate`].
pub fn generate_from(package: &Package, sources: Sources) -> Result<Generated, Failure> {
    let history = History::read(&package.generated())?;
    let catalog = compile(package, sources, history.lock.as_ref())?;
    Ok(Generated::new(package.stream(), catalog, history))
}

/// Compiles a package's texts against the limits of every target, and against the lock where there is one.
///
/// # Errors
/// Every problem of the catalog.
pub fn compile(package: &Package, sources: Sources, lock: Option<&Lock>) -> Result<Catalog, Failure> {
    let limits = crate::limits();
    match package.stream() {
        Stream::Catalog => Ok(pricebook_model::compile(sources, &limits, lock)?),
        Stream::Records => {
            // The lock holds the base's tables, which the model takes for somebody else's.
            let catalog = pricebook_model::compile(sources, &limits, None)?;
            lock.map_or(Ok(()), |lock| records_are_migrated(&catalog, &lock.schema))?;
            Ok(catalog)
        }
    }
}

fn records_are_migrated(catalog: &Catalog, migrated: &Schema) -> Result<(), Failure> {
    let steps = migrate::diff(migrated, &migrate::base_schema(catalog));
    if steps.is_empty() {
        return Ok(());
    }
    let steps: Vec<String> = steps.iter().map(migrate::Step::describe).collect();
    Err(Failure::History(vec![Problem {
        code: "schema-not-migrated",
        file: format!("generated/{}", history::LOCK),
        message: format!("the records are not as they were migrated: {}", steps.join("; ")),
        help: "write the migration: cargo catalog --records migrate NAME".to_owned(),
    }]))
}

impl Generated {
    fn new(stream: Stream, catalog: Catalog, history: History) -> Self {
        let (origin, mut artifacts, rust) = match stream {
            Stream::Catalog => thread::scope(|scope| {
                let artifacts = scope.spawn(|| crate::emit(&catalog));
                // Tokens of a macro belong to the thread that expands it.
                let rust = rust::emit(&catalog, history.migrations(), Texts::Included);
                (Origin::Catalog, artifacts.join().unwrap_or_else(|panic| resume_unwind(panic)), rust)
            }),
            Stream::Records => {
                let rust = rust::emit_records(&catalog, history.migrations(), Texts::Included);
                (Origin::Records, sql::emit_base(&catalog), rust)
            }
        };
        artifacts.sort_by(|a, b| a.path.cmp(&b.path));
        artifacts.push(Manifest::of(&catalog, origin, &artifacts).artifact());
        Self { catalog, history, artifacts, rust }
    }
}
