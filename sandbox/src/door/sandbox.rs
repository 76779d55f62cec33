//! What all requests share: the account, the time that it has, the faults and limits in front of it.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::Options;
use crate::clockwork;
use crate::core::{self, Keys};
use crate::deliveries::{Delivery, Letter};
use crate::delivery_faults::{DeliveryFaults, Unreliable};
use crate::failure::Failure;
use crate::faults::{FaultRule, Faults};
use crate::persistence;
use crate::rate::Rate;
use crate::request::{Answer, Request};
use crate::state::State;

const LONGEST_WAIT_SECS: i64 = 3600;
/// How many requests are remembered.
const MOST_REQUESTS: usize = 100_000;

/// A sandbox without its listener.
pub(crate) struct Sandbox {
    state: Mutex<State>,
    keys: Keys,
    pub(super) latency: Duration,
    rate: Option<Mutex<Rate>>,
    faults: Mutex<Faults>,
    /// Idempotency keys of requests without an answer.
    under_way: Mutex<HashSet<String>>,
    requests: Mutex<VecDeque<Value>>,
    changed: Notify,
    is_unsaved: AtomicBool,
}

impl Sandbox {
    /// # Errors
    /// Where the file of the account cannot be read.
    pub(crate) fn new(options: &Options, address: SocketAddr) -> io::Result<Self> {
        let kept = options.file.as_deref().map(persistence::load).transpose()?.flatten();
        let mut state = kept.unwrap_or_else(|| State::new(options.seed, &options.account, wall_clock()));
        // Nobody reaches an unspecified address; this machine itself is meant.
        let host = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
        state.base = format!("http://{}", SocketAddr::new(host, address.port()));
        Ok(Self {
            state: Mutex::new(state),
            keys: Keys { only: options.key.clone() },
            latency: options.latency,
            rate: options.requests_per_sec.map(|limit| Mutex::new(Rate::new(limit, Instant::now()))),
            faults: Mutex::default(),
            under_way: Mutex::default(),
            requests: Mutex::default(),
            changed: Notify::new(),
            is_unsaved: AtomicBool::new(false),
        })
    }

