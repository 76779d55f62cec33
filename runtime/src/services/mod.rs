//! The database's copy of the catalog: looking for differences, and putting them right.

mod price_list;
mod price_text;
mod sync;
mod verify;

pub use price_list::{Line, Status, price_list};
pub use sync::{Changes, Outcome, SyncError, rehearse, sync};
pub use verify::{Difference, verify};
