//! Whose payment it is: idempotency keys of different callers never meet, and every payment leaves an audit row with it.

use axum::http::{Method, StatusCode};
use pricebook::stripe::GatewayError;
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::http_shop::{Answer, Site, on_every_database, request, settings, wait_for};

fn order() -> Value {
    json!({ "service": "essentials", "amount": 299, "currency": "usd", "customerReference": "order 7" })
}

/// Asks for the same payment with the same key, as whoever these headers say.
fn pay(site: &Site, headers: &[(&str, &str)]) -> Answer {
    let own = [("content-type", "application/json"), ("idempotency-key", "order-7"), ("x-request-id", "pay-1")];
    site.send(request(Method::POST, "/create-payment", &[&own, headers].concat(), &order().to_string()))
}

fn authorization(site: &Site, name: &str) -> String {
    let email = format!("{name}@shop.example");
    let added = site.command(&["user", "add", &email, "--role", "customer", "--token", "shop"]);
    format!("Bearer {}", added["token"]["token"].as_str().expect("a token"))
}

fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["payment"]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn the_same_key_of_another_caller_is_another_payment() {
    on_every_database(|site| {
        let (ana, bea) = (authorization(site, "ana"), authorization(site, "bea"));
        let callers: [&[(&str, &str)]; 5] = [
            &[],
            &[("origin", "https://a.example")],
            &[("origin", "https://b.example")],
            &[("authorization", &ana)],
            &[("authorization", &bea)],
        ];
        let first: Vec<_> = callers.iter().map(|caller| id(&pay(site, caller))).collect();
        let different: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(different.len(), callers.len(), "{first:?}");
        for (caller, first) in callers.iter().zip(&first) {
            let again = pay(site, caller);
            assert_eq!((id(&again), again.header("idempotent-replayed")), (first.clone(), Some("true")), "{caller:?}");
        }
        assert_eq!(site.gateway.orders.lock().expect("the orders").len(), callers.len());
        assert_eq!(
            site.query("SELECT idempotency_key FROM payment_attempts WHERE idempotency_key = 'order-7'"),
            [""; 0]
        );
    });
}

#[test]
fn a_users_programs_share_their_keys_wherever_they_call_from() {
    on_every_database(|site| {
        let first = authorization(site, "ana");
        let issued = site.command(&["user", "token", "add", "ana@shop.example", "next"]);
        let next = format!("Bearer {}", issued["token"].as_str().expect("a token"));
        let paid = id(&pay(site, &[("authorization", &first)]));
        let elsewhere = [("authorization", next.as_str()), ("origin", "https://a.example")];
        assert_eq!(id(&pay(site, &elsewhere)), paid, "a token that took another's place asks for the same payment");
        let user = site.query("SELECT user_id FROM payment_attempts");
        assert_eq!(user, site.query("SELECT id FROM users"));
    });
}

#[test]
fn callers_who_show_nothing_are_told_apart_by_where_they_call_from() {
    for dialect in Dialect::ALL {
        let site = Site::new(dialect, settings(&[("PRICEBOOK_TRUST_FORWARDED_FOR", "true")]));
        let from = |address| [("x-forwarded-for", address)];
        let first = id(&pay(&site, &from("192.0.2.1")));
        let other = id(&pay(&site, &from("192.0.2.2")));
        assert_ne!(first, other, "the same order with the same key, and not the answer of the other");
        let again = pay(&site, &from("192.0.2.1"));
        assert_eq!((id(&again), again.header("idempotent-replayed")), (first.clone(), Some("true")));
        // Within a network of IPv6 an address changes by itself.
        let one = id(&pay(&site, &from("2001:db8:0:1::1")));
        assert_eq!(id(&pay(&site, &from("2001:db8:0:1:ffff::2"))), one);
        assert_ne!(id(&pay(&site, &from("2001:db8:0:2::1"))), one);
        // Who shares an address and a key with somebody else's order is told of neither payment nor secret.
        let own =
            [("content-type", "application/json"), ("idempotency-key", "order-7"), ("x-forwarded-for", "192.0.2.1")];
        let mut order = order();
        order["amount"] = json!(300);
        let refused = site.send(request(Method::POST, "/create-payment", &own, &order.to_string()));
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        assert!(!refused.text.contains(&first) && !refused.text.contains("ecret"), "{}", refused.text);
        // A page's customer goes on where the telephone has another address.
        let page = |address| [("origin", "https://a.example"), ("x-forwarded-for", address)];
        assert_eq!(id(&pay(&site, &page("192.0.2.1"))), id(&pay(&site, &page("192.0.2.9"))));
    }
}

