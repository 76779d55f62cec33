//! How often the server does what it does by itself.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

/// Ticks so far apart, of which the first is now. A round that took long is followed by a whole pause.
pub(super) fn every(pause: Duration) -> Interval {
    let mut ticks = tokio::time::interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
