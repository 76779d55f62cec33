//! `POST /api/checkout` and what the customer then pays at the local Stripe, on every database.

use axum::http::Method;
use serde_json::{Value, json};

use super::till::{BACK, Till, lines, on_every_database};
use crate::http_shop::request;

/// The lookup keys and quantities of a subscription.
fn items(subscription: &Value) -> Vec<(String, Value)> {
    let items = subscription["items"]["data"].as_array().expect("items");
    let item =
        |item: &Value| (item["price"]["lookup_key"].as_str().expect("a key").to_owned(), item["quantity"].clone());
    items.iter().map(item).collect()
}

#[test]
fn what_is_bought_together_is_one_subscription_at_the_reviewed_prices() {
    on_every_database(|till| {
        let wanted =
            lines(&[("starter_monthly", 2), ("usage_monthly", 250), ("usage_calls", 0), ("essentials_once", 0)]);
        let checkout = till.bought(&[], &wanted);
        assert_eq!((&checkout["amountMinor"], &checkout["amount"]), (&json!(155_650), &json!("1556.50")));
        assert_eq!((&checkout["interval"], &checkout["trialDays"]), (&json!("month"), &json!(0)));
        assert_eq!(checkout["lines"][1]["amountMinor"], 250);
        assert_eq!(
            checkout["lines"][2],
            json!({ "kind": "plan", "product": "usage", "name": "usage", "price": "usage_calls",
            "quantity": null, "amountMinor": null })
        );
        let session = till.session(&checkout);
        assert_eq!((&session["url"], &session["mode"]), (&checkout["url"], &json!("subscription")));
        assert_eq!(session["amount_total"], 155_650, "Stripe asks for the same");
        assert_eq!(session["success_url"], format!("{BACK}?checkout=paid"));
        assert_eq!(session["cancel_url"], format!("{BACK}?checkout=left"));
        assert_eq!(session["client_reference_id"], checkout["id"]);
        till.pay(&checkout);
        let subscriptions = till.list("/v1/subscriptions");
        let expected = [("starter_monthly", json!(2)), ("usage_monthly", json!(250)), ("usage_calls", Value::Null)];
        let mut found = items(&subscriptions[0]);
        found.retain(|(key, quantity)| key != "usage_calls" || quantity.is_null());
        assert_eq!(found, expected.map(|(key, quantity)| (key.to_owned(), quantity)));
        assert_eq!((subscriptions.len(), &subscriptions[0]["status"]), (1, &json!("active")));
        assert_eq!(subscriptions[0]["metadata"]["pricebook_attempt"], checkout["id"]);
        assert_eq!(
            till.list("/v1/invoices")[0]["amount_paid"],
            155_650,
            "what is paid once stands on the first invoice"
        );
    });
}

#[test]
fn what_is_paid_once_is_no_subscription() {
    on_every_database(|till| {
        let mut wanted = lines(&[("essentials_once", 3)]);
        wanted["customerReference"] = json!("order 7");
        let checkout = till.bought(&[], &wanted);
        assert_eq!((&checkout["interval"], &checkout["customerReference"]), (&Value::Null, &json!("order 7")));
        assert_eq!(till.session(&checkout)["mode"], "payment");
        till.pay(&checkout);
        let paid = till.list("/v1/payment_intents");
        assert_eq!(
            (&paid[0]["amount_received"], &paid[0]["metadata"]["customer_reference"]),
            (&json!(448_500), &json!("order 7"))
        );
        assert!(till.list("/v1/subscriptions").is_empty());
    });
}

#[test]
fn what_became_of_checkouts_is_counted() {
    let till = Till::new(pricebook_types::Dialect::Sqlite);
    till.bought(&[], &lines(&[("essentials_once", 1)]));
    till.bought(&[], &lines(&[("essentials_once", 2)]));
    let (_, refused) = till.refused(&lines(&[("nothing_monthly", 1)]));
    let metrics = request(Method::GET, "/metrics", &[("authorization", "Bearer let-me-in")], "");
    let text = till.site.send(metrics).text;
    for line in [r#"{result="checkout_created"} 2"#.to_owned(), format!(r#"{{result="{refused}"}} 1"#)] {
        assert!(text.contains(&format!("pricebook_payments_total{line}")), "{line} is not in\n{text}");
    }
}

#[test]
fn a_trial_is_never_longer_than_the_shortest_of_its_prices() {
    let till = Till::new(pricebook_types::Dialect::Sqlite);
    let trial = |wanted: &[(&str, u32)], days: Option<u16>| {
        let mut wanted = lines(wanted);
        if let Some(days) = days {
            wanted["trialDays"] = json!(days);
        }
        till.buy(&[], &wanted).json()
    };
    let given = |answer: Value| answer["checkout"]["trialDays"].clone();
    assert_eq!(given(trial(&[("starter_monthly", 0)], None)), 14);
    assert_eq!(
        given(trial(&[("starter_monthly", 0), ("usage_calls", 0)], None)),
        14,
        "what is used is paid for afterwards"
    );
    assert_eq!(given(trial(&[("starter_monthly", 0), ("retainer_monthly", 0)], None)), 7);
    assert_eq!(given(trial(&[("starter_monthly", 0), ("usage_monthly", 1)], None)), 0);
    assert_eq!(given(trial(&[("starter_monthly", 0)], Some(3))), 3);
    assert_eq!(given(trial(&[("starter_monthly", 0)], Some(0))), 0);
    let refused = trial(&[("starter_monthly", 0)], Some(15));
    assert_eq!(
        (&refused["error"]["code"], &refused["error"]["details"]["maximum"]),
        (&json!("trial_too_long"), &json!(14))
    );
    let refused = trial(&[("essentials_once", 0)], Some(1));
    assert_eq!(refused["error"]["code"], "trial_too_long", "what is paid once has none");
    let checkout = till.bought(&[], &lines(&[("starter_yearly", 0)]));
    till.pay(&checkout);
    assert_eq!(till.list("/v1/subscriptions")[0]["status"], "trialing");
}

