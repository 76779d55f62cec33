//! Objects have exactly the fields of Stripe's published ones, with values of the same types.

use std::collections::BTreeSet;

use pricebook_sandbox::{Options, start};
use serde_json::Value;

use crate::client::Caller;

/// From <https://github.com/stripe/openapi> (MIT licence).
const PUBLISHED: &str = include_str!("../fixtures/stripe-objects.json");

/// Places whose fields depend on what the object is about, or are anybody's.
const FREE: &[&str] = &["metadata", "event.data", "payload"];

/// What the published objects still have: since version 2022-11-15 refunds are shown only where they are expanded, and
/// since 2025-03-31 an invoice names its subscription under `parent`.
const NOT_SHOWN: &[&str] = &["charge.refunds", "invoice.subscription"];

/// What the published objects leave out and Stripe's own client knows: fields by their last two names.
const LEFT_OUT: &[&str] = &[
    "payment.payment_intent",
    "pricing.price_details",
    "subscription_details.subscription_item",
    "credit_note_line_item.invoice_line_item",
    "data[0].invoice_line_item",
];

fn published(kind: &str) -> Value {
    let all: Value = serde_json::from_str(PUBLISHED).expect("JSON");
    all["resources"].get(kind).cloned().unwrap_or_else(|| panic!("nothing is published of {kind}"))
}

/// Compares an object with the published one of its kind.
pub(crate) fn check(object: &Value) {
    let kind = object["object"].as_str().expect("a kind");
    let kind = if object["deleted"] == true { format!("deleted_{kind}") } else { kind.to_owned() };
    let mut differences = Vec::new();
    compare(&published(&kind), object, &kind, &mut differences);
    assert!(differences.is_empty(), "{differences:#?}\n{object:#}");
}

fn compare(published: &Value, own: &Value, place: &str, differences: &mut Vec<String>) {
    match (published, own) {
        // Null says nothing of the type that a value would have.
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(published), Value::Object(own)) => {
            let last = place.rsplit('.').next().unwrap_or_default();
            // An empty one says nothing of the fields that it could have.
            if published.is_empty() || FREE.iter().any(|free| *free == last || *free == place) {
                return;
            }
            let keys = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<BTreeSet<_>>();
            let (theirs, ours) = (keys(published), keys(own));
            let missing = theirs.difference(&ours).map(|key| format!("{place}.{key}"));
            let missing = missing.filter(|key| !NOT_SHOWN.contains(&key.as_str()));
            differences.extend(missing.map(|key| format!("{key} is missing")));
            let beyond = ours.difference(&theirs).map(|key| format!("{place}.{key}"));
            let beyond = beyond.filter(|key| !LEFT_OUT.iter().any(|known| key.ends_with(known)));
            differences.extend(beyond.map(|key| format!("{key} is too much")));
            for key in theirs.intersection(&ours) {
                compare(&published[key], &own[key], &format!("{place}.{key}"), differences);
            }
        }
        (Value::Array(published), Value::Array(own)) => {
            if let (Some(published), Some(own)) = (published.first(), own.first()) {
                compare(published, own, &format!("{place}[0]"), differences);
            }
        }
        _ => {
            let same = std::mem::discriminant(published) == std::mem::discriminant(own);
            if !same {
                differences.push(format!("{place} is {own} and not like {published}"));
            }
        }
    }
}

#[tokio::test]
async fn objects_of_the_catalog() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    check(&caller.get("/v1/account").await);
    let dimensions = ["height", "length", "weight", "width"].map(|side| (format!("package_dimensions[{side}]"), "1"));
    let mut form: Vec<(&str, &str)> = dimensions.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    form.extend([("name", "A"), ("description", "B"), ("images[]", "https://example.com/a.png"), ("metadata[a]", "b")]);
    let product = caller.post("/v1/products", &form).await;
    check(&product);
    let id = product["id"].as_str().expect("an id");
    let flat = [("currency", "usd"), ("product", id), ("unit_amount", "1"), ("recurring[interval]", "month")];
    let transformed = [("transform_quantity[divide_by]", "2"), ("transform_quantity[round]", "up")];
    let price = caller.post("/v1/prices", &[&flat[..], &transformed].concat()).await;
    check(&price);
    let custom = [("currency", "usd"), ("product", id), ("custom_unit_amount[enabled]", "true")];
    check(&caller.post("/v1/prices", &custom).await);
    let default_price = [("default_price", price["id"].as_str().expect("an id"))];
    check(&caller.post(&format!("/v1/products/{id}"), &default_price).await);
    let feature = caller.post("/v1/entitlements/features", &[("lookup_key", "f"), ("name", "F")]).await;
    check(&feature);
    let granted = [("entitlement_feature", feature["id"].as_str().expect("an id"))];
    let attached = caller.post(&format!("/v1/products/{id}/features"), &granted).await;
    check(&attached);
    let attached = attached["id"].as_str().expect("an id");
    check(&caller.delete(&format!("/v1/products/{id}/features/{attached}")).await);
    let free = caller.post("/v1/products", &[("name", "Free")]).await;
    check(&caller.delete(&format!("/v1/products/{}", free["id"].as_str().expect("an id"))).await);
    let counted = [("display_name", "M"), ("event_name", "m"), ("default_aggregation[formula]", "sum")];
    check(&caller.post("/v1/billing/meters", &counted).await);
    stripe.stop().await;
}

