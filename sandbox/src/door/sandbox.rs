//! What all requests share: the account, and the time that it has.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Options;
use crate::core::{self, Keys};
use crate::request::{Answer, Request};
use crate::state::State;

/// A sandbox without its listener.
pub(crate) struct Sandbox {
    state: Mutex<State>,
    keys: Keys,
}

impl Sandbox {
    pub(crate) fn new(options: &Options) -> Self {
        let state = State::new(options.seed, &options.account, wall_clock());
        Self { state: Mutex::new(state), keys: Keys { only: options.key.clone() } }
    }

    /// Answers one request after the other.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = wall_clock() + state.clock_offset;
        core::answer(&mut state, &self.keys, request, now)
    }
}

/// Seconds since 1970.
fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
