//! A customer who pays on a Checkout page, which the sandbox's caller plays: `POST /_sandbox/checkout/sessions/{id}/pay`.

use serde_json::{Value, json};

use super::addresses::billing_details;
use super::checkout_sessions;
use super::invoices::payments;
use super::{customers, payment_intents, payment_methods, payment_steps, subscriptions};
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field};
use crate::store::Object;

pub(crate) const PAY: &[Field] = &[
    field("authentication", Kind::Choice(&["fail", "succeed"])),
    field("email", Kind::Text(800)),
    field("name", Kind::Text(256)),
    field("payment_method", Kind::Text(5000)),
];

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
        session.insert("invoice".to_owned(), subscription["latest_invoice"].clone());
    } else if total > 0 {
        let intent = call.with(intent_of(&session, &sent), payment_intents::create)?;
        answer_bank(call, &sent, &intent)?;
        session.insert("payment_intent".to_owned(), intent["id"].clone());
    }
    let details = json!({
        "address": billing_details(None)["address"], "business_name": null, "email": email, "individual_name": null,
        "name": sent.value("name"), "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    session.insert("customer_details".to_owned(), details);
    checkout_sessions::complete(call, session)
}

/// The customer answers their bank, where it asks. A refusal takes everything back, so that the page can be paid again.
fn answer_bank(call: &mut Call<'_>, sent: &Params, intent: &Value) -> Result<(), Failure> {
    if intent["status"] != "requires_action" {
        return Ok(());
    }
    let own = std::mem::replace(&mut call.ids, vec![intent["id"].as_str().unwrap_or_default().to_owned()]);
    let answered = call.with(json!({ "outcome": sent.or("authentication", "succeed") }), payment_steps::authenticate);
    call.ids = own;
    match answered?["status"].as_str() {
        Some("succeeded" | "requires_capture") => Ok(()),
        _ => {
            let message = "We are unable to authenticate your payment method. Please choose a different payment \
                           method and try again.";
            Err(Failure::card(message, "payment_intent_authentication_failure"))
        }
    }
}

/// The card becomes that of the subscription, whose first invoice also has what is sold once beside it.
fn subscribe(call: &mut Call<'_>, session: &Object, sent: &Params) -> Result<Value, Failure> {
    let customer = text(session, "customer").to_owned();
    let method = sent.text("payment_method").unwrap_or("pm_card_visa");
    let method = payment_methods::attach_to(call, method, &customer, "payment_method")?;
    let items = session.get("line_items").and_then(|items| items["data"].as_array()).cloned().unwrap_or_default();
    let (recurring, once): (Vec<&Value>, Vec<&Value>) =
        items.iter().partition(|item| item["price"]["type"] == "recurring");
    let as_sold = |item: &&Value| {
        let mut sold = json!({ "price": item["price"]["id"] });
        if let Some(quantity) = item["quantity"].as_i64() {
            sold["quantity"] = json!(quantity);
        }
        sold
    };
    let mut subscription = session.get("subscription_data").cloned().unwrap_or_else(|| json!({}));
    subscription["customer"] = json!(customer);
    subscription["default_payment_method"] = json!(text(&method, "id"));
    subscription["items"] = recurring.iter().map(as_sold).collect();
    subscription["add_invoice_items"] = once.iter().map(as_sold).collect();
    subscription["discounts"] = session.get("discounts").cloned().unwrap_or_default();
    subscription["payment_behavior"] = json!("error_if_incomplete");
    let made = call.with(subscription, subscriptions::create)?;
    let invoice = made["latest_invoice"].as_str().unwrap_or_default();
    if let Some(intent) = payments::intent_of(call, invoice) {
        answer_bank(call, sent, &Value::Object(intent))?;
    }
    Ok(made)
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
