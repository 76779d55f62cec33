//! What is not sold: whatever the catalog, the database and the payment service do not all have alike.

use axum::http::Method;
use pricebook_types::Dialect;
use serde_json::{Value, json};

use super::till::{Till, lines, on_every_database};
use crate::http_shop::{Site, request, settings};

/// Lines, and the status and the code with which they are refused.
type Case<'a> = (&'a [(&'a str, u32)], u16, &'a str);

#[test]
fn what_cannot_be_sold_together_is_refused_with_a_code() {
    on_every_database(|till| {
        let cases: [Case<'_>; 13] = [
            (&[("xxx", 1)], 404, "price_not_found"),
            (&[("starter_2020", 1)], 404, "price_not_sold"),
            (&[("old_once", 1)], 404, "service_inactive"),
            (&[("tracking_monthly", 1)], 404, "service_coming_soon"),
            (&[("pulse_once", 1)], 422, "nothing_to_pay"),
            (&[("growing_once", 1)], 404, "price_not_found"),
            (&[("starter_monthly", 10_001)], 422, "quantity_out_of_range"),
            (&[("usage_calls", 1)], 422, "quantity_not_taken"),
            (&[("starter_monthly", 1), ("starter_monthly", 2)], 422, "price_named_twice"),
            (&[("starter_monthly", 1), ("starter_yearly", 1)], 422, "intervals_differ"),
            (&[("essentials_once", 700)], 422, "amount_above_maximum"),
            (&[("starter_monthly", 1), ("xxx", 1)], 404, "price_not_found"),
            (&[("usage_monthly", 1), ("starter_yearly", 1)], 422, "intervals_differ"),
        ];
        for (wanted, status, code) in cases {
            assert_eq!(till.refused(&lines(wanted)), (status, code.to_owned()), "{wanted:?}");
        }
        let with = |name: &str, value: Value| {
            let mut wanted = lines(&[("starter_monthly", 1)]);
            wanted[name] = value;
            wanted
        };
        assert_eq!(till.refused(&with("currency", json!("kwd"))), (422, "currency_not_offered".to_owned()));
        assert_eq!(till.refused(&with("promotionCode", json!("NONE"))), (422, "promotion_code_not_valid".to_owned()));
        assert_eq!(till.bought(&[], &with("currency", json!("USD")))["currency"], "usd");
        assert_eq!(till.list("/v1/checkout/sessions").len(), 1, "nothing else was asked of Stripe");
    });
}

#[test]
fn what_is_no_checkout_is_refused_and_says_where() {
    let till = Till::new(Dialect::Sqlite);
    let says = |body: &Value| {
        let (status, code, message) = till.buy(&[], body).error();
        assert_eq!((status, code.as_str()), (422, "invalid_request"), "{body}");
        message
    };
    let line = |name: &str, value: Value| {
        let mut line = json!({ "price": "starter_monthly" });
        line[name] = value;
        json!({ "lines": [line] })
    };
    assert_eq!(says(&json!({ "lines": [] })), "lines: 1 to 10 of them");
    assert_eq!(says(&json!({ "lines": vec![json!({ "price": "a" }); 11] })), "lines: 1 to 10 of them");
    assert!(says(&json!({ "lines": {} })).starts_with("lines: a list such as"));
    assert!(says(&json!({ "lines": [["starter_monthly", 1]] })).starts_with("lines[0]: an object such as"));
    for quantity in [json!(0.5), json!(-1), json!("1"), json!(1e20), json!(true)] {
        assert_eq!(says(&line("quantity", quantity)), "lines[0].quantity: a whole number such as 3");
    }
    assert!(
        says(&line("amount", json!(1))).starts_with("lines[0]: unknown field `amount`"),
        "the page does not say what it costs"
    );
    assert_eq!(says(&line("price", json!(7))), "lines[0].price: a text such as \"…\"");
    for field in ["successUrl", "cancelUrl", "returnUrl", "customer", "amount"] {
        let mut wanted = lines(&[("starter_monthly", 1)]);
        wanted[field] = json!("https://elsewhere.example");
        assert!(says(&wanted).starts_with(&format!("unknown field `{field}`")), "{field}");
    }
    let mut both = lines(&[("starter_monthly", 1)]);
    (both["coupon"], both["promotionCode"]) = (json!("a"), json!("b"));
    assert!(says(&both).starts_with("coupon: not beside promotionCode"));
    let zero = json!({ "lines": [{ "price": "starter_monthly", "quantity": 0 }] });
    assert_eq!(till.refused(&zero), (422, "quantity_out_of_range".to_owned()));
}

#[test]
fn what_the_database_sells_otherwise_is_put_off() {
    on_every_database(|till| {
        let out_of_sync = (409, "price_out_of_sync".to_owned());
        let sold = |key: &str| till.bought(&[], &lines(&[(key, 0)]));
        let put_off = |sql: &str, key: &str, back: &str| {
            sold(key);
            till.site.sql(sql);
            assert_eq!(till.refused(&lines(&[(key, 0)])), out_of_sync, "{sql}");
            till.site.sql(back);
            sold(key);
        };
        let amounts = |key: &str, set: &str| {
            format!("UPDATE catalog_price_amounts SET {set} WHERE lookup_key = '{key}' AND currency = 'usd'")
        };
        put_off(
            &amounts("starter_monthly", "unit_amount = '100'"),
            "starter_monthly",
            &amounts("starter_monthly", "unit_amount = '2950'"),
        );
        put_off(
            &amounts("usage_monthly", "unit_amount = '2'"),
            "usage_monthly",
            &amounts("usage_monthly", "unit_amount = '1'"),
        );
        put_off(&amounts("usage_monthly", "up_to = 5"), "usage_monthly", &amounts("usage_monthly", "up_to = NULL"));
        put_off(
            &amounts("usage_monthly", "flat_amount = '9'"),
            "usage_monthly",
            &amounts("usage_monthly", "flat_amount = NULL"),
        );
        let active =
            |active: &str| format!("UPDATE catalog_prices SET active = {active} WHERE lookup_key = 'starter_yearly'");
        put_off(&active("FALSE"), "starter_yearly", &active("TRUE"));
        put_off(
            "UPDATE services SET min_price = 1, max_price = 1 WHERE id = 'essentials'",
            "essentials_once",
            "UPDATE services SET min_price = 1495, max_price = 1495 WHERE id = 'essentials'",
        );
        till.site.sql("UPDATE plans SET on_sale = FALSE WHERE key_of_plan = 'starter'");
        assert_eq!(till.refused(&lines(&[("starter_monthly", 0)])), (404, "service_inactive".to_owned()));
        till.site.sql("DELETE FROM plans WHERE key_of_plan = 'starter'");
        assert_eq!(till.refused(&lines(&[("starter_monthly", 0)])), (404, "service_not_found".to_owned()));
    });
}

#[test]
fn what_stripe_does_not_have_as_it_was_reviewed_is_put_off() {
    on_every_database(|till| {
        let wanted = lines(&[("starter_monthly", 0), ("retainer_monthly", 0)]);
        let not_there = |why: &str| {
            let answer = till.buy(&[], &wanted);
            let (status, code, _) = answer.error();
            assert_eq!((status, code.as_str()), (409, "price_not_in_stripe"), "{why}");
            assert_eq!(answer.json()["error"]["details"]["price"], "starter_monthly", "{why}");
        };
        let set = |what: &str| {
            till.site.sql(&format!("UPDATE stripe_product_mappings SET {what} WHERE lookup_key = 'starter_monthly'"));
        };
        set("sync_status = 'error'");
        not_there("its last sync failed");
        set("sync_status = 'synced', content_hash = 'of another price'");
        not_there("another price was synced");
        set("content_hash = 'starter_monthly for 2950', stripe_account = 'acct_another'");
        not_there("it was synced to another account");
        let account = till.run(till.account.get("/v1/account"))["id"].as_str().expect("an id").to_owned();
        let price = till.run(till.account.one("/v1/prices", "lookup_key", "starter_monthly"))["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let cheap = till.stripe("/v1/products", &[("name", "Cheap")])["id"].as_str().expect("an id").to_owned();
        let form =
            [("product", cheap.as_str()), ("unit_amount", "1"), ("currency", "usd"), ("recurring[interval]", "month")];
        let cheap = till.stripe("/v1/prices", &form)["id"].as_str().expect("an id").to_owned();
        set(&format!("stripe_account = '{account}', stripe_price_id = '{cheap}'"));
        not_there("somebody wrote another price into the table");
        let pages = till.list("/v1/checkout/sessions");
        assert_eq!((pages.len(), &pages[0]["status"]), (1, &json!("expired")), "nobody can pay there");
        set(&format!("stripe_price_id = '{price}'"));
        till.bought(&[], &wanted);
        let yearly = till.run(till.account.one("/v1/prices", "lookup_key", "starter_yearly"))["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        till.stripe(&format!("/v1/prices/{yearly}"), &[("active", "false")]);
        let archived = till.buy(&[], &lines(&[("essentials_once", 0), ("starter_yearly", 0)]));
        assert_eq!(archived.error().1, "price_not_in_stripe", "somebody archived it by hand");
        assert_eq!(archived.json()["error"]["details"]["price"], "starter_yearly");
    });
}

#[test]
fn where_nothing_is_set_up_nothing_is_sold_and_the_answer_says_why() {
    let site = Site::unconfigured();
    let body = lines(&[("starter_monthly", 0)]).to_string();
    let ask =
        |site: &Site| site.send(request(Method::POST, "/api/checkout", &[("content-type", "application/json")], &body));
    assert_eq!(ask(&site).error().1, "checkout_not_configured", "a catalog that says nothing of Stripe");
    let till = Till::new(Dialect::Sqlite);
    till.run(till.account.post_json("/_sandbox/faults", &json!({ "kind": "unavailable", "path": "/v1" })));
    assert_eq!(till.buy(&[], &lines(&[("starter_monthly", 0)])).error().1, "payment_service_unavailable");
    let limited = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_PAYMENT_RATE_PER_MINUTE", "1")]));
    ask(&limited);
    assert_eq!(ask(&limited).error().1, "rate_limit_exceeded");
}
