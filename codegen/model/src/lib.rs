//! The catalog's front end: YAML text in, a checked [`Catalog`] or a [`Report`] of diagnostics out.
//!
//! It names no target. What targets can express comes in as [`limits::TargetLimits`], and whatever could fail in an
//! emitter is a check here.

pub mod catalog;
pub mod codes;
pub mod decl;
pub mod diagnostic;
mod equal_reports;
mod former;
mod hash;
pub mod limits;
mod lint_rules;
pub mod lock;
pub mod lower;
pub mod migrate;
pub mod nearest;
pub mod parse;
mod readings;
mod record;
pub mod render;
mod rules;
pub mod schema;
mod side_by_side;
pub mod source;

use std::panic::resume_unwind;
use std::thread;

pub use catalog::Catalog;
pub use diagnostic::{Diagnostic, Report};
pub use former::remember;
pub use lint_rules::LINT_RULES;
pub use lock::Lock;
pub use record::KeySource;

pub use source::{Source, Sources, load};

/// Compiles the texts of a catalog: parse, lower, check against `limits` and `lock`.
///
/// Without a lock (a catalog that was never recorded) the rules about history are left out.
///
/// # Errors
/// A [`Report`] of every problem, sorted by place.
pub fn compile(sources: Sources, limits: &[limits::TargetLimits], lock: Option<&Lock>) -> Result<Catalog, Report> {
    let mut diagnostics = Vec::new();
    let catalog = checked(&sources, limits, lock, &mut diagnostics);
    match catalog.filter(|_| diagnostics.is_empty()) {
        Some(catalog) => Ok(catalog),
        None => {
            diagnostics.sort_by_key(|diagnostic| diagnostic.primary.0);
            Err(Report { sources, diagnostics: equal_reports::merged(diagnostics) })
        }
    }
}

fn checked(
    sources: &Sources,
    limits: &[limits::TargetLimits],
    lock: Option<&Lock>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Catalog> {
    let files = parse::parse_all(sources.files(), diagnostics);
    let declarations = decl::declare(sources, &files, diagnostics);
    let mut lowered = thread::scope(|scope| {
        // Beside it, for a large tree takes as long to be freed as its products to be lowered.
        scope.spawn(|| drop(files));
        lower::lower(&declarations, diagnostics)
    })?;
    if let Some(lock) = lock {
        migrate::keep_column_order(&mut lowered.catalog, &lock.schema);
    }
    remember(&mut lowered.catalog, lock);
    let hash = thread::scope(|scope| {
        let hash = scope.spawn(|| hash::hash(&lowered.catalog));
        rules::check(&declarations, &lowered, limits, lock, diagnostics);
        hash.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    lowered.catalog.hash = hash;
    Some(lowered.catalog)
}
