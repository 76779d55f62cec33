//! `services deployed`: waits until the servers of an API run this program's catalog.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use serde_json::{Value, json};

use crate::live_shop::{Answer, Api};
use crate::shop::{Ran, SHOP, run};

const OLD: &str = "feedfacefeed0000000000000000000000000000000000000000000000000000";

fn ready(hash: &str) -> Answer {
    let data = json!({ "catalogHash": hash, "databaseHash": OLD, "synced": false, "revision": 1 });
    (200, "application/json", Body::from(json!({ "success": true, "data": data }).to_string()))
}

fn deployed(code: u8, api: &Api, arguments: &[&str]) -> Ran {
    let ran = run(api.artifacts(), &[&["services", "deployed"], arguments].concat());
    assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
    ran
}

#[test]
fn it_waits_until_every_server_behind_the_address_has_this_catalog() {
    // Of two servers one follows first, so that every other answer is still the old one; between them nobody answers.
    let api = Api::new(|before, _| match before {
        0..4 => ready(OLD),
        4 => (502, "text/html", Body::from("<html>")),
        5..12 if before % 2 == 1 => ready(OLD),
        _ => ready(SHOP.catalog_hash),
    });
    let ran = deployed(0, &api, &["production", "--within", "60"]);
    assert_eq!(ran.out, format!("{} runs the program of catalog 5ab0c0ffee00\n", api.url));
    let asked = api.asked();
    assert_eq!(asked.len(), 17, "the last five answers in a row name it");
    assert!(asked.iter().all(|asked| asked.path == "/ready"));
    let closes = |(name, value): &(String, String)| name == "connection" && value == "close";
    assert!(asked.iter().all(|asked| asked.headers.iter().any(closes)), "each asks whoever answers next");
}

#[test]
fn an_old_program_a_silent_server_and_another_api_are_told_apart() {
    let old = Api::new(|_, _| ready(OLD));
    let ran = deployed(1, &old, &["--within", "0"]);
    let message = format!("{} runs the program of catalog feedfacefeed, and this one is of 5ab0c0ffee00", old.url);
    assert!(ran.err.contains(&message) && ran.err.contains("before rows are synced"), "{}", ran.err);
    let other = Api::new(|_, _| (200, "text/html", Body::from("<html>")));
    let ran = deployed(1, &other, &["--within", "0"]);
    assert!(ran.err.contains("this is not what a server of pricebook answers"), "{}", ran.err);
    let ran = deployed(1, &other, &["http://127.0.0.1:9", "--within", "0"]);
    assert!(ran.err.contains("http://127.0.0.1:9/ready cannot be reached"), "{}", ran.err);
}

#[test]
fn each_of_several_servers_is_asked_at_its_own_address() {
    let new = Api::new(|_, _| ready(SHOP.catalog_hash));
    let calls = AtomicUsize::new(0);
    let late = Api::new(move |_, _| match calls.fetch_add(1, Ordering::Relaxed) {
        0 => ready(OLD),
        _ => ready(SHOP.catalog_hash),
    });
    let ran = deployed(0, &new, &[&new.url, &late.url, "--json"]);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    let server = |api: &Api| json!({ "url": api.url, "served_hash": SHOP.catalog_hash });
    assert_eq!(report, json!({ "catalog_hash": SHOP.catalog_hash, "servers": [server(&new), server(&late)] }));
    assert_eq!((new.asked().len(), late.asked().len()), (5, 6));
}
