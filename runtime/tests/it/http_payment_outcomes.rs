//! Payments whose outcome nobody knows for a while: the database fails after Stripe has answered, Stripe is slow, the caller
//! goes. Asked again with the same key, it is the same payment, and no answer claims what is not known.

use axum::http::StatusCode;
use pricebook::stripe::GatewayError;
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::http_shop::{Answer, Site, settings, wait_for};

const UNKNOWN: &str = "It is not known yet whether the payment was made; try again with the same idempotency key";

/// With a time limit of a second, on each database.
fn on_every_hasty_server(test: impl Fn(&Site, Dialect)) {
    for dialect in Dialect::ALL {
        let variables = [
            ("PRICEBOOK_REQUEST_TIMEOUT_SECS", "1"),
            ("PRICEBOOK_PAYMENT_RATE_PER_MINUTE", "0"),
            ("PRICEBOOK_RATE_PER_MINUTE", "0"),
        ];
        test(&Site::new(dialect, settings(&variables)), dialect);
    }
}

fn pay(site: &Site) -> Answer {
    let order: Value = json!({ "service": "essentials", "amount": 299, "currency": "usd" });
    site.pay_with_key(&order, "order-1")
}

fn is_unknown(answer: &Answer) -> bool {
    assert_eq!(answer.header("retry-after"), Some("2"));
    answer.error() == (503, "payment_outcome_unknown".to_owned(), UNKNOWN.to_owned())
}

#[test]
fn what_could_not_be_stored_is_stored_later_and_the_same_key_gives_it() {
    on_every_hasty_server(|site, _| {
        site.sql("ALTER TABLE audit_log RENAME TO audit_log_of_before");
        assert!(is_unknown(&pay(site)));
        assert_eq!(pay(site).error().1, "idempotency_key_in_use");
        site.sql("ALTER TABLE audit_log_of_before RENAME TO audit_log");
        wait_for(|| site.query("SELECT status FROM payment_attempts") == ["created"]);
        let answer = pay(site);
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let asked = site.gateway.asked();
        assert_eq!(asked.len(), 1, "nobody asks for it again");
        assert_eq!(answer.json()["payment"]["paymentIntentId"], format!("pi_{}", asked[0]));
        assert_eq!(site.query("SELECT object_id FROM audit_log"), asked);
    });
}

#[test]
fn a_slow_payment_is_taken_up_by_the_next_request_once_its_lease_has_ended() {
    on_every_hasty_server(|site, dialect| {
        let held = site.gateway.hold();
        assert!(is_unknown(&pay(site)));
        assert_eq!(pay(site).error().1, "idempotency_key_in_use");
        // The time limit is a second, and the margin five.
        let earlier = match dialect {
            Dialect::Sqlite => "datetime('now', '-7 seconds')",
            Dialect::Postgres => "CURRENT_TIMESTAMP - INTERVAL '7 seconds'",
            Dialect::Mysql => "CURRENT_TIMESTAMP - INTERVAL 7 SECOND",
        };
        site.sql(&format!("UPDATE payment_attempts SET updated_at = {earlier}"));
        let answer = pay(site);
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let asked = site.gateway.asked();
        assert_eq!((asked.len(), &asked[0]), (2, &asked[1]), "Stripe must see one and the same");
        // The first one comes to its end as well, and changes nothing.
        held.add_permits(1);
        wait_for(|| held.available_permits() == 0);
        site.end();
        assert_eq!(site.query("SELECT object_id FROM audit_log"), [asked[0].clone()]);
        assert_eq!(pay(site).json(), answer.json());
    });
}

#[test]
fn a_payment_service_that_does_not_answer_is_told_also_where_that_cannot_be_stored() {
    on_every_hasty_server(|site, _| {
        let unavailable = GatewayError::Unavailable("no route".to_owned());
        site.gateway.next.lock().expect("what comes next").push(unavailable);
        let held = site.gateway.hold();
        let answer = std::thread::scope(|scope| {
            let asking = scope.spawn(|| pay(site));
            wait_for(|| !site.gateway.asked().is_empty());
            site.sql("ALTER TABLE payment_attempts RENAME TO payment_attempts_of_before");
            held.add_permits(1);
            asking.join().expect("an answer")
        });
        assert_eq!((answer.error().0, answer.error().1.as_str()), (502, "payment_service_unavailable"));
    });
}

#[test]
fn a_payment_service_that_panics_leaves_open_what_became_of_the_payment() {
    on_every_hasty_server(|site, _| {
        site.gateway.hold().close();
        assert!(is_unknown(&pay(site)));
    });
}
