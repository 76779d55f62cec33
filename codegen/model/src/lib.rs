//! The catalog's front end: YAML text in, a checked [`Catalog`] or a [`Report`] of diagnostics out.
//!
//! It names no target. What targets can express comes in as [`limits::TargetLimits`], and whatever could fail in an
//! emitter is a check here.

pub mod catalog;
pub mod diagnostic;
pub mod limits;
pub mod lock;
pub mod migrate;
pub mod schema;
pub mod source;

pub use catalog::Catalog;
pub use diagnostic::{Diagnostic, Report};
pub use lock::Lock;
pub use source::{Source, Sources, load};

/// Compiles the texts of a catalog: parse, lower, check against `limits` and `lock`.
///
/// Without a lock (a catalog that was never recorded) the rules about history are left out.
///
/// # Errors
/// A [`Report`] of every problem, sorted by place.
pub fn compile(sources: Sources, _limits: &[limits::TargetLimits], _lock: Option<&Lock>) -> Result<Catalog, Report> {
    Err(Report { sources, diagnostics: Vec::new() })
}
