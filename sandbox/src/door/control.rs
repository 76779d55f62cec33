//! The sandbox's own control, under `/_sandbox/`: its clock, its faults, and what was asked of it.

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Sandbox;
use crate::delivery_faults::DeliveryFaults;
use crate::faults::FaultRule;

/// How the clock is to be moved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    /// By so many seconds.
    advance_secs: Option<i64>,
    /// To this moment.
    now: Option<i64>,
    /// Whether it stands still from then on.
    frozen: Option<bool>,
}

/// What an account sets in Stripe's dashboard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    after_retries: AfterRetries,
}

/// What becomes of a subscription whose payment has failed for the last time.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AfterRetries {
    Canceled,
    Unpaid,
    PastDue,
}

impl AfterRetries {
    fn status(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::Unpaid => "unpaid",
            Self::PastDue => "past_due",
        }
    }
}

/// Status and body of the answer to a request below `/_sandbox/`; none where it is one to the account.
pub(super) fn answer(sandbox: &Sandbox, method: &str, path: &str, body: &Bytes) -> Option<(u16, Value)> {
    let done = match (method, path) {
        ("GET", "clock") => Ok(time(sandbox)),
        ("POST", "clock") => read(body).map(|clock: Clock| {
            if let Some(is_frozen) = clock.frozen {
                sandbox.freeze(is_frozen);
            }
            let by = clock.now.map_or(0, |now| now - sandbox.now()) + clock.advance_secs.unwrap_or(0);
            sandbox.move_clock(by);
            time(sandbox)
        }),
        ("GET", "settings") => Ok(json!({ "after_retries": sandbox.after_retries() })),
        ("POST", "settings") => read(body).map(|settings: Settings| {
            sandbox.set_after_retries(settings.after_retries.status());
            json!({ "after_retries": sandbox.after_retries() })
        }),
        ("GET", "faults") => Ok(json!({ "faults": sandbox.faults().rules() })),
        ("POST", "faults") => read(body).map(|rule: FaultRule| {
            sandbox.faults().add(rule);
            json!({ "faults": sandbox.faults().rules() })
        }),
        ("DELETE", "faults") => {
            sandbox.faults().clear();
            Ok(json!({ "faults": [] }))
        }
        ("GET", "deliveries") => Ok(sandbox.deliveries()),
        ("POST", "deliveries") => read(body).map(|faults: DeliveryFaults| {
            sandbox.set_delivery_faults(faults);
            sandbox.deliveries()
        }),
        ("DELETE", "deliveries") => {
            sandbox.set_delivery_faults(DeliveryFaults::default());
            Ok(sandbox.deliveries())
        }
        ("GET", "requests") => Ok(json!({ "requests": sandbox.requests().clone() })),
        ("DELETE", "requests") => {
            sandbox.requests().clear();
            Ok(json!({ "requests": [] }))
        }
        _ => return None,
    };
    Some(match done {
        Ok(body) => (200, body),
        Err(message) => (400, json!({ "error": message })),
    })
}

fn time(sandbox: &Sandbox) -> Value {
    json!({ "frozen": sandbox.is_frozen(), "now": sandbox.now() })
}

fn read<T: for<'a> Deserialize<'a>>(body: &Bytes) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|cause| cause.to_string())
}
