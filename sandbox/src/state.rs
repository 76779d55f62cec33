//! The account: everything that outlives a request.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::deliveries::Delivery;
use crate::delivery_faults::Unreliable;
use crate::idempotency::Kept;
use crate::ids::Ids;
use crate::resources::{self, accounts};
use crate::store::Store;

/// What is kept, and written to a file when asked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) ids: Ids,
    /// By idempotency key.
    pub(crate) answers: BTreeMap<String, Kept>,
    /// Events that endpoints do not have yet.
    pub(crate) deliveries: Vec<Delivery>,
    /// What goes wrong on their way.
    #[serde(default)]
    pub(crate) unreliable: Unreliable,
    /// By webhook endpoint.
    pub(crate) webhook_secrets: BTreeMap<String, String>,
    /// How far the clock was moved, in seconds.
    pub(crate) clock_offset: i64,
    /// The moment at which the clock stands still, if it does.
    #[serde(default)]
    pub(crate) frozen_at: Option<i64>,
    /// What becomes of a subscription whose payment has failed for the last time: `canceled`, `unpaid` or `past_due`.
    #[serde(default = "usual_end")]
    pub(crate) after_retries: String,
    /// Objects to which something was to happen that could not.
    #[serde(skip)]
    pub(crate) stuck: HashSet<String>,
    /// Where it answers, for the addresses of its pages.
    #[serde(skip)]
    pub(crate) base: String,
}

fn usual_end() -> String {
    "canceled".to_owned()
}

impl State {
    /// An account that is ready to sell and has sold nothing.
    pub(crate) fn new(seed: u64, account: &str, now: i64) -> Self {
        let mut store = Store::default();
        store.put(&accounts::ACCOUNT, accounts::ready(account, now));
        store.begin();
        Self {
            store,
            ids: Ids::new(seed),
            answers: BTreeMap::new(),
            deliveries: Vec::new(),
            unreliable: Unreliable::default(),
            webhook_secrets: BTreeMap::new(),
            clock_offset: 0,
            frozen_at: None,
            after_retries: usual_end(),
            stuck: HashSet::new(),
            base: String::new(),
        }
    }

    /// The account's own time.
    pub(crate) fn now(&self, wall_clock: i64) -> i64 {
        self.frozen_at.unwrap_or_else(|| wall_clock.saturating_add(self.clock_offset))
    }

    pub(crate) fn move_clock(&mut self, by_secs: i64) {
        match &mut self.frozen_at {
            Some(at) => *at = at.saturating_add(by_secs),
            None => self.clock_offset = self.clock_offset.saturating_add(by_secs),
        }
    }

    /// Lets the clock stand still, or go on from where it stands.
    pub(crate) fn freeze(&mut self, is_frozen: bool, wall_clock: i64) {
        let now = self.now(wall_clock);
        self.clock_offset = now.saturating_sub(wall_clock);
        self.frozen_at = is_frozen.then_some(now);
    }

    /// Makes ready what was read from a file.
    pub(crate) fn index(&mut self) {
        self.store.index(resources::ALL);
    }
}
