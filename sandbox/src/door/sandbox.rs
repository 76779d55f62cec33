//! What all requests share: the account, and the time that it has.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

use crate::Options;
use crate::core::{self, Keys};
use crate::deliveries::{Delivery, Letter};
use crate::request::{Answer, Request};
use crate::state::State;

const LONGEST_WAIT_SECS: i64 = 3600;

/// A sandbox without its listener.
pub(crate) struct Sandbox {
    state: Mutex<State>,
    keys: Keys,
    changed: Notify,
}

impl Sandbox {
    pub(crate) fn new(options: &Options) -> Self {
        let state = State::new(options.seed, &options.account, wall_clock());
        Self { state: Mutex::new(state), keys: Keys { only: options.key.clone() }, changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one request after the other.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state();
        let now = wall_clock() + state.clock_offset;
        let answer = core::answer(&mut state, &self.keys, request, now);
        self.changed.notify_one();
        answer
    }

    /// Waits until something has changed, at most so long.
    pub(super) async fn changed(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.changed.notified()).await;
    }

    pub(super) fn due_letters(&self) -> Vec<Letter> {
        let mut state = self.state();
        let now = wall_clock() + state.clock_offset;
        state.due_letters(now)
    }

    pub(super) fn tried(&self, delivery: &Delivery, has_arrived: bool) {
        let mut state = self.state();
        let now = wall_clock() + state.clock_offset;
        state.tried(delivery, has_arrived, now);
    }

    /// How long nothing is due.
    pub(super) fn until_next_due(&self) -> Duration {
        let state = self.state();
        let now = wall_clock() + state.clock_offset;
        let secs = state.next_due().map_or(LONGEST_WAIT_SECS, |due| (due - now).clamp(0, LONGEST_WAIT_SECS));
        Duration::from_secs(u64::try_from(secs).unwrap_or_default())
    }
}

/// Seconds since 1970.
pub(super) fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
