//! The database's copy of the catalog: looking for differences, saving rows, and putting them right.

pub mod backup;
mod generated;
mod plan;
mod price_list;
mod price_text;
pub mod record;
pub mod state;
mod sync;
mod verify;

pub use generated::{Stale, check_generated};
pub use plan::{Plan, UnknownRow, plan};
pub use price_list::{Line, Status, price_list};
pub use sync::{Changes, Outcome, Request, Step, SyncError, rehearse, sync};
pub use verify::{Difference, verify};
