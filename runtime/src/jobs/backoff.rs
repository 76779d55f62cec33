//! How long to wait before something is tried again.

use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Doublings of the first delay beyond which it grows no more.
const MOST_DOUBLINGS: u32 = 16;

/// The first delay, twice it, four times …, and a little more by chance; `tries` were made.
pub fn backoff(first: Duration, tries: u32) -> Duration {
    jittered(first.saturating_mul(1 << tries.saturating_sub(1).min(MOST_DOUBLINGS)))
}

/// Between the delay and half as much again, so that those who failed together do not come back together.
pub fn jittered(delay: Duration) -> Duration {
    let chance = getrandom::u32().unwrap_or_default() % 512;
    delay + delay * chance / 1024
}

/// The moment, or the next that a column can hold: they know whole seconds, and what is put off is never early.
pub fn not_before(time: DateTime<Utc>) -> DateTime<Utc> {
    let second = TimeDelta::seconds(1);
    match time.duration_trunc(second) {
        Ok(whole) if whole < time => whole + second,
        Ok(whole) => whole,
        Err(_) => time,
    }
}
