//! The client of Stripe against a server that answers as Stripe does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
use pricebook::config::Settings;
use pricebook::services::doctor::{Health, of_stripe};
use pricebook::stripe::{GatewayError, KeyError, Payment, PaymentGateway, PaymentOrder, SecretKey, StripeClient};
use pricebook_types::{Artifacts, Currency, Environment, Money};
use tokio::runtime::Runtime;

use crate::live_shop::{Api, listen};
use crate::shop::SHOP;

const KEY: &str = "sk_test_51ThisIsNoKey";

/// What was asked for.
#[derive(Clone, Debug, Default)]
struct Asked {
    path: String,
    headers: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
}

struct Stripe {
    runtime: Runtime,
    base: String,
    client: StripeClient,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Stripe {
    /// Answers with these, one after the other, and with the last one from then on.
    fn answering(answers: &'static [(u16, &'static str)]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let answer = move |request: Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            let text = |value: &axum::http::HeaderValue| value.to_str().expect("ASCII").to_owned();
            let mut seen = seen.lock().expect("what was asked");
            seen.push(Asked {
                path: parts.uri.path().to_owned(),
                headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
                form: url::form_urlencoded::parse(&body).into_owned().collect(),
            });
            let (status, body) = answers[(seen.len() - 1).min(answers.len() - 1)];
            Response::builder().status(status).header("retry-after", "0").body(Body::from(body)).expect("an answer")
        };
        let router = Router::new().fallback(answer);
        let base = listen(&runtime, router);
        let client = StripeClient::new(base.parse().expect("a URL"), SecretKey::parse(KEY).expect("a key"));
        Self { runtime, base, client: client.expect("a client"), asked }
    }

    fn create(&self) -> Result<Payment, GatewayError> {
        self.runtime.block_on(self.client.create(&order()))
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("what was asked").clone()
    }
}

fn order() -> PaymentOrder {
    PaymentOrder {
        attempt_id: "0190-attempt".to_owned(),
        money: Money::new(29_900, Currency::Usd),
        description: "O'Brien's \"quoted\" plan & more".to_owned(),
        metadata: vec![("pricebook_product", "market-essentials".to_owned())],
    }
}

