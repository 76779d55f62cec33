//! The local Stripe under Stripe's own tools.

mod contract;
mod fixtures;
