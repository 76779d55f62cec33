//! Validation: what a payment must satisfy and what the live API must answer.

mod live;
mod numbers;
mod payments;

use std::borrow::Cow;

use pricebook_model::{Catalog, limits::TargetLimits};
use pricebook_types::validation::{Environment, Validation};

use crate::{Artifact, json};

/// What this target limits: nothing.
pub const LIMITS: &[TargetLimits] = &[];

/// `validation/catalog.json`.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    vec![Artifact::new("validation/catalog.json", json::pretty(&tables(catalog)))]
}

/// The tables.
pub fn tables(catalog: &Catalog) -> Validation<'_> {
    Validation {
        meta: json::meta(catalog),
        environments: catalog
            .environments
            .iter()
            .map(|environment| Environment {
                id: Cow::Borrowed(&environment.id),
                live_url: environment.live_url.as_deref().map(Cow::Borrowed),
            })
            .collect(),
        payments: catalog.products.iter().map(payments::payment).collect(),
        live: catalog.kinds.iter().map(|kind| live::kind(catalog, kind)).collect(),
    }
}
