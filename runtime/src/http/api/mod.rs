//! What is answered, a file for each resource.

pub(super) mod admin;
pub(super) mod billing_portal;
pub(super) mod checkout;
pub(super) mod docs;
pub(super) mod pages;
mod payment_answer;
mod payment_asking;
mod payment_caller;
mod payment_work;
pub(super) mod payments;
pub(super) mod probes;
pub(super) mod products;
