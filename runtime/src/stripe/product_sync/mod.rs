//! The sync of what is sold: desired and actual state → a plan → requests to Stripe.

pub mod actual;
mod apply;
mod desired;
mod existing;
mod look;
pub mod migration;
pub mod plan;
pub mod record;
mod report;
pub(crate) mod reports;
mod revert;
mod saved;
mod shape;
mod subscriptions;

pub use actual::Actual;
pub use apply::{Applied, ChainResult, Status, StepError, apply};
pub use desired::desired;
pub use look::look;
pub use plan::{Plan, plan};
pub use report::{ProductResult, Ran, Report, dashboard};
pub use revert::{OtherCatalog, back_to};
pub use saved::{Refused, Saved};