    /// Answers one request after the other.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        let mut state = lock(&self.state);
        let now = state.now(wall_clock());
        let answer = core::answer(&mut state, &self.keys, request, now);
        drop(state);
        if request.method != "GET" {
            self.has_changed();
        }
        answer
    }

    /// A key that is taken, for the sandbox's own pages.
    pub(super) fn own_key(&self) -> String {
        self.keys.only.clone().unwrap_or_else(|| "sk_test_of_the_pages".to_owned())
    }

    /// The answer to a request that does not reach the account.
    pub(super) fn refuse(&self, request: &Request, failure: &Failure) -> Answer {
        core::refuse(&mut lock(&self.state), request, failure)
    }

    /// Answers as if the endpoint had broken down.
    pub(super) fn fail(&self, request: &Request) -> Answer {
        let mut state = lock(&self.state);
        let now = state.now(wall_clock());
        core::fail(&mut state, &self.keys, request, now)
    }

    /// Answers as if the endpoint had broken down once everything was done.
    pub(super) fn fail_after(&self, request: &Request) -> Answer {
        let mut state = lock(&self.state);
        let now = state.now(wall_clock());
        let answer = core::fail_after(&mut state, &self.keys, request, now);
        drop(state);
        self.has_changed();
        answer
    }

    pub(crate) fn add_fault(&self, rule: FaultRule) {
        self.faults().add(rule);
    }

    fn has_changed(&self) {
        self.is_unsaved.store(true, Ordering::Release);
        self.changed.notify_one();
    }

    /// # Errors
    /// Why the request comes too soon.
    pub(super) fn within_rate(&self, endpoint: &str) -> Result<(), &'static str> {
        self.rate.as_ref().map_or(Ok(()), |rate| lock(rate).take(endpoint, Instant::now()))
    }

    /// Holds an idempotency key until the guard is dropped; none where another request holds it.
    pub(super) fn hold(&self, key: &str) -> Option<Held<'_>> {
        let is_free = lock(&self.under_way).insert(key.to_owned());
        is_free.then(|| Held { sandbox: self, key: key.to_owned() })
    }

    /// Remembers what was asked and answered.
    pub(super) fn note(&self, request: &Request, status: u16) {
        let mut requests = lock(&self.requests);
        if requests.len() == MOST_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(json!({ "method": request.method, "path": request.path, "status": status }));
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, VecDeque<Value>> {
        lock(&self.requests)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// By the sandbox's clock.
    pub(super) fn now(&self) -> i64 {
        lock(&self.state).now(wall_clock())
    }

    pub(super) fn move_clock(&self, by_secs: i64) {
        let mut state = lock(&self.state);
        state.move_clock(by_secs);
        let now = state.now(wall_clock());
        clockwork::follow(&mut state, now);
        drop(state);
        self.has_changed();
    }

    /// From now on; what is on its way already is not touched.
    pub(crate) fn set_delivery_faults(&self, faults: DeliveryFaults) {
        lock(&self.state).unreliable = Unreliable::new(faults);
        self.has_changed();
    }

    /// How many deliveries wait, how many of them are due, and what goes wrong with new ones.
    pub(super) fn deliveries(&self) -> Value {
        let state = lock(&self.state);
        let now = state.now(wall_clock());
        let due = state.due_count(now);
        json!({ "waiting": state.deliveries.len(), "due": due, "faults": state.unreliable.faults })
    }

    /// Whether each delivery waits for the answer to the one before it.
    pub(super) fn sends_one_by_one(&self) -> bool {
        lock(&self.state).unreliable.faults.one_by_one
    }

    pub(super) fn after_retries(&self) -> String {
        lock(&self.state).after_retries.clone()
    }

    pub(super) fn set_after_retries(&self, status: &str) {
        status.clone_into(&mut lock(&self.state).after_retries);
        self.has_changed();
    }

    /// Whether time stands still but for moves of the clock.
    pub(super) fn is_frozen(&self) -> bool {
        lock(&self.state).frozen_at.is_some()
    }

    pub(super) fn freeze(&self, is_frozen: bool) {
        lock(&self.state).freeze(is_frozen, wall_clock());
        self.has_changed();
    }

    /// Waits until something has changed, at most so long.
    pub(super) async fn changed(&self, at_most: Duration) {
        // Either way there is something to look at.
        let _ = tokio::time::timeout(at_most, self.changed.notified()).await;
    }

    /// At most so many letters that are due.
    pub(super) fn due_letters(&self, most: usize) -> Vec<Letter> {
        let mut state = lock(&self.state);
        let now = state.now(wall_clock());
        if clockwork::follow(&mut state, now) {
            self.is_unsaved.store(true, Ordering::Release);
        }
        state.due_letters(now, most)
    }

    pub(super) fn tried(&self, delivery: &Delivery, has_arrived: bool) {
        let mut state = lock(&self.state);
        let now = state.now(wall_clock());
        state.tried(delivery, has_arrived, now);
        self.is_unsaved.store(true, Ordering::Release);
    }

    /// How long nothing is due.
    pub(super) fn until_next_due(&self) -> Duration {
        let state = lock(&self.state);
        let now = state.now(wall_clock());
        let next = state.next_due().into_iter().chain(clockwork::next_due(&state)).min();
        let secs = next.map_or(LONGEST_WAIT_SECS, |due| (due - now).clamp(0, LONGEST_WAIT_SECS));
        Duration::from_secs(u64::try_from(secs).unwrap_or_default())
    }

    /// The account as a file holds it, where it has changed since it was asked for last.
    pub(super) fn unsaved(&self) -> Option<Vec<u8>> {
        let is_unsaved = self.is_unsaved.swap(false, Ordering::AcqRel);
        is_unsaved.then(|| serde_json::to_vec(&*lock(&self.state)).unwrap_or_default())
    }
}

/// An idempotency key that is under way.
pub(super) struct Held<'a> {
    sandbox: &'a Sandbox,
    key: String,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        lock(&self.sandbox.under_way).remove(&self.key);
    }
}

/// What a panicked request has left is whole: it is taken back at the next beginning or was never begun.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds since 1970.
pub(super) fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
