//! A request becomes an answer: whose key it is, which endpoint, whether it was answered before, what it does.

use serde_json::Value;

use crate::call::Call;
use crate::clockwork;
use crate::expand::render;
use crate::failure::Failure;
use crate::idempotency::{LONGEST_KEY, fingerprint};
use crate::list::PAGE;
use crate::params::{Branch, Field, Kind, check, field};
use crate::publishable;
use crate::request::{Answer, Request};
use crate::routes::{self, Found};
use crate::state::State;

/// The shapes of objects are those of this version, whichever one a request names.
pub(crate) const VERSION: &str = "2026-10-28.endive";

const EXPAND: &[Field] = &[field("expand", Kind::List(&Kind::Text(500)))];

/// Which keys are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    /// The only one; any test key where there is none.
    pub(crate) only: Option<String>,
}

/// Answers a request at a moment. Nothing changes where the answer is an error.
pub(crate) fn answer(state: &mut State, keys: &Keys, request: &Request, now: i64) -> Answer {
    answer_by(state, keys, request, now, run)
}

/// Answers as if the endpoint had broken down.
pub(crate) fn fail(state: &mut State, keys: &Keys, request: &Request, now: i64) -> Answer {
    answer_by(state, keys, request, now, |_, _, _, _, _, _| Err(Failure::server_error()))
}

/// Answers as if the endpoint had broken down once everything was done.
pub(crate) fn fail_after(state: &mut State, keys: &Keys, request: &Request, now: i64) -> Answer {
    answer_by(state, keys, request, now, |state, request, now, id, found, form| {
        run(state, request, now, id, found, form).and_then(|_| Err(Failure::server_error()))
    })
}

/// The answer to a request that does not reach the account.
pub(crate) fn refuse(state: &mut State, request: &Request, failure: &Failure) -> Answer {
    let request_id = state.ids.next("req_", 14);
    let mut headers = headers_of(request, &request_id);
    headers.extend(should_retry(failure.status).map(|retry| ("stripe-should-retry", retry.to_owned())));
    Answer { status: failure.status, body: failure.body(&request_id), headers }
}

fn headers_of(request: &Request, request_id: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("stripe-version", request.version.clone().unwrap_or_else(|| VERSION.to_owned())),
        ("request-id", request_id.to_owned()),
    ];
    headers.extend(request.idempotency_key.clone().map(|key| ("idempotency-key", key)));
    headers
}

type Run = fn(&mut State, &Request, i64, &str, Found, &Branch) -> Result<Value, Failure>;

fn answer_by(state: &mut State, keys: &Keys, request: &Request, now: i64, run: Run) -> Answer {
    // Whatever was in the way may be gone since.
    state.stuck.clear();
    clockwork::follow(state, now);
    let request_id = state.ids.next("req_", 14);
    let mut headers = headers_of(request, &request_id);
    let (status, body) = match accepted(state, keys, request, now) {
        Err(failure) => (failure.status, failure.body(&request_id)),
        Ok(Accepted::Before(status, body, original)) => {
            headers.extend([("idempotent-replayed", "true".to_owned()), ("original-request", original)]);
            (status, body)
        }
        Ok(Accepted::Now(found, form, fingerprint)) => {
            let result = run(state, request, now, &request_id, found, &form);
            let is_early = result.as_ref().is_err_and(|failure| failure.is_early);
            let (status, body) = match result {
                Ok(body) => (200, body),
                Err(failure) => (failure.status, failure.body(&request_id)),
            };
            if let (Some(key), false) = (&request.idempotency_key, is_early || request.method != "POST") {
                headers.push(("original-request", request_id.clone()));
                state.keep_answer(key, fingerprint, (status, &body, &request_id), now);
            }
            (status, body)
        }
    };
    headers.extend(should_retry(status).map(|retry| ("stripe-should-retry", retry.to_owned())));
    Answer { status, body, headers }
}

/// What Stripe tells its clients, where it tells them anything.
fn should_retry(status: u16) -> Option<&'static str> {
    match status {
        200..=299 => None,
        409 | 429 => Some("true"),
        400..=499 => Some("false"),
        _ => None,
    }
}

