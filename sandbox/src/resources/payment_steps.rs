//! What becomes of a payment when it is confirmed, captured or given up.

use serde_json::{Value, json};

use super::charges::{self, CHARGE};
use super::disputes;
use super::invoices::payments;
use super::payment_intents::PAYMENT_INTENT;
use super::payment_methods::{self, PAYMENT_METHOD};
use crate::call::{Call, as_object, text};
use crate::cards::Outcome;
use crate::failure::Failure;
use crate::params::{Field, Kind, field};
use crate::store::Object;

/// How a customer answers the bank.
pub(crate) const AUTHENTICATE: &[Field] = &[field("outcome", Kind::Choice(&["fail", "succeed"]))];

/// Tries to pay, as far as the card lets it.
pub(super) fn confirm(call: &mut Call<'_>, mut intent: Object) -> Result<Value, Failure> {
    let id = text(&intent, "payment_method").to_owned();
    if id.is_empty() {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method. You can either \
                       update the PaymentIntent with a payment method and then confirm it again, or confirm it again \
                       directly with a payment method or ConfirmationToken.";
        return Err(Failure::invalid(message).code("payment_intent_unexpected_state"));
    }
    let may_redirect = intent
        .get("automatic_payment_methods")
        .is_some_and(|automatic| automatic["enabled"] == true && automatic["allow_redirects"] != "never");
    if may_redirect && !call.params.has("return_url") {
        let message = "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because \
                       some of these payment methods might redirect your customer off of your page, you must provide a \
                       `return_url`. If you don't want to accept redirect-based payment methods, set \
                       `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` \
                       to `never` when creating Setup Intents and Payment Intents.";
        return Err(Failure::invalid(message));
    }
    let method = call.referred(&PAYMENT_METHOD, &id, "payment_method")?;
    intent.insert("last_payment_error".to_owned(), Value::Null);
    match payment_methods::outcome(&method) {
        Outcome::Declined(code, decline_code) => decline(call, intent, &method, (code, decline_code)),
        Outcome::Authentication if call.params.is("off_session") || call.params.is("error_on_requires_action") => {
            decline(call, intent, &method, ("authentication_required", "authentication_required"))
        }
        Outcome::Authentication => {
            intent.insert("status".to_owned(), json!("requires_action"));
            let action = next_action(call, text(&intent, "id"));
            intent.insert("next_action".to_owned(), action);
            intent.insert("payment_method".to_owned(), json!(text(&method, "id")));
            let intent = call.update(&PAYMENT_INTENT, intent, "payment_intent.requires_action").map(as_object)?;
            payments::settle(call, &intent)?;
            Ok(Value::Object(intent))
        }
        Outcome::Paid => pay(call, intent, &method),
    }
}

/// Where the customer answers the bank; without a page to come back to, Stripe's own script would ask them.
fn next_action(call: &Call<'_>, id: &str) -> Value {
    match call.params.text("return_url") {
        Some(url) => {
            let back = url::form_urlencoded::Serializer::new(String::new()).append_pair("return_url", url).finish();
            let page = format!("{}/_sandbox/pages/bank/{id}?{back}", call.state.base);
            json!({ "type": "redirect_to_url", "redirect_to_url": { "return_url": url, "url": page } })
        }
        None => json!({ "type": "use_stripe_sdk", "use_stripe_sdk": { "type": "three_d_secure_redirect" } }),
    }
}

/// Charges the card, or only holds the amount where it is to be captured later.
fn pay(call: &mut Call<'_>, mut intent: Object, method: &Object) -> Result<Value, Failure> {
    let is_later = text(&intent, "capture_method") == "manual";
    let charge =
        charges::make(call, &intent, method, if is_later { charges::Result::Held } else { charges::Result::Paid })?;
    let amount = intent.get("amount").cloned().unwrap_or_default();
    let set = |intent: &mut Object, name: &str, value: Value| drop(intent.insert(name.to_owned(), value));
    set(&mut intent, "latest_charge", json!(text(&charge, "id")));
    set(&mut intent, "next_action", Value::Null);
    if is_later {
        set(&mut intent, "amount_capturable", amount);
        set(&mut intent, "status", json!("requires_capture"));
        return call.update(&PAYMENT_INTENT, intent, "payment_intent.amount_capturable_updated");
    }
    set(&mut intent, "amount_received", amount);
    set(&mut intent, "status", json!("succeeded"));
    if !text(&intent, "setup_future_usage").is_empty() && !text(&intent, "customer").is_empty() {
        let customer = text(&intent, "customer").to_owned();
        payment_methods::attach_to(call, text(method, "id"), &customer, "payment_method")?;
    }
    let intent = call.update(&PAYMENT_INTENT, intent, "payment_intent.succeeded").map(as_object)?;
    payments::settle(call, &intent)?;
    disputes::open(call, text(&intent, "latest_charge"))?;
    Ok(Value::Object(intent))
}

