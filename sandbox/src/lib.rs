//! A local Stripe: the endpoints that pricebook uses, with Stripe's ids, errors and rules, and no money behind them.
//!
//! ```no_run
//! # async fn demo() -> std::io::Result<()> {
//! let stripe = pricebook_sandbox::start(pricebook_sandbox::Options::default()).await?;
//! println!("{}", stripe.url());
//! stripe.stop().await;
//! # Ok(())
//! # }
//! ```

mod call;
mod cards;
mod clockwork;
pub mod command;
mod core;
mod deliveries;
mod delivery_faults;
mod door;
mod expand;
mod failure;
mod faults;
mod idempotency;
mod ids;
mod list;
mod options;
mod params;
mod persistence;
mod pricing;
mod publishable;
mod rate;
mod request;
mod resources;
mod routes;
mod running;
mod state;
mod store;

pub use delivery_faults::DeliveryFaults;
pub use faults::{Fault, FaultRule};
pub use options::Options;
pub use running::{Running, start};
