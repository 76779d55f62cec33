//! `POST /create-payment`: only what the database and the reviewed catalog both sell, only at their prices, once.

mod checkout;
mod checkout_refusals;
mod portal;
mod till;

use axum::http::{Method, StatusCode};
use pricebook::stripe::GatewayError;
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::http_shop::{Site, on_every_database, paying, request, settings};

fn order(service: &str, amount: impl Into<Value>) -> Value {
    json!({ "service": service, "amount": amount.into(), "currency": "usd" })
}

fn plan(service: &str, price: &str, amount: impl Into<Value>) -> Value {
    json!({ "kind": "plan", "service": service, "price": price, "amount": amount.into(), "currency": "usd" })
}

#[test]
fn any_amount_from_the_deposit_to_the_price_is_accepted() {
    on_every_database(|site| {
        for (amount, minor) in
            [(json!(299), 29_900), (json!("299.00"), 29_900), (json!(300.5), 30_050), (json!(1495), 149_500)]
        {
            let answer = site.pay(&order("essentials", amount));
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            let payment = answer.json()["payment"].clone();
            assert_eq!(payment["amountMinor"], minor);
            assert_eq!((&payment["status"], &payment["currency"]), (&json!("created"), &json!("usd")));
            assert_eq!(payment["lookupKey"], "essentials_once");
            assert_eq!(payment["clientSecret"], "secret");
        }
        let orders = site.gateway.orders.lock().expect("the orders");
        assert_eq!(orders[2].money.to_string(), "300.50 USD");
        assert!(orders[0].metadata.contains(&("pricebook_lookup_key", "essentials_once".to_owned())));
        let stored =
            "SELECT CONCAT(COUNT(*), '') FROM payment_attempts WHERE status = 'created' AND stripe_account = 'acct_1'";
        assert_eq!(site.query(stored), ["4"]);
    });
}

#[test]
fn a_page_is_told_how_it_reaches_stripe_where_there_is_a_key_for_it() {
    let reach = |variables: &[(&str, &str)]| {
        let site = Site::new(Dialect::Sqlite, settings(variables));
        let payment = site.pay(&order("essentials", 299)).json()["payment"].clone();
        (payment["publishableKey"].clone(), payment["localStripe"].clone())
    };
    let key = ("PRICEBOOK_STRIPE_PUBLISHABLE_KEY", "pk_test_abc");
    let local = ("PRICEBOOK_STRIPE_API_BASE", "http://127.0.0.1:12111/");
    assert_eq!(reach(&[local]), (Value::Null, Value::Null));
    assert_eq!(reach(&[key]), (json!("pk_test_abc"), Value::Null));
    assert_eq!(reach(&[key, local]), (json!("pk_test_abc"), json!("http://127.0.0.1:12111")));
}

#[test]
fn less_than_the_deposit_is_refused_in_the_documents_words() {
    on_every_database(|site| {
        for amount in [json!(298.99), json!(0), json!(1), json!("298")] {
            let answer = site.pay(&order("essentials", amount));
            let refused = (422, "minimum_deposit_required".to_owned(), "Minimum deposit required".to_owned());
            assert_eq!(answer.error(), refused);
            let minimum = json!({ "amount": 299, "amountMinor": 29_900, "currency": "usd" });
            assert_eq!(answer.json()["error"]["details"]["minimum"], minimum);
        }
        assert_eq!(site.pay(&order("retainer", 3499)).error().1, "minimum_deposit_required");
        assert_eq!(site.pay(&order("retainer", 3500)).status, StatusCode::CREATED);
    });
}

