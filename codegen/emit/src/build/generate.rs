//! From a package's folder to everything that its catalog becomes, in memory.

use std::panic::resume_unwind;
use std::thread;

use pricebook_model::lock::Schema;
use pricebook_model::{Catalog, Lock, Sources, migrate};

use super::{Failure, History, Package, Problem, Stream, history, manifest::Manifest};
use crate::header::Origin;
use crate::rust::{self, Texts};
use crate::{Artifact, sql};

/// Everything that a package's catalog becomes below `generated/`.
#[derive(Debug)]
pub struct Generated {
    /// The catalog as it is meant.
    pub catalog: Catalog,
    /// The lock and the migrations that it stands on.
    pub history: History,
    /// What belongs below `generated/`, besides the history; the manifest is the last.
    pub artifacts: Vec<Artifact>,
}

/// Reads the package's catalog, lock and migrations, and makes all artifacts but the Rust, which takes longest and only builds need.
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
    let artifacts = artifacts(package.stream(), &catalog);
    Ok(Generated { catalog, history, artifacts })
}

/// As [`generate_from`], with what belongs directly in `OUT_DIR`: generated Rust and what the macros read.
///
/// # Errors
/// As [`generate`].
pub(super) fn generate_with_rust(package: &Package, sources: Sources) -> Result<(Generated, Vec<Artifact>), Failure> {
    let history = History::read(&package.generated())?;
    let catalog = compile(package, sources, history.lock.as_ref())?;
    let stream = package.stream();
    let (artifacts, rust) = thread::scope(|scope| {
        let artifacts = scope.spawn(|| artifacts(stream, &catalog));
        // Tokens of a macro belong to the thread that expands it.
        let emit = match stream {
            Stream::Catalog => rust::emit,
            Stream::Records => rust::emit_records,
        };
        let rust = emit(&catalog, history.migrations(), Texts::Included);
        (artifacts.join().unwrap_or_else(|panic| resume_unwind(panic)), rust)
    });
    Ok((Generated { catalog, history, artifacts }, rust))
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

/// Everything below `generated/` but the history.
fn artifacts(stream: Stream, catalog: &Catalog) -> Vec<Artifact> {
    let (origin, mut artifacts) = match stream {
        Stream::Catalog => (Origin::Catalog, crate::emit(catalog)),
        Stream::Records => (Origin::Records, sql::emit_base(catalog)),
    };
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    artifacts.push(Manifest::of(catalog, origin, &artifacts).artifact());
    artifacts
}
