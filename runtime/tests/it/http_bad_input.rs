//! Whatever is sent, the answer is a 4xx in the shape of errors, never a 5xx.

use axum::http::Method;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::http_shop::{Answer, Site, request, settings};

fn cases() -> u32 {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

fn generous() -> Site {
    let variables = [("PRICEBOOK_RATE_PER_MINUTE", "0"), ("PRICEBOOK_PAYMENT_RATE_PER_MINUTE", "0")];
    Site::new(pricebook_types::Dialect::Sqlite, settings(&variables))
}

fn post(site: &Site, body: &str) -> Answer {
    site.send(request(Method::POST, "/create-payment", &[("content-type", "application/json")], body))
}

/// The code of a refusal, which has the shape of errors.
fn refused(answer: &Answer) -> String {
    let (status, code, message) = answer.error();
    assert!((400..500).contains(&status), "{status}: {}", answer.text);
    assert!(!message.is_empty() && message.chars().count() <= 301, "{message}");
    code
}

#[test]
fn what_is_no_payment_is_refused_and_says_why() {
    let site = generous();
    let cases = [
        ("", "malformed_request"),
        ("{", "malformed_request"),
        ("null", "invalid_request"),
        ("[]", "invalid_request"),
        ("\"text\"", "invalid_request"),
        (r#"{"service":"essentials","amount":NaN,"currency":"usd"}"#, "malformed_request"),
        (r#"{"service":"essentials","amount":Infinity,"currency":"usd"}"#, "malformed_request"),
        (r#"{"service":"essentials","amount":299,"amount":300,"currency":"usd"}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":"usd","free":true}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299}"#, "invalid_request"),
        (r#"{"amount":299,"currency":"usd"}"#, "invalid_request"),
        (r#"{"service":7,"amount":299,"currency":"usd"}"#, "invalid_request"),
        (r#"{"service":"","amount":299,"currency":"usd"}"#, "invalid_request"),
        (r#"{"service":"a\u0000b","amount":299,"currency":"usd"}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":"usd","customerReference":"\u0000"}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":"xxx"}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":null}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":"usd","kind":"tea"}"#, "invalid_request"),
        (r#"{"service":"essentials","amount":299,"currency":"usd"} trailing"#, "malformed_request"),
    ];
    for (body, code) in cases {
        assert_eq!(refused(&post(&site, body)), code, "{body}");
    }
    for amount in [
        "-1",
        "-0.01",
        "-299",
        "1e3",
        "1E400",
        "2.99e2",
        "99999999999999999999999999999999999",
        "1000000001",
        "0.1234567890123456789012345678901",
        "null",
        "true",
        "[299]",
        "{\"value\":299}",
        "\"\"",
        "\"1,495\"",
        "\"$299\"",
        "\"NaN\"",
        "\"0x10\"",
        "\" 299\"",
        "\"+299\"",
        "\"299.\"",
        "\".5\"",
        "\"٢٩٩\"",
    ] {
        let body = format!(r#"{{"service":"essentials","amount":{amount},"currency":"usd"}}"#);
        assert_eq!(refused(&post(&site, &body)), "invalid_request", "{amount}");
    }
    assert!(site.gateway.orders.lock().expect("the orders").is_empty());
}

#[test]
fn only_an_object_is_taken_and_the_answer_names_what_is_wrong() {
    let site = generous();
    let says = |body: &str| {
        let (status, code, message) = post(&site, body).error();
        assert_eq!((status, code.as_str()), (422, "invalid_request"), "{body}");
        message
    };
    for body in [
        r#"["essentials",null,null,299,"usd",null]"#,
        r#" [{"service":"essentials","amount":299,"currency":"usd"}]"#,
        "[[[]]]",
        "null",
        "true",
        "299",
        "\"essentials\"",
    ] {
        assert_eq!(says(body), "The body must be a JSON object: {\"name\": value, …}", "{body}");
    }
    let order = |field: &str, value: &str| {
        let mut order: Value = json!({ "service": "essentials", "amount": 299, "currency": "usd" });
        order[field] = serde_json::from_str(value).expect("JSON");
        order.to_string()
    };
    for field in ["service", "kind", "price", "currency", "customerReference"] {
        for value in ["7", "[\"essentials\"]", "{\"id\":\"essentials\"}", "true"] {
            assert_eq!(says(&order(field, value)), format!("{field}: a text such as \"…\""), "{value}");
        }
    }
    assert!(says(&order("amount", "[299]")).starts_with("amount: a number such as 299"));
    assert!(says(&order("free", "true")).starts_with("unknown field `free`, expected one of `service`, `kind`"));
    assert!(says(r#"{"amount":299,"currency":"usd"}"#).starts_with("missing field `service`"));
    assert!(site.gateway.orders.lock().expect("the orders").is_empty());
}

#[test]
fn an_amount_is_exact_to_its_last_digit() {
    let site = generous();
    let body = r#"{"service":"essentials","amount":299.0000000000000000001,"currency":"usd"}"#;
    assert_eq!(refused(&post(&site, body)), "amount_too_fine", "a float would take it for 299");
    let body = r#"{"service":"essentials","amount":298.9999999999999999999,"currency":"usd"}"#;
    assert_eq!(refused(&post(&site, body)), "amount_too_fine");
}

#[test]
fn bodies_that_are_too_large_or_not_declared_as_json_are_refused() {
    let site = generous();
    let ten_megabytes = format!(r#"{{"service":"{}"}}"#, "x".repeat(10 * 1024 * 1024));
    assert_eq!(post(&site, &ten_megabytes).error().0, 413);
    assert_eq!(refused(&post(&site, &ten_megabytes)), "body_too_large");
    let deep =
        format!(r#"{{"service":"essentials","currency":"usd","amount":{}{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    refused(&post(&site, &deep));
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""]
    {
        let headers = [("content-type", content_type)];
        let answer = site.send(request(Method::POST, "/create-payment", &headers, "{}"));
        assert_eq!((answer.error().0, refused(&answer).as_str()), (415, "unsupported_media_type"), "{content_type}");
    }
    assert_eq!(refused(&site.send(request(Method::POST, "/create-payment", &[], "{}"))), "unsupported_media_type");
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        "[a-z-]{1,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z]{1,10}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

/// A payment of which each field is right, or anything.
fn almost_a_payment() -> impl Strategy<Value = Value> {
    let field = |right: Value| prop_oneof![3 => Just(right), 1 => any_json()];
    (
        field(json!("essentials")),
        field(json!(299)),
        field(json!("usd")),
        prop::option::of(any_json()),
        prop::option::of(any_json()),
    )
        .prop_map(|(service, amount, currency, price, reference)| {
            let mut body = json!({ "service": service, "amount": amount, "currency": currency });
            price.into_iter().for_each(|price| body["price"] = price);
            reference.into_iter().for_each(|reference| body["customerReference"] = reference);
            body
        })
}

fn check<S: Strategy>(strategy: S, test: impl Fn(S::Value)) {
    let mut runner = TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() });
    let result = runner.run(&strategy, |value| {
        test(value);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn no_json_gives_a_5xx() {
    let site = generous();
    check(prop_oneof![any_json(), almost_a_payment()], |body| {
        let answer = post(&site, &body.to_string());
        if answer.status.as_u16() != 201 {
            refused(&answer);
        }
    });
}

#[test]
fn no_bytes_give_a_5xx() {
    let site = generous();
    check(any::<Vec<u8>>(), |bytes| {
        refused(&post(&site, &String::from_utf8_lossy(&bytes)));
    });
}

#[test]
fn no_amount_between_the_bounds_is_refused_and_none_outside_is_accepted() {
    let site = generous();
    check(0_u64..=200_000, |minor| {
        let amount = format!("{}.{:02}", minor / 100, minor % 100);
        let body = format!(r#"{{"service":"essentials","amount":{amount},"currency":"USD"}}"#);
        let answer = post(&site, &body);
        match minor {
            ..29_900 => assert_eq!(refused(&answer), "minimum_deposit_required", "{amount}"),
            29_900..=149_500 => {
                assert_eq!(answer.status.as_u16(), 201, "{amount}: {}", answer.text);
                assert_eq!(answer.json()["payment"]["amountMinor"], minor);
            }
            _ => assert_eq!(refused(&answer), "amount_above_price", "{amount}"),
        }
    });
}

#[test]
fn no_path_or_query_gives_a_5xx() {
    let site = generous();
    check(("[ -~]{0,40}", "[ -~]{0,20}"), |(path, query)| {
        let encoded: String = path
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() || "/%-.".contains(letter) {
                    letter.to_string()
                } else {
                    format!("%{:02X}", letter as u32)
                }
            })
            .collect();
        let query: String =
            query.chars().filter(|letter| letter.is_ascii_alphanumeric() || "=&%".contains(*letter)).collect();
        for uri in [format!("/{encoded}?{query}"), format!("/services/{encoded}"), format!("/services?{query}")] {
            let Ok(uri) = uri.parse::<axum::http::Uri>() else { continue };
            let answer = site.get(&uri.to_string());
            assert!(answer.status.as_u16() < 500, "{uri}: {}", answer.text);
        }
    });
}
