//! What is answered, a file for each resource.

pub(super) mod admin;
pub(super) mod docs;
mod payment_answer;
pub(super) mod payments;
pub(super) mod probes;
pub(super) mod products;