#[test]
fn a_wrong_token_pays_nothing() {
    on_every_database(|site| {
        let token = format!("Bearer pbk_{}", "0".repeat(64));
        assert_eq!(pay(site, &[("authorization", &token)]).error().1, "invalid_token");
        assert!(site.gateway.orders.lock().expect("the orders").is_empty());
        let told = site.query("SELECT CONCAT(object_id, ' ', result, ' ', request_id) FROM audit_log");
        assert_eq!(told, ["POST /create-payment refused pay-1"]);
    });
}

#[test]
fn the_sign_in_of_a_proxy_says_nothing_of_who_pays() {
    let site = Site::sqlite();
    let paid = id(&pay(&site, &[("authorization", "Basic c3RhZ2luZzpzdGFnaW5n")]));
    assert_eq!(id(&pay(&site, &[])), paid, "it is the key of whoever sends no token");
    let answer = site.send(request(Method::GET, "/api/admin/audit", &[("authorization", "Basic YW5hOmFuYQ==")], ""));
    assert_eq!(answer.error().1, "unauthorized");
}

fn details(site: &Site) -> Value {
    let details = site.query("SELECT details FROM audit_log WHERE action = 'payment.create'");
    assert_eq!(details.len(), 1, "{details:?}");
    serde_json::from_str(&details[0]).expect("JSON")
}

#[test]
fn a_payment_that_was_made_leaves_an_audit_row_without_a_secret() {
    on_every_database(|site| {
        let paid = id(&pay(site, &[]));
        pay(site, &[]);
        let told = site.query("SELECT CONCAT(actor_kind, ' ', object_id, ' ', result, ' ', request_id) FROM audit_log");
        assert_eq!(told, [format!("system {paid} succeeded pay-1")], "what is repeated is told once");
        let expected = json!({ "kind": "service", "product": "essentials", "price": "essentials_once",
            "amount_minor": 29_900, "currency": "usd", "customer_reference": "order 7",
            "stripe_account": "acct_1", "stripe_object": format!("pi_{paid}"), "error": null });
        assert_eq!(details(site), expected);
        assert_eq!(site.query("SELECT ip_address FROM audit_log WHERE ip_address IS NOT NULL"), [""; 0]);
    });
}

#[test]
fn a_payment_that_the_payment_service_refused_leaves_an_audit_row() {
    on_every_database(|site| {
        let refused = GatewayError::Refused { code: "amount_too_small".to_owned(), message: "Too small.".to_owned() };
        site.gateway.next.lock().expect("what comes next").push(refused);
        let ana = authorization(site, "ana");
        assert_eq!(pay(site, &[("authorization", &ana)]).error().0, 402);
        let told =
            "SELECT CONCAT(actor_kind, ' ', actor_id, ' ', result) FROM audit_log WHERE action = 'payment.create'";
        let token = site.query("SELECT id FROM api_tokens").remove(0);
        assert_eq!(site.query(told), [format!("token {token} refused")]);
        assert_eq!(details(site)["error"], "amount_too_small");
    });
}

#[test]
fn a_payment_and_its_audit_row_are_kept_together() {
    for dialect in Dialect::ALL {
        let site = Site::new(dialect, settings(&[("PRICEBOOK_REQUEST_TIMEOUT_SECS", "1")]));
        site.sql("ALTER TABLE audit_log RENAME TO audit_log_of_before");
        assert_eq!(pay(&site, &[]).error().1, "payment_outcome_unknown");
        let open = site.query("SELECT status FROM payment_attempts WHERE response IS NULL");
        assert_eq!(open, ["requested"], "it is not kept without the row");
        site.sql("ALTER TABLE audit_log_of_before RENAME TO audit_log");
        wait_for(|| !site.query("SELECT id FROM payment_attempts WHERE status = 'created'").is_empty());
        assert_eq!(site.query("SELECT result FROM audit_log"), ["succeeded"]);
    }
}