#[test]
fn unknown_inactive_and_coming_soon_are_refused_in_the_documents_words() {
    on_every_database(|site| {
        let cases = [("xxx", "service_not_found"), ("old", "service_inactive"), ("tracking", "service_coming_soon")];
        for (id, code) in cases {
            let refused = (404, code.to_owned(), format!("Service '{id}' not found or inactive"));
            assert_eq!(site.pay(&order(id, 3495)).error(), refused);
        }
        site.sql("UPDATE services SET active = FALSE WHERE id = 'essentials'");
        let inactive = (404, "service_inactive".to_owned(), "Service 'essentials' not found or inactive".to_owned());
        assert_eq!(
            site.pay(&order("essentials", 299)).error(),
            inactive,
            "what the database has taken off is not sold"
        );
        site.sql("DELETE FROM services WHERE id = 'retainer'");
        assert_eq!(site.pay(&order("retainer", 3500)).error().1, "service_not_found", "nor what it does not have");
        site.sql("UPDATE services SET active = TRUE WHERE id IN ('old', 'tracking')");
        assert_eq!(site.pay(&order("old", 10)).error().1, "service_inactive", "nor what nobody has reviewed");
        assert_eq!(site.pay(&order("tracking", 3495)).error().1, "service_coming_soon");
        assert!(site.gateway.orders.lock().expect("the orders").is_empty());
    });
}

#[test]
fn what_is_free_cannot_be_paid() {
    on_every_database(|site| {
        for amount in [0, 10] {
            let (status, code, message) = site.pay(&order("pulse", amount)).error();
            assert_eq!((status, code.as_str()), (422, "nothing_to_pay"));
            assert_eq!(message, "Service 'pulse' is free: there is nothing to pay");
        }
    });
}

#[test]
fn more_than_the_price_is_refused() {
    on_every_database(|site| {
        let (status, code, message) = site.pay(&order("essentials", 1495.01)).error();
        assert_eq!((status, code.as_str()), (422, "amount_above_price"));
        assert_eq!(message, "The amount is more than the price of 1495.00 USD");
    });
}

#[test]
fn without_a_deposit_the_price_itself_is_paid() {
    on_every_database(|site| {
        assert_eq!(site.pay(&plan("starter", "monthly", "29.50")).status, StatusCode::CREATED);
        assert_eq!(site.pay(&plan("starter", "yearly", 290)).status, StatusCode::CREATED);
        for amount in ["29.49", "29.51", "0"] {
            let (status, code, message) = site.pay(&plan("starter", "monthly", amount)).error();
            assert_eq!((status, code.as_str()), (422, "full_price_required"));
            assert_eq!(message, "The full price of 29.50 USD is required");
        }
    });
}

#[test]
fn prices_that_are_not_sold_cannot_be_paid() {
    on_every_database(|site| {
        for price in ["v2020", "weekly", ""] {
            let answer = site.pay(&plan("starter", price, 1));
            assert_eq!(answer.error().1, "price_not_found");
            assert_eq!(answer.json()["error"]["details"]["prices"], json!(["monthly", "yearly"]));
        }
        for (price, amount) in [("monthly", 1), ("calls", 3)] {
            assert_eq!(site.pay(&plan("usage", price, amount)).error().1, "price_billed_by_use", "{price}");
        }
    });
}

#[test]
fn only_currencies_with_an_amount_of_their_own_are_accepted() {
    on_every_database(|site| {
        let mut order = plan("starter", "monthly", "9.500");
        order["currency"] = json!("KWD");
        assert_eq!(site.pay(&order).status, StatusCode::CREATED);
        order["amount"] = json!("9.505");
        let (_, code, message) = site.pay(&order).error();
        assert_eq!(
            (code.as_str(), message.as_str()),
            ("amount_too_fine", "an amount in KWD has at most 2 decimal places")
        );
        order["currency"] = json!("eur");
        let answer = site.pay(&order);
        assert_eq!(answer.error().1, "currency_not_offered");
        assert_eq!(answer.json()["error"]["details"]["currencies"], json!(["usd", "kwd"]));
    });
}