#[tokio::test]
async fn objects_that_take_off_and_that_tell() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    let months = [("percent_off", "25.5"), ("duration", "repeating"), ("duration_in_months", "3"), ("id", "OFF")];
    check(&caller.post("/v1/coupons", &months).await);
    check(&caller.post("/v1/coupons", &[("amount_off", "100"), ("currency", "usd"), ("name", "N")]).await);
    let code = [("promotion[type]", "coupon"), ("promotion[coupon]", "OFF"), ("code", "FALL20")];
    check(&caller.post("/v1/promotion_codes", &code).await);
    check(&caller.delete("/v1/coupons/OFF").await);
    let hook = [("url", "http://127.0.0.1:9/"), ("enabled_events[]", "charge.failed"), ("description", "D")];
    let mut hook = caller.post("/v1/webhook_endpoints", &hook).await;
    // It is told once, and stands in no published object.
    let secret = hook.as_object_mut().and_then(|hook| hook.remove("secret"));
    assert!(secret.is_some());
    check(&hook);
    check(&caller.get(&format!("/v1/webhook_endpoints/{}", hook["id"].as_str().expect("an id"))).await);
    check(&caller.delete(&format!("/v1/webhook_endpoints/{}", hook["id"].as_str().expect("an id"))).await);
    let events = caller.get("/v1/events").await;
    let events = events["data"].as_array().expect("a list");
    assert!(events.len() >= 4, "{events:?}");
    events.iter().for_each(check);
    stripe.stop().await;
}

#[tokio::test]
async fn objects_of_payments() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    let somebody = [("email", "a@example.com"), ("shipping[name]", "N"), ("shipping[address][line1]", "L")];
    let customer = caller.post("/v1/customers", &somebody).await;
    check(&customer);
    let customer = customer["id"].as_str().expect("an id");
    check(&caller.post("/v1/payment_methods/pm_card_visa/attach", &[("customer", customer)]).await);
    let intent = [
        ("amount", "1099"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method", "pm_card_visa"),
        ("payment_method_types[]", "card"),
    ];
    let intent = caller.post("/v1/payment_intents", &intent).await;
    let charge = caller.get(&format!("/v1/charges/{}", intent["latest_charge"].as_str().expect("an id"))).await;
    check(&charge);
    let transaction = charge["balance_transaction"].as_str().expect("an id");
    check(&caller.get(&format!("/v1/balance_transactions/{transaction}")).await);
    check(&caller.get(&format!("/v1/payment_intents/{}", intent["id"].as_str().expect("an id"))).await);
    let prepared = [("amount", "1099"), ("currency", "usd"), ("automatic_payment_methods[enabled]", "true")];
    check(&caller.post("/v1/payment_intents", &prepared).await);
    let back = [("charge", charge["id"].as_str().expect("an id"))];
    check(&caller.post("/v1/refunds", &back).await);
    check(&caller.delete(&format!("/v1/customers/{customer}")).await);
    stripe.stop().await;
}

#[tokio::test]
async fn objects_of_pages() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    let page = [
        ("mode", "payment"),
        ("success_url", "https://example.com"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount]", "100"),
        ("line_items[0][price_data][product_data][name]", "A"),
        ("payment_intent_data[description]", "hidden"),
    ];
    let page = caller.post("/v1/checkout/sessions", &page).await;
    check(&page);
    let id = page["id"].as_str().expect("an id");
    check(&caller.post(&format!("/_sandbox/checkout/sessions/{id}/pay"), &[("email", "a@example.com")]).await);
    let items = caller.get(&format!("/v1/checkout/sessions/{id}/line_items")).await;
    check(&items["data"][0]);
    let customer = caller.post("/v1/customers", &[("name", "N")]).await;
    let features = [("features[invoice_history][enabled]", "true")];
    check(&caller.post("/v1/billing_portal/configurations", &features).await);
    let portal = [("customer", customer["id"].as_str().expect("an id")), ("return_url", "https://example.com")];
    check(&caller.post("/v1/billing_portal/sessions", &portal).await);
    stripe.stop().await;
}

#[tokio::test]
async fn objects_of_subscriptions_and_usage() {
    let stripe = start(Options::default()).await.expect("a sandbox");
    let caller = Caller::of(&stripe);
    let customer = caller.post("/v1/customers", &[("payment_method", "pm_card_visa")]).await;
    let form =
        [("product_data[name]", "A"), ("currency", "usd"), ("unit_amount", "100"), ("recurring[interval]", "month")];
    let price = caller.post("/v1/prices", &form).await;
    let form = [
        ("customer", customer["id"].as_str().expect("an id")),
        ("items[0][price]", price["id"].as_str().expect("an id")),
        ("trial_period_days", "14"),
    ];
    let subscription = caller.post("/v1/subscriptions", &form).await;
    check(&subscription);
    check(&subscription["items"]["data"][0]);
    let counted = [("display_name", "M"), ("event_name", "m"), ("default_aggregation[formula]", "sum")];
    let meter = caller.post("/v1/billing/meters", &counted).await;
    let customer = customer["id"].as_str().expect("an id");
    let used = [("event_name", "m"), ("payload[stripe_customer_id]", customer), ("payload[value]", "3")];
    check(&caller.post("/v1/billing/meter_events", &used).await);
    let meter = meter["id"].as_str().expect("an id");
    let summaries =
        format!("/v1/billing/meters/{meter}/event_summaries?customer={customer}&start_time=0&end_time=9999999999");
    check(&caller.get(&summaries).await["data"][0]);
    stripe.stop().await;
}
