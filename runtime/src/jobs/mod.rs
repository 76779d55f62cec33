//! Work that servers share, so that one of them does it: a queue that survives a restart, turns, and leases.

mod backoff;
mod join;
mod kept;
mod lease;
mod queue;
mod turn;

pub use backoff::{backoff, jittered, not_before};
pub use join::{Joining, join};
pub use kept::{Counts, Kept, counts, find, newest, replay};
pub use lease::{acquire, release, renew as renew_lease};
pub use queue::{Job, add, again, claim, die, note, put_back, renew, succeed, unfinished};
pub use turn::{Turn, come_back, take_turn, turn};
