//! Live APIs that are slow, broken, elsewhere or no API at all: each is told in words that say what to do.

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use futures_util::stream;
use pricebook::services::live::{LiveApi, LiveError, Patience, check};
use serde_json::json;

use crate::live_shop::{Answer, Api, answer, shop_answers};
use crate::shop::run;

const HASTY: Patience = Patience {
    timeout: Duration::from_secs(10),
    retries: 2,
    first_delay: Duration::from_millis(1),
    longest_wait: Duration::from_secs(5),
    most_bytes: 100_000,
};

fn checked_with(api: &Api, patience: Patience) -> Result<usize, LiveError> {
    let live = LiveApi::new(api.url.parse().expect("a URL"), patience).expect("a client");
    let artifacts = api.artifacts();
    let tables = serde_json::from_str(artifacts.validation_json).expect("tables");
    let checked = api.runtime.block_on(check(&live, artifacts, &tables, 1_800_000_000, || "2026-11-21".to_owned()));
    checked.map(|checked| checked.differences.len())
}

fn checked(api: &Api) -> Result<usize, LiveError> {
    checked_with(api, HASTY)
}

#[test]
fn what_is_no_list_of_products_is_an_invalid_answer() {
    for (body, problem) in [
        ("<html><title>502</title></html>", "the answer is no JSON object but text/html: expected value at line 1"),
        ("", "the answer is no JSON object but text/html: EOF"),
        ("[]", "the answer is no JSON object but text/html: invalid type"),
        (r#"{"success":true,"teas":[{"id":"green"}"#, "the answer is no JSON object but text/html: EOF"),
        (r#"{"success":false,"teas":[]}"#, "`success` is not true"),
        (r#"{"success":"yes","teas":[]}"#, "`success` is not true"),
        (r#"{"teas":[]}"#, "`success` is not true"),
        (r#"{"success":true}"#, "there is no `teas`"),
        (r#"{"success":true,"teas":{}}"#, "`teas` is no list"),
        (r#"{"success":true,"teas":[{"id":"green"},{"id":7}]}"#, "`teas[1]` has no text `id`"),
        (r#"{"success":true,"teas":["green"]}"#, "`teas[0]` has no text `id`"),
    ] {
        let api = Api::new(move |_, _| (200, "text/html", Body::from(body)));
        let ran = api.validate(1, &[]);
        let says = format!("Validation failed: Invalid API response\nhelp: {}/teas: {problem}", api.url);
        assert!(ran.err.starts_with(&says), "{body}: {}", ran.err);
        assert!(!ran.out.contains("Frontend and backend"), "{}", ran.out);
        assert_eq!(api.asked().len(), 1, "asking again does not help");
    }
}

#[test]
fn an_answer_without_a_content_type_is_told_as_such() {
    let api = Api::new(|_, _| (200, "", Body::from("oops")));
    let ran = api.validate(1, &[]);
    assert!(ran.err.contains("/teas: the answer is no JSON object but of no content type: "), "{}", ran.err);
}

#[test]
fn a_status_that_is_no_success_is_told_with_what_to_do() {
    for (status, says, help, tries) in [
        (500, "answered 500 Internal Server Error", "see the log of the server", 3),
        (503, "answered 503 Service Unavailable", "see the log of the server", 3),
        (429, "answered 429 Too Many Requests: what is served now cannot be seen", "look again in 1 s", 3),
        (401, "answered 401 Unauthorized", "live_url is the address of the API", 1),
        (204, "answered 204 No Content", "live_url is the address of the API", 1),
        (301, "answered 301 and sends to https://elsewhere.example/", "name the address that answers as live_url", 1),
    ] {
        let api = Api::new(move |_, _| (status, "text/html", Body::empty()));
        let error = checked(&api).expect_err("no answer");
        assert_eq!(error.to_string(), format!("{}/teas {says}", api.url));
        assert!(error.help().contains(help), "{}", error.help());
        assert_eq!(api.asked().len(), tries, "{status}");
    }
}

#[test]
fn what_passes_by_itself_is_no_failure() {
    let api = Api::new(|before, asked| match before {
        0 | 1 => (503, "text/plain", Body::from("starting")),
        _ => shop_answers(asked, |_| {}),
    });
    assert_eq!(checked(&api).expect("an answer"), 0);
    assert_eq!(api.asked().len(), 4);
}

#[test]
fn an_api_that_limits_reading_anew_is_waited_for_as_long_as_it_says() {
    let api = Api::new(|before, asked| match before {
        0 => (429, "text/plain", Body::empty()),
        _ => shop_answers(asked, |_| {}),
    });
    let begun = Instant::now();
    assert_eq!(checked(&api).expect("an answer"), 0);
    assert!(begun.elapsed() >= Duration::from_secs(1), "it says that it wants a second");
    let paths: Vec<_> = api.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/teas?bust=1800000000", "/teas?bust=1800000000", "/pots?bust=1800000000"]);
}

#[test]
fn a_command_says_that_it_waits() {
    let api = Api::new(|before, asked| match before {
        0 => (429, "text/plain", Body::empty()),
        _ => shop_answers(asked, |_| {}),
    });
    let ran = api.validate(0, &[]);
    assert_eq!(ran.err, "waiting 1 second, as the API asks\n");
}

#[test]
fn what_an_api_has_kept_is_not_taken_for_what_it_serves() {
    let api = Api::new(|_, asked| match asked.path.contains("bust") {
        true => (429, "text/plain", Body::empty()),
        false => shop_answers(asked, |_| {}),
    });
    let error = checked_with(&api, Patience { longest_wait: Duration::ZERO, ..HASTY }).expect_err("nothing was seen");
    assert!(error.is_limited(), "{error}");
    assert_eq!(api.asked().len(), 1, "it wants more than we have");
    let ran = api.validate(1, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["result"], "not_seen");
    assert!(ran.err.contains("/teas answered 429 Too Many Requests: what is served now cannot be seen"), "{}", ran.err);
}

#[test]
fn one_that_never_ends_its_answer_is_too_slow_or_too_long() {
    let endless = |_, _: &_| -> Answer {
        (200, "application/json", Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>()))
    };
    let slow = Api::new(endless);
    let patience = Patience { timeout: Duration::from_secs(1), retries: 0, ..HASTY };
    let error = checked_with(&slow, patience).expect_err("no answer");
    assert_eq!(error.to_string(), format!("{}/teas gave no answer within 1 seconds", slow.url));
    assert!(error.help().contains("live_check_timeout_secs"), "{}", error.help());

    let long = Api::new(|_, _| {
        let blanks = stream::repeat_with(|| Ok::<_, axum::Error>(Bytes::from_static(&[b' '; 4096])));
        (200, "application/json", Body::from_stream(blanks))
    });
    let error = checked(&long).expect_err("no answer");
    assert_eq!(error.to_string(), format!("{}/teas answered more than 100000 bytes", long.url));
    assert_eq!(long.asked().len(), 1);
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let api = Api::new(|before, asked| match before {
        0 => {
            let broken = stream::iter([Ok(Bytes::from_static(b"{\"success\":")), Err(axum::Error::new("gone"))]);
            (200, "application/json", Body::from_stream(broken))
        }
        _ => shop_answers(asked, |_| {}),
    });
    assert_eq!(checked(&api).expect("an answer"), 0);
    assert_eq!(api.asked().len(), 3);
}

#[test]
fn nobody_there_and_no_tls_there_are_told() {
    let api = Api::new(|_, _| answer(&json!({})));
    let ran = run(api.artifacts(), &["services", "validate", &api.url.replace("http://", "https://")]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("Validation failed: https://127.0.0.1:") && ran.err.contains("/teas cannot be reached: "),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("help: see that the server runs there, and that its name and certificate are right"),
        "{}",
        ran.err
    );
    // Nothing listens at the port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let ran = run(api.artifacts(), &["services", "validate", &format!("http://{port}"), "--json"]);
    assert!(ran.err.contains("Connection refused"), "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["result"], "failed");
    assert!(report["error"].as_str().expect("a text").contains("Connection refused"));
}

#[test]
fn a_password_in_the_address_is_not_told() {
    let ran = run(Api::of_shop(|_| {}).artifacts(), &["services", "validate", "http://me:hunter2@127.0.0.1:1"]);
    assert!(ran.code == 1 && ran.err.contains("http://127.0.0.1:1/teas cannot be reached"), "{}", ran.err);
    assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"), "{}{}", ran.out, ran.err);
}