const CREATED: (u16, &str) =
    (200, r#"{"id":"pi_1","object":"payment_intent","client_secret":"pi_1_secret_2","a_new_field":{"x":[1]}}"#);

#[test]
fn a_payment_intent_is_made_of_the_checked_amount() {
    let stripe = Stripe::answering(&[CREATED]);
    let payment = Payment { id: "pi_1".to_owned(), client_secret: "pi_1_secret_2".to_owned(), account: None };
    assert_eq!(stripe.create(), Ok(payment));
    let asked = &stripe.asked()[0];
    assert_eq!(asked.path, "/v1/payment_intents");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(asked.headers["idempotency-key"], "0190-attempt");
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(asked.headers.contains_key("stripe-version"));
    let form: Vec<_> = asked.form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let expected = [
        ("amount", "29900"),
        ("automatic_payment_methods[enabled]", "true"),
        ("currency", "usd"),
        ("description", "O'Brien's \"quoted\" plan & more"),
        ("metadata[pricebook_product]", "market-essentials"),
    ];
    assert_eq!(form, expected);
}

#[test]
fn what_may_pass_is_tried_again_under_the_same_key() {
    let busy = r#"{"error":{"type":"rate_limit_error","message":"Slow down"}}"#;
    for answers in [
        &[(500, "oops"), (503, "<html>"), CREATED][..],
        Vec::leak(vec![(429, busy), (409, r#"{"error":{"type":"idempotency_error","message":"in use"}}"#), CREATED]),
    ] {
        let stripe = Stripe::answering(answers);
        assert!(stripe.create().is_ok());
        let keys: Vec<_> = stripe.asked().iter().map(|asked| asked.headers["idempotency-key"].clone()).collect();
        assert_eq!(keys, ["0190-attempt"; 3]);
    }
}

#[test]
fn what_does_not_pass_is_given_up_and_nothing_is_believed() {
    for answers in [&[(500, "oops")][..], &[(200, "<html>")], &[(200, r#"{"id":"pi_1"}"#)], &[(302, "")]] {
        let stripe = Stripe::answering(answers);
        let error = stripe.create().expect_err("no payment");
        assert!(matches!(error, GatewayError::Unavailable(_)), "{error}");
        let tries = if answers[0].0 == 500 { 3 } else { 1 };
        assert_eq!(stripe.asked().len(), tries, "{answers:?}");
    }
}

#[test]
fn a_refusal_of_the_payment_is_told_and_not_tried_again() {
    let small = r#"{"error":{"type":"invalid_request_error","code":"amount_too_small","message":"Amount must be at least 50 cents"}}"#;
    let stripe = Stripe::answering(Vec::leak(vec![(400, small)]));
    let message = "Amount must be at least 50 cents".to_owned();
    assert_eq!(stripe.create(), Err(GatewayError::Refused { code: "amount_too_small".to_owned(), message }));
    assert_eq!(stripe.asked().len(), 1);
    let card = r#"{"error":{"type":"card_error","code":"card_declined","message":"Declined"}}"#;
    let refused = Stripe::answering(Vec::leak(vec![(402, card)])).create();
    assert!(matches!(refused, Err(GatewayError::Refused { code, .. }) if code == "card_declined"));
}

#[test]
fn a_mistake_of_ours_is_not_told_as_the_customers() {
    let invalid =
        r#"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: sk_test_*****Key"}}"#;
    for status in [400, 401, 403, 404] {
        let stripe = Stripe::answering(Vec::leak(vec![(status, invalid)]));
        assert!(matches!(stripe.create(), Err(GatewayError::Unavailable(_))), "{status}");
        assert_eq!(stripe.asked().len(), 1, "{status}");
    }
}

#[test]
fn nobody_at_the_address_is_no_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // Nothing listens at the port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let base = format!("http://{port}").parse().expect("a URL");
    let client = StripeClient::new(base, SecretKey::parse(KEY).expect("a key")).expect("a client");
    let error = runtime.block_on(client.create(&order())).expect_err("no payment");
    assert!(matches!(&error, GatewayError::Unavailable(_)) && !error.to_string().contains(KEY), "{error}");
}

#[test]
fn a_key_is_held_to_the_mode_of_its_environment() {
    let artifacts = Api::of_shop(|_| {}).artifacts();
    let taken = |key: &str, environment: &str| {
        let key = SecretKey::parse(key).and_then(|key| key.for_environment(environment, artifacts));
        key.map(drop).map_err(|error| error.to_string())
    };
    // Of the shop's environments, production has `stripe_mode: live`.
    for (live, test) in [("sk_live_abc", "sk_test_abc"), ("rk_live_abc", "rk_test_abc")] {
        assert_eq!(
            (taken(live, "production"), taken(test, "staging"), taken(test, "development")),
            (Ok(()), Ok(()), Ok(()))
        );
        let told = taken(test, "production").expect_err("nobody could pay");
        assert!(told.starts_with("STRIPE_SECRET_KEY is a test key, and the environment production has"), "{told}");
        for environment in ["staging", "development"] {
            let told = taken(live, environment).expect_err("real money");
            let says = format!("STRIPE_SECRET_KEY is a live key, and the environment is {environment}, which has no ");
            assert!(told.starts_with(&says), "{told}");
        }
    }
}

/// What `doctor` says of a key where Stripe answers like this, in an environment of the shop.
fn doctor(environment: &str, key: &str, answers: &'static [(u16, &'static str)]) -> (Health, String) {
    let stripe = Stripe::answering(answers);
    let variables = [("PRICEBOOK_ENVIRONMENT", environment), ("PRICEBOOK_STRIPE_API_BASE", &stripe.base)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::read(variables, &["production", "staging"]).expect("settings");
    let artifacts = Api::of_shop(|_| {}).artifacts();
    let key = SecretKey::parse(key).and_then(|key| key.for_environment(environment, artifacts)).map(Some);
    let told = stripe.runtime.block_on(of_stripe(key, artifacts, &settings));
    if !stripe.asked().is_empty() {
        assert_eq!(stripe.asked()[0].path, "/v1/account");
    }
    (told.health, told.says)
}

#[test]
fn doctor_asks_stripe_whose_key_it_is() {
    const ACCOUNT: (u16, &str) = (200, r#"{"id":"acct_1","object":"account","charges_enabled":true}"#);
    const REVOKED: (u16, &str) =
        (401, r#"{"error":{"type":"invalid_request_error","message":"Expired API Key provided"}}"#);
    const RESTRICTED: (u16, &str) = (403, r#"{"error":{"type":"invalid_request_error","message":"no permission"}}"#);
    let good = doctor("staging", "sk_test_abc", &[ACCOUNT]);
    assert_eq!(good, (Health::Good, "Stripe takes the test key of acct_1".to_owned()));
    let revoked = doctor("staging", "sk_test_abc", &[REVOKED]);
    assert_eq!(revoked, (Health::Bad, "Stripe does not take the key: Expired API Key provided".to_owned()));
    let restricted = doctor("staging", "rk_test_abc", &[RESTRICTED]);
    assert_eq!(restricted, (Health::Doubtful, "Stripe takes the key, which may not read its account".to_owned()));
    let (health, says) = doctor("staging", "sk_test_abc", &[(503, "<html>")]);
    assert!(health == Health::Doubtful && says.starts_with("whether the test key is good is not known: "), "{says}");
    let (health, says) = doctor("production", "sk_live_abc", &[(200, r#"{"id":"acct_1","charges_enabled":false}"#)]);
    assert!(health == Health::Doubtful && says.contains("may not take payments yet"), "{says}");
    let (health, says) = doctor("production", "sk_test_abc", &[ACCOUNT]);
    assert!(health == Health::Bad && says.contains("production has `stripe_mode: live`"), "{says}");
}

#[test]
fn doctor_finds_the_key_of_another_account() {
    let named = Artifacts { environments: &[NAMED], ..SHOP };
    let stripe = Stripe::answering(&[(200, r#"{"id":"acct_2","charges_enabled":true}"#)]);
    let variables = [("PRICEBOOK_ENVIRONMENT", "named"), ("PRICEBOOK_STRIPE_API_BASE", &stripe.base)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::read(variables, &["named"]).expect("settings");
    let key = SecretKey::parse(KEY).map(Some);
    let told = stripe.runtime.block_on(of_stripe(key, &named, &settings));
    assert_eq!(told.health, Health::Bad);
    assert_eq!(told.says, "the key is of the account acct_2, and the catalog names acct_1 for this environment");
}

const NAMED: Environment =
    Environment { id: "named", database: None, stripe_account: Some("acct_1"), stripe_live: false, live_url: None };

#[test]
fn keys_are_told_apart_and_never_shown() {
    assert!(SecretKey::parse("sk_live_abc").is_ok_and(|key| key.is_live()));
    assert!(SecretKey::parse("rk_test_abc").is_ok_and(|key| !key.is_live()));
    for wrong in ["", "pk_test_abc", "sk_abc", "sk_test_", "sk_prod_abc", "sk_test_a b", "whsec_abc"] {
        assert_eq!(SecretKey::parse(wrong), Err(KeyError::NoKey), "{wrong}");
    }
    let key = SecretKey::parse(KEY).expect("a key");
    let client = StripeClient::new("http://localhost".parse().expect("a URL"), key.clone()).expect("a client");
    for shown in [format!("{key:?}"), format!("{client:?}")] {
        assert!(!shown.contains("ThisIsNoKey"), "{shown}");
    }
}
