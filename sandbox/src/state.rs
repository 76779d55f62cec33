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
            after_retries: usual_end(),
            stuck: HashSet::new(),
            base: String::new(),
        }
    }

    /// Makes ready what was read from a file.
    pub(crate) fn index(&mut self) {
        self.store.index(resources::ALL);
    }
}
