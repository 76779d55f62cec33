//! What stands in front of the account: latency, limits, faults, and one request at a time for each idempotency key.

use std::time::Duration;

use serde_json::Value;

use super::Sandbox;
use crate::failure::Failure;
use crate::faults::Fault;
use crate::request::{Answer, Request};
use crate::routes;

/// An answer, or a connection that breaks without one.
pub(super) enum Outcome {
    Answer(Answer),
    /// Only the beginning of it.
    Half(Answer),
    Broken,
}

/// Lets a request through to the account, or not.
pub(super) async fn pass(sandbox: &Sandbox, request: &Request) -> Outcome {
    tokio::time::sleep(sandbox.latency).await;
    let endpoint = format!("{} {}", request.method, routes::pattern(&request.method, &request.path));
    if let Err(reason) = sandbox.within_rate(&endpoint) {
        return Outcome::Answer(rate_limited(sandbox, request, reason));
    }
    let key = request.idempotency_key.as_deref().filter(|_| request.method == "POST");
    let held = key.map(|key| sandbox.hold(key).ok_or_else(|| Failure::key_in_use(key)));
    let _held = match held.transpose() {
        Ok(held) => held,
        Err(failure) => return Outcome::Answer(sandbox.refuse(request, &failure)),
    };
    let fault = sandbox.faults().strike(&request.method, &request.path);
    match fault {
        None => Outcome::Answer(sandbox.answer(request)),
        Some(Fault::RateLimited) => Outcome::Answer(rate_limited(sandbox, request, "global-rate")),
        Some(Fault::Unavailable) => Outcome::Answer(sandbox.refuse(request, &Failure::unavailable())),
        Some(Fault::ServerError) => Outcome::Answer(sandbox.fail(request)),
        Some(Fault::ServerErrorAfter) => Outcome::Answer(sandbox.fail_after(request)),
        Some(Fault::Timeout { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            Outcome::Broken
        }
        Some(Fault::LostAnswer) => {
            sandbox.answer(request);
            Outcome::Broken
        }
        Some(Fault::CutAnswer) => Outcome::Half(sandbox.answer(request)),
        Some(Fault::ShortPage { items }) => {
            let mut answer = sandbox.answer(request);
            shorten(&mut answer.body, items);
            Outcome::Answer(answer)
        }
        Some(Fault::Delay { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            Outcome::Answer(sandbox.answer(request))
        }
    }
}

/// A page may have fewer objects than its limit, as long as it says that there are more.
fn shorten(page: &mut Value, items: usize) {
    if let Some(data) = page["data"].as_array_mut().filter(|data| data.len() > items) {
        data.truncate(items);
        page["has_more"] = Value::Bool(true);
    }
}

fn rate_limited(sandbox: &Sandbox, request: &Request, reason: &'static str) -> Answer {
    let mut answer = sandbox.refuse(request, &Failure::rate_limited());
    answer.headers.push(("stripe-rate-limited-reason", reason.to_owned()));
    answer
}
