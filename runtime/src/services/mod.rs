//! The database's copy of the catalog: looking for differences, saving rows, putting them right, reading and selling them.

pub mod backup;
pub mod doctor;
pub mod drift;
mod edited;
mod generated;
pub mod live;
mod major;
mod new_rows;
mod one_line;
pub mod payment;
mod payment_attempt;
mod payment_refusal;
mod plan;
mod price_list;
mod price_text;
mod prune;
mod read;
mod read_prices;
pub mod record;
pub mod state;
mod sync;
mod unknown;
mod verify;
pub mod whose;

pub use edited::{ASKED, Edited, check_catalog};
pub use generated::{Stale, check_generated};
pub use major::major_units;
pub use new_rows::{NewRow, new_rows};
pub(crate) use one_line::{is_hidden, one_line};
pub use plan::{Plan, plan};
pub use price_list::{Line, Status, price_list};
pub use prune::{Pruned, prune};
pub use read::{Listed, read_active, read_one};
pub use sync::{Changes, Outcome, Request, Step, SyncError, rehearse, sync};
pub use unknown::UnknownRow;
pub use verify::{Difference, verify};
