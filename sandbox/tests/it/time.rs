//! Time leaves the same behind whether it comes at once or day by day.

use pricebook_sandbox::{Options, start};
use serde_json::{Value, json};

use crate::client::Caller;

const DAY: i64 = 24 * 60 * 60;
const DAYS: i64 = 100;

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

/// Everything that is told of a short life at a clock that stands still.
async fn told(seed: u64) -> Value {
    let stripe = start(Options { seed, ..Options::default() }).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    caller.control("clock", json!({ "now": 1_800_000_000, "frozen": true })).await;
    let customer = id(&caller.post("/v1/customers", &[("payment_method", "pm_card_visa")]).await);
    let price =
        [("product_data[name]", "A"), ("currency", "usd"), ("unit_amount", "1"), ("recurring[interval]", "day")];
    let price = id(&caller.post("/v1/prices", &price).await);
    let form = [
        ("customer", customer.as_str()),
        ("items[0][price]", price.as_str()),
        ("payment_behavior", "default_incomplete"),
    ];
    caller.post("/v1/subscriptions", &form).await;
    let clock = caller.control("clock", json!({ "advance_secs": 3 * DAY })).await;
    assert_eq!(clock, json!({ "frozen": true, "now": 1_800_000_000 + 3 * DAY }));
    let events = caller.get("/v1/events?limit=100").await;
    stripe.stop().await;
    events
}

#[tokio::test]
async fn the_same_seed_and_clock_tell_the_same_story() {
    let story = told(7).await;
    assert!(story["data"].as_array().expect("a list").len() > 5);
    assert_eq!(story, told(7).await);
    assert_ne!(story, told(8).await);
}

#[tokio::test]
async fn a_clock_goes_on_from_where_it_stood() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    caller.control("clock", json!({ "now": 1_900_000_000, "frozen": true })).await;
    let made = caller.post("/v1/products", &[("name", "A")]).await;
    assert_eq!(made["created"], 1_900_000_000);
    let clock = caller.control("clock", json!({ "frozen": false })).await;
    assert_eq!(clock["frozen"], false);
    let now = clock["now"].as_i64().expect("a time");
    assert!((1_900_000_000..1_900_000_060).contains(&now), "{now}");
    stripe.stop().await;
}

/// What has happened to one subscription in so many days, by its own time, with the clock moved in such steps.
async fn life(step_days: i64, form: &[(&str, &str)], later_card: Option<&str>) -> Vec<(String, i64, Value)> {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    caller.control("clock", json!({ "now": 1_800_000_000 })).await;
    let customer = id(&caller.post("/v1/customers", &[]).await);
    let attach = async |card: &str| {
        let path = format!("/v1/payment_methods/{card}/attach");
        let method = id(&caller.post(&path, &[("customer", &customer)]).await);
        let settings = [("invoice_settings[default_payment_method]", method.as_str())];
        caller.post(&format!("/v1/customers/{customer}"), &settings).await;
    };
    attach("pm_card_visa").await;
    let price =
        [("product_data[name]", "A"), ("currency", "usd"), ("unit_amount", "999"), ("recurring[interval]", "month")];
    let price = id(&caller.post("/v1/prices", &price).await);
    let own = [("customer", customer.as_str()), ("items[0][price]", price.as_str())];
    let subscription = caller.post("/v1/subscriptions", &[&own[..], form].concat()).await;
    if let Some(card) = later_card {
        attach(card).await;
    }
    let begun = subscription["created"].as_i64().expect("a time");
    for day in (1..=DAYS).filter(|day| day % step_days == 0) {
        caller.control("clock", json!({ "now": begun + day * DAY })).await;
    }
    let mut events = Vec::new();
    for event in caller.get("/v1/events?limit=100").await["data"].as_array().expect("a list").iter().rev() {
        let at = event["created"].as_i64().expect("a time") - begun;
        let kind = event["type"].as_str().expect("a type").to_owned();
        if at > 10 {
            events.push((kind, at, event["data"]["object"]["status"].clone()));
        }
    }
    stripe.stop().await;
    assert!(events.iter().all(|(_, at, _)| *at <= DAYS * DAY));
    events
}

#[tokio::test]
async fn renewals_are_the_same_in_one_step_and_in_many() {
    let whole = life(DAYS, &[], None).await;
    let paid = whole.iter().filter(|(kind, ..)| kind == "invoice.paid").count();
    assert_eq!(paid, 3);
    assert_eq!(whole, life(1, &[], None).await);
}

#[tokio::test]
async fn a_trial_is_the_same_in_one_step_and_in_many() {
    let form = [("trial_period_days", "20"), ("cancel_at", "1806000000")];
    let whole = life(DAYS, &form, None).await;
    let kinds: Vec<&str> = whole.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds[0], "customer.subscription.trial_will_end");
    assert_eq!(kinds.last(), Some(&"customer.subscription.deleted"));
    assert_eq!(whole, life(5, &form, None).await);
}

#[tokio::test]
async fn retries_are_the_same_in_one_step_and_in_many() {
    let bad = Some("pm_card_chargeCustomerFail");
    let whole = life(DAYS, &[], bad).await;
    let failed = whole.iter().filter(|(kind, ..)| kind == "invoice.payment_failed").count();
    assert_eq!(failed, 4);
    assert_eq!(whole, life(2, &[], bad).await);
}
