//! The database's copy of the catalog: looking for differences, and putting them right.

pub mod doctor;
mod major;
pub mod payment;
mod payment_attempt;
mod payment_refusal;
mod price_list;
mod price_text;
mod read;
mod read_prices;
mod sync;
mod verify;

pub use major::major_units;
pub use price_list::{Line, Status, price_list};
pub use read::{Listed, read_active, read_one};
pub use sync::{Changes, Outcome, SyncError, rehearse, sync};
pub use verify::{Difference, verify};
