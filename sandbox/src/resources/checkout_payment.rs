//! A customer who pays on a Checkout page, which the sandbox's caller plays: `POST /_sandbox/checkout/sessions/{id}/pay`.

use serde_json::{Value, json};

use super::addresses::billing_details;
use super::checkout_sessions;
use super::{customers, payment_intents, payment_methods, subscriptions};
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field};
use crate::store::Object;

pub(crate) const PAY: &[Field] =
    &[field("email", Kind::Text(800)), field("name", Kind::Text(256)), field("payment_method", Kind::Text(5000))];

/// Pays with a test card, `pm_card_visa` unless another one is named.
pub(crate) fn pay(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut session = checkout_sessions::open(call)?;
    let sent = call.params.clone();
    let email = session.get("customer_email").filter(|email| !email.is_null()).cloned().unwrap_or(sent.value("email"));
    let is_subscription = text(&session, "mode") == "subscription";
    let needs_customer = is_subscription || text(&session, "customer_creation") == "always";
    if text(&session, "customer").is_empty() && needs_customer {
        let customer = call.with(json!({ "email": email, "name": sent.value("name") }), customers::create)?;
        session.insert("customer".to_owned(), customer["id"].clone());
    }
    let total = session.get("amount_total").and_then(Value::as_i64).unwrap_or_default();
    session.insert("payment_status".to_owned(), json!(if total == 0 { "no_payment_required" } else { "paid" }));
    if is_subscription {
        let subscription = subscribe(call, &session, &sent)?;
        session.insert("subscription".to_owned(), subscription["id"].clone());
    } else if total > 0 {
        let intent = call.with(intent_of(&session, &sent), payment_intents::create)?;
        session.insert("payment_intent".to_owned(), intent["id"].clone());
    }
    let details = json!({
        "address": billing_details(None)["address"], "business_name": null, "email": email, "individual_name": null,
        "name": sent.value("name"), "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    session.insert("customer_details".to_owned(), details);
    checkout_sessions::complete(call, session)
}

/// The card becomes that of the subscription. What is sold once beside it is paid by nobody: there are no invoices.
fn subscribe(call: &mut Call<'_>, session: &Object, sent: &Params) -> Result<Value, Failure> {
    let customer = text(session, "customer").to_owned();
    let method = sent.text("payment_method").unwrap_or("pm_card_visa");
    let method = payment_methods::attach_to(call, method, &customer, "payment_method")?;
    let items = session.get("line_items").and_then(|items| items["data"].as_array()).cloned().unwrap_or_default();
    let items = items.iter().filter(|item| item["price"]["type"] == "recurring").map(|item| {
        let mut sold = json!({ "price": item["price"]["id"] });
        if let Some(quantity) = item["quantity"].as_i64() {
            sold["quantity"] = json!(quantity);
        }
        sold
    });
    let mut subscription = session.get("subscription_data").cloned().unwrap_or_else(|| json!({}));
    subscription["customer"] = json!(customer);
    subscription["default_payment_method"] = json!(text(&method, "id"));
    subscription["items"] = items.collect();
    subscription["payment_behavior"] = json!("error_if_incomplete");
    call.with(subscription, subscriptions::create)
}

/// The parameters of the payment, as the company would have sent them.
fn intent_of(session: &Object, sent: &Params) -> Value {
    let mut intent = session.get("payment_intent_data").cloned().unwrap_or_else(|| json!({}));
    for (name, value) in [
        ("amount", session.get("amount_total").cloned().unwrap_or_default()),
        ("currency", session.get("currency").cloned().unwrap_or_default()),
        ("confirm", json!(true)),
        ("payment_method", json!(sent.text("payment_method").unwrap_or("pm_card_visa"))),
        ("payment_method_types", json!(["card"])),
    ] {
        intent[name] = value;
    }
    if let Some(customer) = session.get("customer").filter(|customer| !customer.is_null()) {
        intent["customer"] = customer.clone();
    }
    intent
}
