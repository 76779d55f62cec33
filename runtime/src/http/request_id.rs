//! Request ids: the caller's if it looks like one, otherwise one of our own.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, where routes need it: the edge puts it into those that change something or are for few.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) HeaderValue);

/// Tells this process from all others; a random id for each request would cost more than the rest of an answer.
static PROCESS: LazyLock<String> = LazyLock::new(|| Uuid::now_v7().simple().to_string());
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The caller's id, or `<process>-<count>`.
pub(super) fn request_id(headers: &HeaderMap) -> HeaderValue {
    headers.get(&REQUEST_ID).filter(|given| is_id(given)).cloned().unwrap_or_else(own)
}

fn own() -> HeaderValue {
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    HeaderValue::try_from(format!("{}-{count}", *PROCESS)).unwrap_or(HeaderValue::from_static("none"))
}

fn is_id(value: &HeaderValue) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=64).contains(&value.len()) && value.as_bytes().iter().all(plain)
}
