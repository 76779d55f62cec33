//! Answers that are kept for their idempotency keys: <https://docs.stripe.com/api/idempotent_requests>

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::params::Branch;
use crate::state::State;

/// Keys may be forgotten after a day.
const KEPT_SECS: i64 = 24 * 60 * 60;
pub(crate) const LONGEST_KEY: usize = 255;

/// The answer to the first request with a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Of method, path and parameters.
    fingerprint: String,
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) request_id: String,
    at: i64,
}

/// What makes two requests the same one.
pub(crate) fn fingerprint(method: &str, path: &str, form: &Branch) -> String {
    let digest = Sha256::digest(format!("{method} {path} {form:?}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl State {
    /// The answer that the key has already, unless it is too old.
    ///
    /// # Errors
    /// Where the key was used for another request.
    pub(crate) fn kept_answer(&self, key: &str, fingerprint: &str, now: i64) -> Result<Option<&Kept>, Failure> {
        match self.answers.get(key).filter(|kept| now - kept.at < KEPT_SECS) {
            Some(kept) if kept.fingerprint != fingerprint => Err(Failure::other_parameters(key)),
            kept => Ok(kept),
        }
    }

    /// Keeps the answer to a key's first request.
    pub(crate) fn keep_answer(&mut self, key: &str, fingerprint: String, answer: (u16, &Value, &str), now: i64) {
        // Looking through all of them at every write would make many writes slow.
        if self.answers.len().is_multiple_of(1000) {
            self.answers.retain(|_, kept| now - kept.at < KEPT_SECS);
        }
        let (status, body, request_id) = answer;
        let kept = Kept { fingerprint, status, body: body.clone(), request_id: request_id.to_owned(), at: now };
        self.answers.insert(key.to_owned(), kept);
    }
}
