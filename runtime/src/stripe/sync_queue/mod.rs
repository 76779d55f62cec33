//! What starts a sync of products without a command: changes that are told, the catalog of a new program, administrators
//! and the clock. All of it enters one queue in the database, and one server at a time works it off.

mod alert;
mod ask;
mod event;
mod keep;
mod plan_change;
mod run;
mod schedule;
mod stand;
mod validate;
mod worker;

pub use ask::{Ask, Debounce, KIND, Mode, Trigger, ask};
pub use event::{Event, EventError, Told, tell};
pub(crate) use plan_change::event_of;
pub use plan_change::{Change, Changes, ProductChanges, SetUpError};
pub use stand::{Clock, Schedules, Stand, stand};
pub use worker::{PreviewError, SyncWorker};
