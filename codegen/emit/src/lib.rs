//! The catalog's back end: each emitter turns a checked [`Catalog`] into artifacts.
//!
//! Emitters are functions of the catalog alone, do not import each other, and cannot fail: whatever they could not
//! express is refused by the model, against the limits that they export as data.

pub mod artifact;
pub mod build;
pub mod docs;
mod environments;
pub mod header;
pub mod json;
mod parallel;
pub mod paths;
mod plain;
pub mod rust;
pub mod schema;
pub mod sql;
pub mod stripe;
pub mod synced;
pub mod typescript;
pub mod validation;

pub use artifact::Artifact;
pub use build::Build;
use pricebook_model::{Catalog, limits::TargetLimits};

/// The limits of every target.
pub fn limits() -> Vec<TargetLimits> {
    [rust::LIMITS, sql::LIMITS, typescript::LIMITS, stripe::LIMITS, validation::LIMITS, schema::LIMITS, docs::LIMITS]
        .concat()
}

/// Every file of `generated/` that follows from the catalog: all but the lock, the migrations and the manifest.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let emitters = [sql::emit, typescript::emit, stripe::emit, validation::emit, schema::emit, docs::emit];
    parallel::map(catalog, emitters).into_iter().flatten().collect()
}
