//! typescript artifacts.

use pricebook_model::{Catalog, limits::TargetLimits};

use crate::Artifact;

/// What this target limits.
pub const LIMITS: &[TargetLimits] = &[];

/// The artifacts of this target.
pub fn emit(_catalog: &Catalog) -> Vec<Artifact> {
    Vec::new()
}