/// The refusal is an answer, and what it has changed stays.
fn decline(
    call: &mut Call<'_>,
    mut intent: Object,
    method: &Object,
    (code, decline_code): (&'static str, &'static str),
) -> Result<Value, Failure> {
    let charge = charges::make(call, &intent, method, charges::Result::Declined(code, decline_code))?;
    let failure = Failure::declined(code, decline_code).tell("charge", json!(text(&charge, "id")));
    let failure = failure.tell("payment_method", Value::Object(method.clone()));
    intent.insert("latest_charge".to_owned(), json!(text(&charge, "id")));
    intent.insert("payment_method".to_owned(), Value::Null);
    intent.insert("status".to_owned(), json!("requires_payment_method"));
    intent.insert("last_payment_error".to_owned(), failure.as_field());
    call.update(&PAYMENT_INTENT, intent.clone(), "payment_intent.payment_failed")?;
    payments::settle(call, &intent)?;
    Err(failure.tell("payment_intent", Value::Object(intent)).keeping_changes())
}

/// The customer has answered the bank: `POST /_sandbox/payment_intents/{id}/authenticate`.
pub(crate) fn authenticate(call: &mut Call<'_>) -> Result<Value, Failure> {
    let intent = call.found(&PAYMENT_INTENT)?;
    if text(&intent, "status") != "requires_action" {
        return Err(Failure::invalid("This PaymentIntent does not wait for its customer."));
    }
    let method = call.referred(&PAYMENT_METHOD, text(&intent, "payment_method"), "payment_method")?;
    match call.params.text("outcome") {
        Some("fail") => {
            let refused = "payment_intent_authentication_failure";
            match decline(call, intent, &method, (refused, refused)) {
                Err(failure) if failure.keeps_changes => call.found(&PAYMENT_INTENT).map(Value::Object),
                result => result,
            }
        }
        _ => pay(call, intent, &method),
    }
}

/// Takes what was held, or less of it.
pub(super) fn capture(call: &mut Call<'_>, mut intent: Object) -> Result<Value, Failure> {
    let held = intent.get("amount_capturable").and_then(Value::as_i64).unwrap_or_default();
    let amount = call.params.integer("amount_to_capture").unwrap_or(held);
    if amount > held {
        let message = format!(
            "The provided amount_to_capture ({amount}) is greater than the amount that can be captured ({held})."
        );
        return Err(Failure::invalid(message).code("amount_too_large").param("amount_to_capture"));
    }
    charges::capture(call, text(&intent, "latest_charge"), amount)?;
    intent.insert("amount_capturable".to_owned(), json!(0));
    intent.insert("amount_received".to_owned(), json!(amount));
    intent.insert("status".to_owned(), json!("succeeded"));
    call.update(&PAYMENT_INTENT, intent, "payment_intent.succeeded")
}

pub(super) fn cancel(call: &mut Call<'_>, mut intent: Object) -> Result<Value, Failure> {
    if text(&intent, "status") == "requires_capture" {
        let charge = call.referred(&CHARGE, text(&intent, "latest_charge"), "latest_charge")?;
        charges::release(call, charge)?;
    }
    let reason = call.params.value("cancellation_reason");
    for (name, value) in [
        ("status", json!("canceled")),
        ("canceled_at", json!(call.now)),
        ("cancellation_reason", reason),
        ("amount_capturable", json!(0)),
        ("next_action", Value::Null),
    ] {
        intent.insert(name.to_owned(), value);
    }
    call.update(&PAYMENT_INTENT, intent, "payment_intent.canceled")
}

/// The status does not allow what was asked.
pub(super) fn unexpected_state(intent: &Object, what: &str) -> Failure {
    let status = text(intent, "status");
    let message = format!("This PaymentIntent could not be {what} because it has a status of {status}.");
    Failure::invalid(message)
        .code("payment_intent_unexpected_state")
        .tell("payment_intent", Value::Object(intent.clone()))
}