#[test]
fn announced_amounts_hold_from_their_day() {
    for dialect in Dialect::ALL {
        let before = Site::new(dialect, settings(&[]));
        assert_eq!(before.pay(&order("growing", 20)).status, StatusCode::CREATED);
        assert_eq!(before.pay(&order("growing", 100)).status, StatusCode::CREATED);
        assert_eq!(before.pay(&order("growing", 101)).error().1, "amount_above_price");

        let after = Site::in_2027(dialect);
        assert_eq!(after.pay(&order("growing", "23.99")).error().1, "minimum_deposit_required");
        assert_eq!(after.pay(&order("growing", 24)).status, StatusCode::CREATED);
        // The row still holds the amount of before: nobody pays more than it until it is synced.
        assert_eq!(after.pay(&order("growing", 120)).error().1, "price_out_of_sync");
        after.sql("UPDATE services SET min_price = 120, max_price = 120, deposit_amount = 24 WHERE id = 'growing'");
        assert_eq!(after.pay(&order("growing", 120)).status, StatusCode::CREATED);
        assert_eq!(after.pay(&order("growing", 121)).error().1, "amount_above_price");
    }
}

#[test]
fn where_database_and_catalog_differ_the_stricter_one_holds() {
    on_every_database(|site| {
        site.sql("UPDATE services SET deposit_amount = 400 WHERE id = 'essentials'");
        assert_eq!(site.pay(&order("essentials", 299)).error().2, "Minimum deposit required");
        assert_eq!(site.pay(&order("essentials", 400)).status, StatusCode::CREATED);
        site.sql("UPDATE services SET deposit_amount = 1 WHERE id = 'essentials'");
        assert_eq!(site.pay(&order("essentials", 1)).error().2, "Minimum deposit required");
        site.sql("UPDATE services SET max_price = 1000 WHERE id = 'essentials'");
        let (status, code, message) = site.pay(&order("essentials", 1200)).error();
        assert_eq!((status, code.as_str()), (409, "price_out_of_sync"));
        assert_eq!(message, "The price of 'essentials' is being changed; try again in a few minutes");
        let above = site.pay(&order("essentials", 1500)).error().1;
        assert_eq!(above, "price_out_of_sync", "the price that it would be told is not the one that holds");
        assert_eq!(site.pay(&order("essentials", 1)).error().2, "Minimum deposit required");
        site.sql("UPDATE catalog_price_amounts SET unit_amount = '1' WHERE lookup_key = 'starter_yearly'");
        assert_eq!(site.pay(&plan("starter", "yearly", 290)).error().1, "price_out_of_sync");
        let any = site.pay(&plan("starter", "yearly", "0.01")).error().1;
        assert_eq!(any, "price_out_of_sync", "which price is asked for, nobody can say");
        site.sql("DELETE FROM catalog_price_amounts WHERE lookup_key = 'starter_yearly'");
        assert_eq!(site.pay(&plan("starter", "yearly", 290)).error().1, "price_out_of_sync");
    });
}

#[test]
fn a_database_with_higher_prices_puts_off_what_the_program_does_not_know() {
    on_every_database(|site| {
        site.sql("UPDATE services SET min_price = 1595, max_price = 1595 WHERE id = 'essentials'");
        site.sql("UPDATE catalog_price_amounts SET unit_amount = '159500' WHERE lookup_key = 'essentials_once'");
        assert_eq!(site.pay(&order("essentials", 1595)).error().1, "price_out_of_sync");
        assert_eq!(site.pay(&order("essentials", 1495)).status, StatusCode::CREATED);
    });
}

#[test]
fn without_a_payment_service_the_answer_says_so_after_all_checks() {
    let site = Site::unconfigured();
    let (status, code, message) = site.pay(&order("essentials", 299)).error();
    assert_eq!((status, code.as_str()), (503, "payments_not_configured"));
    assert!(message.contains("no payment service"), "{message}");
    assert_eq!(site.pay(&order("essentials", 298)).error().1, "minimum_deposit_required");
    assert_eq!(site.query("SELECT CONCAT(COUNT(*), '') FROM payment_attempts"), ["0"]);
}

#[test]
fn the_same_key_is_answered_alike_and_paid_once() {
    on_every_database(|site| {
        let first = site.pay_with_key(&order("essentials", 299), "order-1");
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(first.header("idempotent-replayed"), None);
        site.sql("UPDATE services SET active = FALSE WHERE id = 'essentials'");
        for same in [order("essentials", 299), order("essentials", "299.00")] {
            let again = site.pay_with_key(&same, "order-1");
            assert_eq!((again.status, again.json()), (first.status, first.json()));
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
        }
        assert_eq!(site.gateway.orders.lock().expect("the orders").len(), 1);
    });
}