#[test]
fn a_promotion_code_of_the_catalog_is_taken_off() {
    on_every_database(|till| {
        let mut wanted = lines(&[("essentials_once", 0)]);
        wanted["promotionCode"] = json!("tenth");
        let checkout = till.bought(&[], &wanted);
        assert_eq!(till.session(&checkout)["total_details"]["amount_discount"], 14_950);
        till.pay(&checkout);
        assert_eq!(till.list("/v1/payment_intents")[0]["amount_received"], 134_550);
        let by_hand = [("code", "FRIEND"), ("promotion[type]", "coupon"), ("promotion[coupon]", "tenth")];
        till.stripe("/v1/promotion_codes", &by_hand);
        wanted["promotionCode"] = json!("FRIEND");
        assert_eq!(till.refused(&wanted), (422, "promotion_code_not_valid".to_owned()), "nobody has reviewed it");
        let codes = till.list("/v1/promotion_codes");
        let ours = codes.iter().find(|code| code["code"] == "TENTH").expect("the code")["id"].as_str().expect("an id");
        till.stripe(&format!("/v1/promotion_codes/{ours}"), &[("active", "false")]);
        wanted["promotionCode"] = json!("TENTH");
        assert_eq!(till.refused(&wanted), (422, "promotion_code_not_valid".to_owned()), "it is over");
    });
}

#[test]
fn a_coupon_is_given_by_the_companys_own_people() {
    let till = Till::new(pricebook_types::Dialect::Sqlite);
    let mut wanted = lines(&[("essentials_once", 0)]);
    wanted["coupon"] = json!("tenth");
    assert_eq!(till.refused(&wanted), (403, "insufficient_scope".to_owned()));
    let added = till.site.command(&["user", "add", "ana@shop.example", "--role", "admin", "--token", "till"]);
    let authorization = format!("Bearer {}", added["token"]["token"].as_str().expect("a token"));
    let checkout = till.bought(&[("authorization", &authorization)], &wanted);
    assert_eq!(till.session(&checkout)["total_details"]["amount_discount"], 14_950);
    wanted["coupon"] = json!("half");
    assert_eq!(till.buy(&[("authorization", &authorization)], &wanted).error().1, "coupon_not_valid");
}

#[test]
fn the_same_key_makes_one_page_whatever_becomes_of_the_answer() {
    on_every_database(|till| {
        let wanted = lines(&[("starter_monthly", 0)]);
        let key = [("idempotency-key", "order-7")];
        till.run(till.account.post_json(
            "/_sandbox/faults",
            &json!({ "kind": "lost_answer", "method": "POST",
            "path": "/v1/checkout", "nth": 1, "times": 3 }),
        ));
        assert_eq!(till.buy(&key, &wanted).error().1, "payment_service_unavailable");
        let first = till.bought(&key, &wanted);
        let again = till.buy(&key, &wanted);
        assert_eq!((&again.json()["checkout"], again.header("idempotent-replayed")), (&first, Some("true")));
        assert_eq!(till.list("/v1/checkout/sessions").len(), 1);
        assert_eq!(till.buy(&key, &lines(&[("starter_yearly", 0)])).error().1, "idempotency_key_reused");
        let payment = json!({ "service": "essentials", "amount": 299, "currency": "usd" });
        assert_eq!(till.post("/create-payment", &key, &payment).error().1, "idempotency_key_reused");
        assert_ne!(till.bought(&[], &wanted)["sessionId"], first["sessionId"]);
    });
}

#[test]
fn a_checkout_leaves_an_audit_row_with_what_was_sold() {
    on_every_database(|till| {
        let checkout = till.bought(&[], &lines(&[("starter_monthly", 2), ("essentials_once", 0)]));
        let told =
            "SELECT CONCAT(actor_kind, ' ', action, ' ', object_id, ' ', result, ' ', request_id) FROM audit_log";
        let id = checkout["id"].as_str().expect("an id");
        assert_eq!(till.site.query(told), [format!("system checkout.create {id} succeeded buy-1")]);
        let details: Value = serde_json::from_str(&till.site.query("SELECT details FROM audit_log")[0]).expect("JSON");
        let sold =
            json!([{ "price": "starter_monthly", "quantity": 2 }, { "price": "essentials_once", "quantity": 1 }]);
        assert_eq!(details["order"], json!({ "lines": sold, "trial_days": 14, "discount": null }));
        assert_eq!(details["stripe_object"], checkout["sessionId"]);
        assert_eq!(till.site.query("SELECT status FROM payment_attempts"), ["created"]);
    });
}
