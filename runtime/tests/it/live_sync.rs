//! The end of `services sync`: the live API is looked at, and asked for payments that it must refuse.

use std::fs;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::databases::{SOUND, on_every_database};
use crate::live_shop::{Api, shop_answers};

/// What is told from the fifth step on.
fn last_steps(out: &str) -> String {
    let at = out.find("Step 5: ").unwrap_or_else(|| panic!("{out}"));
    out[at..].to_owned()
}

#[test]
fn a_sync_ends_with_the_live_check_and_asks_for_a_payment_of_what_has_changed() {
    on_every_database(|database| {
        let api = Api::of_shop(|_| {});
        let synced = database.services_of(api.artifacts(), 0, &["sync", "production", "--yes"]);
        insta::allow_duplicates! {
            insta::assert_snapshot!(last_steps(&synced.out), @r"
            Step 5: Validating service synchronization...
              API returned 2 teas
              API returned 2 pots
              All services are properly synchronized!
            Step 6: Testing payment flow...
              green: $0.01 is refused: Minimum deposit required
              white: $0.01 is refused: not found or inactive

            Synchronization Complete!
            ");
        }
        let paid: Vec<_> = api.asked().into_iter().filter(|asked| asked.method == Method::POST).collect();
        let bodies: Vec<_> = paid.iter().map(|asked| asked.body.as_str()).collect();
        let body = |id: &str| format!(r#"{{"service":"{id}","amount":0.01,"currency":"usd"}}"#);
        let beyond = r#"{"service":"green","price":"monthly","amount":1000000000.00,"currency":"usd"}"#;
        assert_eq!(bodies, [&body("green"), beyond, &body("white")]);

        // Nothing changes: the API is looked at all the same, and nothing is asked for.
        let again = database.services_of(api.artifacts(), 0, &["sync", "production"]);
        assert!(again.out.contains("  nothing that is paid for has changed\n"), "{}", again.out);
        assert_eq!(api.asked().len(), 7);
    });
}

#[test]
fn an_api_that_differs_fails_the_command_and_keeps_the_rows() {
    on_every_database(|database| {
        let api = Api::of_shop(|lists| lists["/teas"]["teas"][0]["depositAmount"] = json!(7));
        let ran = database.services_of(api.artifacts(), 1, &["sync", "production", "--yes"]);
        assert_eq!(database.teas(), SOUND);
        assert!(ran.out.contains("  green: Deposit mismatch. Expected: $1, Got: $7\n"), "{}", ran.out);
        assert!(ran.out.ends_with("The rows are synchronized; see the issues above.\n"), "{}", ran.out);
        assert!(ran.err.contains("but production as it is served is not: 1 difference\n"), "{}", ran.err);
        assert!(ran.err.contains("pricebook services validate production --payments"), "{}", ran.err);
        let log = fs::read_to_string(database.only_file("sync-services-", ".log")).expect("the log");
        assert!(log.lines().last().is_some_and(|line| line.contains("ERROR service sync check failed: ")), "{log}");
        assert_eq!(database.query("SELECT status FROM catalog_sync_runs"), ["succeeded"]);
    });
}

#[test]
fn an_api_that_does_not_answer_fails_the_command_and_keeps_the_rows() {
    on_every_database(|database| {
        let api = Api::new(|_, _| (404, "text/plain", Body::empty()));
        let ran = database.services_of(api.artifacts(), 1, &["sync", "production", "--yes", "--json"]);
        assert_eq!(database.teas(), SOUND);
        let report: Value = serde_json::from_str(&ran.out).expect("JSON");
        assert_eq!((&report["changed"], &report["live"]["result"]), (&json!(true), &json!("failed")));
        let issue = report["issues"][0].as_str().expect("a text");
        assert!(issue.starts_with("Validation failed: ") && issue.contains("/teas answered 404"), "{issue}");
        assert!(api.asked().iter().all(|asked| asked.method == Method::GET), "no payment is asked for");
    });
}

#[test]
fn the_check_can_be_left_out_and_says_so() {
    on_every_database(|database| {
        let api = Api::new(|_, _| (500, "text/plain", Body::empty()));
        let ran = database.services_of(api.artifacts(), 0, &["sync", "production", "--yes", "--no-validate"]);
        assert!(ran.out.contains("\n  not validated: --no-validate\n"), "{}", ran.out);
        let ran = database.services_of(api.artifacts(), 0, &["sync", "local", "--copy-of", "production"]);
        assert!(ran.out.contains("\n  not validated: the catalog names no live_url for local\n"), "{}", ran.out);
        assert!(api.asked().is_empty());
    });
}

/// Looks with `--payments` at an API that answers a request to pay like this.
fn payments(code: u8, status: u16, body: &'static str) -> String {
    let api = Api::new(move |_, asked| match asked.method {
        Method::POST => (status, "application/json", Body::from(body)),
        _ => shop_answers(asked, |_| {}),
    });
    api.validate(code, &["--payments"]).out
}

#[test]
fn a_payment_that_is_not_refused_for_its_amount_is_an_issue() {
    let taken = payments(1, 201, r#"{"success":true,"clientSecret":"pi_1"}"#);
    assert!(
        taken.contains("green: a payment of $0.01 was accepted; cancel it in Stripe, nobody was charged"),
        "{taken}"
    );
    let unknown = payments(1, 404, r#"{"success":false,"error":{"message":"Service 'green' not found or inactive"}}"#);
    assert!(
        unknown.contains("green: $0.01 should be refused with \"Minimum deposit required\", but 404 Not Found: "),
        "{unknown}"
    );
    assert!(unknown.contains("payment of white: $0.01 is refused: not found or inactive"), "{unknown}");
    let down = payments(1, 503, "oops");
    assert!(
        down.contains("black: $0.01 should be refused") && down.contains("503 Service Unavailable: oops"),
        "{down}"
    );
    // A plain text is how document 1's own program says it.
    let plain = payments(1, 400, r#"{"error":"Minimum deposit required"}"#);
    assert!(plain.contains("payment of black: $0.01 is refused: Minimum deposit required"), "{plain}");
    assert!(plain.contains("\nwhite: $0.01 should be refused with \"not found or inactive\""), "{plain}");
}

#[test]
fn the_right_words_with_a_wrong_status_are_no_refusal() {
    for status in [401, 403, 404, 409, 429, 500, 503] {
        let out = payments(1, status, r#"{"error":{"code":"x","message":"Minimum deposit required"}}"#);
        assert!(
            out.contains("black: $0.01 should be refused with \"Minimum deposit required\", but "),
            "{status}: {out}"
        );
    }
    let out = payments(1, 500, r#"{"error":{"code":"x","message":"not found or inactive"}}"#);
    assert!(out.contains("white: $0.01 should be refused with \"not found or inactive\", but 500"), "{out}");
}

/// Looks with `--payments` at the shop, where a request to pay a billion for black tea is answered like this.
fn price(code: u8, status: u16, error: Value) -> String {
    let body = json!({ "success": false, "error": error }).to_string();
    let api = Api::new(move |_, asked| match asked.body.contains("black") && asked.body.contains("1000000000") {
        true => (status, "application/json", Body::from(body.clone())),
        false => shop_answers(asked, |_| {}),
    });
    api.validate(code, &["--payments"]).out
}

#[test]
fn a_price_that_is_asked_for_otherwise_is_an_issue() {
    let named = |minor: i64| json!({ "code": "amount_above_price", "details": { "price": { "amountMinor": minor } } });
    let right = price(0, 422, named(149_500));
    assert!(right.contains("payment of black: $0.01 is refused: Minimum deposit required\n"), "{right}");
    let other = price(1, 422, named(159_500));
    assert!(other.contains("\nblack: the price 'monthly' should be $1495, but $1595 is asked for\n"), "{other}");
    let changing = json!({ "code": "price_out_of_sync", "message": "The price of 'black' is being changed" });
    let changing = price(1, 409, changing);
    let says = "black: more than the price 'monthly' of $1495 should be refused, but 409 Conflict: ";
    assert!(changing.contains(says) && changing.contains("price_out_of_sync"), "{changing}");
    assert!(price(1, 500, named(149_500)).contains(&says.replace("409 Conflict", "500 Internal Server Error")));
    assert!(price(1, 201, json!({})).contains("black: a payment of $1000000000 was accepted; cancel it in Stripe"));
}

#[test]
fn an_api_that_names_no_codes_is_asked_for_no_more_than_a_cent() {
    let api = Api::new(|_, asked| match asked.method {
        Method::POST if asked.body.contains("white") => (404, "text/plain", Body::from("not found or inactive")),
        Method::POST => (400, "application/json", Body::from(r#"{"error":"Minimum deposit required"}"#)),
        _ => shop_answers(asked, |_| {}),
    });
    api.validate(0, &["--payments"]);
    let paid: Vec<_> = api.asked().into_iter().filter(|asked| asked.method == Method::POST).collect();
    assert!(paid.len() == 4 && paid.iter().all(|asked| asked.body.contains("\"amount\":0.01,")), "{paid:?}");
}

#[test]
fn a_kind_that_the_api_does_not_have_is_not_paid_for() {
    let api = Api::of_shop(|lists| {
        lists.as_object_mut().expect("lists").remove("/pots");
    });
    let ran = api.validate(0, &["--payments"]);
    assert!(ran.out.contains("payment of black: ") && !ran.out.contains("payment of iron: "), "{}", ran.out);
}

#[test]
fn every_product_can_be_asked_for_at_any_time() {
    let api = Api::of_shop(|_| {});
    let ran = api.validate(0, &["--payments"]);
    for line in ["green: $0.01", "black: $0.01", "white: $0.01", "iron: 0.01 EUR"] {
        assert!(ran.out.contains(&format!("payment of {line} is refused: ")), "{}", ran.out);
    }
    let kinds: Vec<_> = api.asked().iter().map(|asked| asked.body.contains("\"kind\":\"pot\"")).collect();
    assert_eq!(kinds, [false, false, false, false, false, false, false, true, true]);
    assert!(ran.out.ends_with("Frontend and backend are in perfect sync\n"), "{}", ran.out);
}