/// A request that may be carried out, or was.
enum Accepted {
    Before(u16, Value, String),
    Now(Found, Branch, String),
}

fn accepted(state: &State, keys: &Keys, request: &Request, now: i64) -> Result<Accepted, Failure> {
    keys.accept(request)?;
    if let Some(version) = request.version.as_deref().filter(|version| !is_version(version)) {
        return Err(Failure::invalid(format!("Invalid Stripe API version: {version}")).early());
    }
    let found = routes::find(&request.method, &request.path)
        .ok_or_else(|| Failure::unknown_route(&request.method, &request.path))?;
    let form = Branch::parse(&[&request.query, &request.body])?;
    if request.key.as_deref().is_some_and(publishable::is_one) {
        publishable::must_hold_a_secret(&form)?;
    }
    let fingerprint = fingerprint(&request.method, &request.path, &form);
    if let (Some(key), "POST") = (&request.idempotency_key, request.method.as_str()) {
        if key.chars().count() > LONGEST_KEY || key.is_empty() {
            let message = format!("Idempotency keys can be at most {LONGEST_KEY} characters long.");
            return Err(Failure::invalid(message).early());
        }
        if let Some(kept) = state.kept_answer(key, &fingerprint, now)? {
            return Ok(Accepted::Before(kept.status, kept.body.clone(), kept.request_id.clone()));
        }
    }
    Ok(Accepted::Now(found, form, fingerprint))
}

fn run(
    state: &mut State,
    request: &Request,
    now: i64,
    request_id: &str,
    found: Found,
    form: &Branch,
) -> Result<Value, Failure> {
    let Found { route, ids } = found;
    let page = if route.is_list { PAGE } else { &[] };
    let params = check(form, &[route.fields, page, EXPAND])?;
    let expand: Vec<String> = params.texts("expand").into_iter().map(str::to_owned).collect();
    let expand: Vec<&str> = expand.iter().map(String::as_str).collect();
    let request_of_event = (Some(request_id.to_owned()), request.idempotency_key.clone());
    state.store.begin();
    let deliveries = state.deliveries.len();
    let path = request.path.clone();
    let mut call = Call { state, now, ids, params, path, request: request_of_event, is_preview: false };
    let result = (route.run)(&mut call).and_then(|value| render(&call.state.store, value, &expand));
    if result.as_ref().is_err_and(|failure| !failure.keeps_changes) {
        state.store.roll_back();
        state.deliveries.truncate(deliveries);
    }
    result
}

impl Keys {
    fn accept(&self, request: &Request) -> Result<(), Failure> {
        let Some(key) = request.key.as_deref().filter(|key| !key.is_empty()) else {
            return Err(Failure::unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using \
                 Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
                 https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
            ));
        };
        if publishable::is_one(key) {
            // Which secret key its owner uses, it does not tell.
            if key.starts_with("pk_test_") && publishable::opens(request) {
                return Ok(());
            }
            return Err(Failure::forbidden(
                "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a \
                 list of your API keys at https://dashboard.stripe.com/account/apikeys.",
                "secret_key_required",
            ));
        }
        let is_good = match &self.only {
            Some(only) => key == only,
            // Live keys have no business here, and should not be typed into a test.
            None => key.starts_with("sk_test_") || key.starts_with("rk_test_"),
        };
        if is_good { Ok(()) } else { Err(Failure::unauthorized(format!("Invalid API Key provided: {}", masked(key)))) }
    }
}

/// `sk_test_*****abcd`
fn masked(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let shown = |index: usize| index < 8 || index + 4 >= characters.len() && characters.len() > 16;
    characters.iter().enumerate().map(|(index, character)| if shown(index) { *character } else { '*' }).collect()
}

/// `2024-06-20` or `2026-10-28.endive`
fn is_version(version: &str) -> bool {
    let day = version.split('.').next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2] && parts.concat().bytes().all(|byte| byte.is_ascii_digit())
}
