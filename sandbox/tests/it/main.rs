//! The local Stripe under Stripe's own tools.

mod billing_shapes;
mod client;
mod contract;
mod fixtures;
mod persistence;
mod publishable;
mod shapes;
mod time;