#[test]
fn a_key_with_another_request_is_a_conflict() {
    on_every_database(|site| {
        site.pay_with_key(&order("essentials", 299), "order-1");
        for other in [
            order("essentials", 300),
            order("retainer", 299),
            json!({ "service": "essentials", "amount": 299, "currency": "usd", "customerReference": "me" }),
        ] {
            let (status, code, _) = site.pay_with_key(&other, "order-1").error();
            assert_eq!((status, code.as_str()), (409, "idempotency_key_reused"), "{other}");
        }
        assert_eq!(site.pay_with_key(&order("essentials", 300), "order-2").status, StatusCode::CREATED);
    });
}

#[test]
fn many_at_once_with_one_key_make_one_payment() {
    on_every_database(|site| {
        let requests = (0..12).map(|_| paying(&order("essentials", 299), Some("order-1"))).collect();
        let answers = site.send_all(requests);
        let payments: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).collect();
        assert!(!payments.is_empty());
        assert!(payments.iter().all(|answer| answer.json() == payments[0].json()));
        for other in answers.iter().filter(|answer| answer.status != StatusCode::CREATED) {
            assert_eq!(other.error().1, "idempotency_key_in_use");
        }
        assert_eq!(site.gateway.orders.lock().expect("the orders").len(), 1);
        assert_eq!(site.pay_with_key(&order("essentials", 299), "order-1").json(), payments[0].json());
    });
}

#[test]
fn a_payment_service_that_does_not_answer_is_asked_again_for_the_same_payment() {
    on_every_database(|site| {
        site.gateway.next.lock().expect("what comes next").push(GatewayError::Unavailable("no route".to_owned()));
        let (status, code, message) = site.pay_with_key(&order("essentials", 299), "order-1").error();
        assert_eq!((status, code.as_str()), (502, "payment_service_unavailable"));
        assert!(!message.contains("no route"), "{message}");
        assert_eq!(site.pay_with_key(&order("essentials", 299), "order-1").status, StatusCode::CREATED);
        let orders = site.gateway.orders.lock().expect("the orders");
        assert_eq!(orders.len(), 2);
        assert_eq!(orders[0].attempt_id, orders[1].attempt_id, "Stripe must see one and the same");
    });
}

#[test]
fn a_refusal_of_the_payment_service_is_final_for_its_key() {
    on_every_database(|site| {
        let refused = GatewayError::Refused { code: "amount_too_small".to_owned(), message: "Too small.".to_owned() };
        site.gateway.next.lock().expect("what comes next").push(refused);
        let first = site.pay_with_key(&order("essentials", 299), "order-1");
        assert_eq!(first.error(), (402, "payment_refused".to_owned(), "Too small.".to_owned()));
        let again = site.pay_with_key(&order("essentials", 299), "order-1");
        assert_eq!((again.status, again.json()), (first.status, first.json()));
        assert_eq!(site.pay_with_key(&order("essentials", 299), "order-2").status, StatusCode::CREATED);
    });
}

#[test]
fn asking_for_payments_is_limited() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_PAYMENT_RATE_PER_MINUTE", "1")]));
    assert_eq!(site.pay(&order("essentials", 299)).status, StatusCode::CREATED);
    assert_eq!(site.pay(&order("essentials", 299)).error().0, 429);
    assert_eq!(site.get("/services").status, StatusCode::OK);
}

#[test]
fn keys_that_cannot_be_stored_are_refused() {
    let site = Site::sqlite();
    let body = order("essentials", 299).to_string();
    let long = "k".repeat(256);
    for key in ["", " ", "two words", "ключ", &long] {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let answer = site.send(request(Method::POST, "/create-payment", &headers, &body));
        assert_eq!((answer.error().0, answer.error().1.as_str()), (400, "invalid_idempotency_key"), "{key}");
    }
}
