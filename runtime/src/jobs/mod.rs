//! Work that servers share, so that one of them does it: a queue that survives a restart, and turns.

mod queue;
mod turn;

pub use queue::{Job, add, again, claim, die, succeed, unfinished};
pub use turn::{come_back, take_turn};
