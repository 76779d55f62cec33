//! Stripe: the desired state of an account, and the same as fixtures for Stripe's own command-line tool.

mod desired;
mod discounts;
mod fixtures;
mod limits;
mod literal;
mod metadata;
mod prices;
mod products;

use pricebook_model::Catalog;
pub use pricebook_types::stripe::Desired;

use crate::{Artifact, json};
pub use limits::LIMITS;

/// How deep a request stands in the fixtures: one line each, for the desired state is the one that people read.
const REQUEST: usize = 2;

/// `stripe/catalog.json` and `stripe/fixtures.json`.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let desired = desired(catalog);
    let state = json::pretty(&desired);
    let fixtures = json::lines(&fixtures::fixtures(desired, literal::is_needed(&state)), REQUEST);
    vec![Artifact::new("stripe/catalog.json", state), Artifact::new("stripe/fixtures.json", fixtures)]
}

/// The desired state of an account.
pub fn desired(catalog: &Catalog) -> Desired<'_> {
    desired::lower(catalog)
}
