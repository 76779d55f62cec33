//! A request and its answer, without any network.

use serde_json::Value;

/// What was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `GET`, `POST` or `DELETE`.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: String,
    /// The secret key, however it was sent.
    pub(crate) key: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    /// `Stripe-Version`.
    pub(crate) version: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: Vec<(&'static str, String)>,
}
