//! `GET /services`: what the database says, kept until it changes.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use pricebook_types::Dialect;
use serde_json::json;

use crate::http_shop::{Answer, Site, on_every_database, request, settings, wait_for};

fn price(answer: &Answer, id: &str) -> i64 {
    let json = answer.json();
    let services = json["services"].as_array().expect("services");
    let service = services.iter().find(|service| service["id"] == id).expect("the service");
    service["priceRange"]["min"].as_i64().expect("a whole number")
}

#[test]
fn services_are_listed_as_the_documents_validator_reads_them() {
    on_every_database(|site| {
        let answer = site.get("/services");
        assert_eq!(answer.status, StatusCode::OK);
        let json = answer.json();
        assert_eq!(json["success"], true);
        assert_eq!(
            json["services"][0],
            json!({
                "id": "essentials", "name": "Essentials", "description": "It's \"good\"",
                "priceRange": { "min": 1495, "max": 1495 }, "depositAmount": 299, "currency": "usd",
                "billingType": "one-time", "features": ["Report", "Call"], "metadata": { "pages": "15-20" },
                "active": true,
            })
        );
        let ids: Vec<_> = json["services"].as_array().expect("a list").iter().map(|item| &item["id"]).collect();
        assert_eq!(ids, ["essentials", "retainer", "growing", "pulse"], "the active ones, in the catalog's order");
        assert!(answer.text.starts_with(r#"{"success":true,"services":[{"id":"#), "{}", answer.text);
    });
}

#[test]
fn a_kind_without_columns_of_its_own_is_answered_from_prices_and_catalog() {
    on_every_database(|site| {
        let plans = site.get("/plans").json();
        assert_eq!(
            plans["plans"][0],
            json!({
                "id": "starter", "name": "Starter", "description": "told by the catalog",
                "priceRange": { "min": "29.50", "max": "29.50" }, "depositAmount": null, "currency": "usd",
                "billingType": "monthly", "features": [], "metadata": {}, "active": true,
            })
        );
        assert_eq!(plans["plans"][1]["priceRange"], json!(null), "the catalog names no price of which a range is made");
        assert_eq!(plans["plans"].as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn a_text_that_is_not_utf_8_keeps_no_service_from_being_listed() {
    let site = Site::new(Dialect::Sqlite, settings(&[]));
    site.sql("UPDATE services SET name = CAST(x'45FF' AS TEXT) WHERE id = 'essentials'");
    assert_eq!(site.get("/services").json()["services"][0]["name"], "E\u{fffd}(FF)");
    assert_eq!(site.get("/services/essentials").json()["service"]["name"], "E\u{fffd}(FF)");
}

#[test]
fn one_service_is_answered_by_its_id() {
    on_every_database(|site| {
        let answer = site.get("/services/retainer");
        assert_eq!(answer.json()["service"]["depositAmount"], 3500);
        for id in ["nothing", "tracking", "old", "%FF", "%00", "o'brien"] {
            let (status, code, message) = site.get(&format!("/services/{id}")).error();
            assert_eq!((status, code.as_str()), (404, "service_not_found"), "{id}");
            assert!(message.starts_with("Service '") && message.ends_with("' not found or inactive"), "{message}");
        }
    });
}

#[test]
fn rows_that_the_catalog_does_not_know_come_last() {
    on_every_database(|site| {
        site.sql("INSERT INTO services VALUES ('by-hand', 'By hand', NULL, NULL, NULL, NULL, NULL, NULL, TRUE)");
        let services = site.get("/services").json();
        let last = services["services"].as_array().and_then(|list| list.last()).expect("a service");
        assert_eq!((&last["id"], &last["priceRange"]), (&json!("by-hand"), &json!(null)));
    });
}

#[test]
fn a_list_is_kept_and_bust_reads_it_anew() {
    on_every_database(|site| {
        assert_eq!(price(&site.get("/services"), "essentials"), 1495);
        site.sql("UPDATE services SET min_price = 7 WHERE id = 'essentials'");
        assert_eq!(price(&site.get("/services"), "essentials"), 1495, "it is kept");
        assert_eq!(price(&site.get("/services?bust="), "essentials"), 1495, "without a value nothing is bypassed");
        assert_eq!(price(&site.get("/services?bust=1700000000"), "essentials"), 7);
        assert_eq!(price(&site.get("/services"), "essentials"), 7, "the fresh list is kept");
    });
}

#[test]
fn a_list_expires_by_itself() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_CACHE_SECS", "0")]));
    assert_eq!(price(&site.get("/services"), "essentials"), 1495);
    site.sql("UPDATE services SET min_price = 7 WHERE id = 'essentials'");
    assert_eq!(price(&site.get("/services"), "essentials"), 7);
    assert_eq!(settings(&[]).cache, Duration::from_secs(300), "five minutes, unless somebody sets another time");
}

#[test]
fn after_a_sync_the_new_rows_are_answered_without_waiting() {
    on_every_database(|site| {
        site.watch();
        assert_eq!(price(&site.get("/services"), "essentials"), 1495);
        // The watcher must have seen the revision of before.
        let seen = "pricebook_database_up 1";
        wait_for(|| site.get("/metrics").text.contains(seen));
        site.sql("UPDATE services SET min_price = 8 WHERE id = 'essentials'");
        site.sql("UPDATE catalog_state SET revision = revision + 1");
        wait_for(|| price(&site.get("/services"), "essentials") == 8);
    });
}

#[test]
fn a_list_that_the_caller_has_is_not_sent_again() {
    on_every_database(|site| {
        let first = site.get("/services");
        let etag = first.header("etag").expect("a tag").to_owned();
        assert_eq!(first.header("cache-control"), Some("public, no-cache"));
        for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let again = site.send(request(Method::GET, "/services", &[("if-none-match", &known)], ""));
            assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{known}");
            assert_eq!(again.header("etag"), Some(&*etag));
        }
        let other = site.send(request(Method::GET, "/services", &[("if-none-match", "\"other\"")], ""));
        assert_eq!(other.status, StatusCode::OK);
        site.sql("UPDATE services SET min_price = 9 WHERE id = 'essentials'");
        let changed = site.send(request(Method::GET, "/services?bust=1", &[("if-none-match", &etag)], ""));
        assert_eq!(changed.status, StatusCode::OK);
        assert_ne!(changed.header("etag"), Some(&*etag));
    });
}

#[test]
fn a_product_that_the_caller_has_is_not_sent_again() {
    on_every_database(|site| {
        let first = site.get("/services/essentials");
        let etag = first.header("etag").expect("a tag").to_owned();
        let known = || request(Method::GET, "/services/essentials", &[("if-none-match", &etag)], "");
        let again = site.send(known());
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!((again.header("etag"), again.header("cache-control")), (Some(&*etag), Some("public, no-cache")));
        assert_ne!(site.get("/services/retainer").header("etag"), Some(&*etag));
        site.sql("UPDATE services SET min_price = 9 WHERE id = 'essentials'");
        site.get("/services?bust=1");
        assert_eq!(site.send(known()).status, StatusCode::OK);
    });
}

#[test]
fn bypassing_the_cache_is_limited() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_BUST_RATE_PER_MINUTE", "2")]));
    assert_eq!(site.get("/services?bust=1").status, StatusCode::OK);
    assert_eq!(site.get("/services?bust=2").status, StatusCode::OK);
    let third = site.get("/services?bust=3");
    assert_eq!(third.error(), (429, "rate_limit_exceeded".to_owned(), "Too many requests".to_owned()));
    assert!(third.header("retry-after").is_some_and(|secs| secs.parse::<u64>().is_ok_and(|secs| secs > 0)));
    assert_eq!(site.get("/services").status, StatusCode::OK, "the list as it is kept is answered");
}

#[test]
fn many_who_find_the_list_old_read_it_once() {
    let site = Site::sqlite();
    let answers = site.send_all((0..50).map(|_| request(Method::GET, "/services", &[], "")).collect());
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    assert!(site.get("/metrics").text.contains("pricebook_list_reads_total 1\n"), "{}", site.get("/metrics").text);
}

#[test]
fn a_database_that_fails_is_told_without_its_secrets() {
    on_every_database(|site| {
        site.sql("DROP TABLE services");
        let answer = site.get("/services");
        let (status, code, message) = answer.error();
        assert_eq!((status, code.as_str()), (503, "database_unavailable"));
        assert!(!message.contains("services") && !message.contains("table"), "{message}");
    });
}
