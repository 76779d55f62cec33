//! Money that has moved, or would not. <https://docs.stripe.com/api/charges>

use serde_json::{Value, json};

use super::Resource;
use super::balance_transactions::{self, BALANCE_TRANSACTION};
use super::customers::CUSTOMER;
use super::payment_intents::PAYMENT_INTENT;
use super::payment_methods::PAYMENT_METHOD;
use crate::call::{Call, as_object, nulls, text};
use crate::cards;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static CHARGE: Resource = Resource {
    links: &[
        ("balance_transaction", &BALANCE_TRANSACTION),
        ("customer", &CUSTOMER),
        ("payment_intent", &PAYMENT_INTENT),
        ("payment_method", &PAYMENT_METHOD),
    ],
    indexed: &["payment_intent"],
    ..Resource::new("charge", ("ch_3", 23))
};

pub(crate) const UPDATE: &[Field] = &[
    field("description", Kind::Text(5000)),
    field("metadata", Kind::Metadata).clearable(),
    field("receipt_email", Kind::Text(5000)),
];

pub(crate) const LIST: &[Field] =
    &[field("created", Kind::Range), field("customer", Kind::Text(5000)), field("payment_intent", Kind::Text(5000))];

/// What a charge has from its payment.
const COPIED: [&str; 8] = [
    "currency",
    "customer",
    "description",
    "metadata",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
];

/// What is null in every charge of an account that works for itself only.
const ABSENT: [&str; 11] = [
    "application",
    "application_fee",
    "application_fee_amount",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_number",
    "review",
    "source",
    "source_transfer",
    "transfer_data",
    "transfer_group",
];

/// How it went.
#[derive(Clone, Copy)]
pub(super) enum Result {
    Paid,
    /// To be captured later.
    Held,
    /// The code and the decline code.
    Declined(&'static str, &'static str),
}

type Made<T> = std::result::Result<T, Failure>;

/// Charges a card for a payment.
pub(super) fn make(call: &mut Call<'_>, intent: &Object, method: &Object, result: Result) -> Made<Object> {
    let id = call.new_id(&CHARGE);
    let is_good = !matches!(result, Result::Declined(..));
    let is_paid = matches!(result, Result::Paid);
    let amount = intent.get("amount").and_then(Value::as_i64).unwrap_or_default();
    let transaction = match is_paid {
        true => json!(balance_transactions::make(call, "charge", amount, text(intent, "currency"), &id)?),
        false => Value::Null,
    };
    let (failure_code, failure_message) = match result {
        Result::Declined(code, decline_code) => (json!(code), json!(cards::message(code, decline_code))),
        _ => (Value::Null, Value::Null),
    };
    let mut charge = as_object(json!({
        "id": id, "object": "charge",
        "amount": amount, "amount_captured": if is_paid { amount } else { 0 }, "amount_refunded": 0,
        "balance_transaction": transaction, "billing_details": method.get("billing_details"),
        "calculated_statement_descriptor": "LOCAL SANDBOX", "captured": is_paid, "created": call.now, "disputed": false,
        "failure_code": failure_code, "failure_message": failure_message, "fraud_details": {}, "livemode": false,
        "outcome": outcome(result), "paid": is_good, "payment_intent": text(intent, "id"),
        "payment_method": text(method, "id"),
        "payment_method_details": { "card": card_details(method, amount), "type": "card" },
        "receipt_url": is_good.then(|| format!("https://pay.stripe.com/receipts/payment/{id}")),
        "refunded": false, "status": if is_good { "succeeded" } else { "failed" },
    }));
    charge.extend(COPIED.map(|name| (name.to_owned(), intent.get(name).cloned().unwrap_or_default())));
    charge.extend(nulls(&ABSENT));
    let event = if is_good { "charge.succeeded" } else { "charge.failed" };
    call.create(&CHARGE, Value::Object(charge), event).map(as_object)
}

fn outcome(result: Result) -> Value {
    let (status, reason, message, kind) = match result {
        Result::Declined(_, decline_code) => (
            "declined_by_network",
            json!(decline_code),
            "The bank did not return any further details.",
            "issuer_declined",
        ),
        _ => ("approved_by_network", Value::Null, "Payment complete.", "authorized"),
    };
    json!({
        "advice_code": null, "network_advice_code": null, "network_decline_code": null, "network_status": status,
        "reason": reason, "seller_message": message, "type": kind,
    })
}

fn card_details(method: &Object, amount: i64) -> Value {
    let card = method.get("card").cloned().unwrap_or_default();
    json!({
        "amount_authorized": amount, "authorization_code": null, "brand": card["brand"], "checks": card["checks"],
        "country": card["country"], "exp_month": card["exp_month"], "exp_year": card["exp_year"],
        "extended_authorization": { "status": "disabled" }, "fingerprint": card["fingerprint"],
        "funding": card["funding"], "incremental_authorization": { "status": "unavailable" }, "installments": null,
        "last4": card["last4"], "mandate": null, "multicapture": { "status": "unavailable" },
        "network": card["brand"], "network_token": { "used": false }, "network_transaction_id": null,
        "overcapture": { "maximum_amount_capturable": amount, "status": "unavailable" },
        "regulated_status": card["regulated_status"], "three_d_secure": null, "transaction_link_id": null,
        "wallet": null,
    })
}

/// Takes what was held of a charge; the rest goes back.
pub(super) fn capture(call: &mut Call<'_>, id: &str, amount: i64) -> Made<()> {
    let mut charge = call.referred(&CHARGE, id, "latest_charge")?;
    let whole = charge.get("amount").and_then(Value::as_i64).unwrap_or_default();
    let transaction = balance_transactions::make(call, "charge", amount, text(&charge, "currency"), id)?;
    charge.insert("balance_transaction".to_owned(), json!(transaction));
    charge.insert("captured".to_owned(), json!(true));
    charge.insert("amount_captured".to_owned(), json!(amount));
    charge.insert("amount_refunded".to_owned(), json!(whole - amount));
    call.update(&CHARGE, charge, "charge.captured").map(drop)
}

/// Gives back what was held.
pub(super) fn release(call: &mut Call<'_>, mut charge: Object) -> Made<()> {
    let amount = charge.get("amount").cloned().unwrap_or_default();
    charge.insert("amount_refunded".to_owned(), amount);
    charge.insert("refunded".to_owned(), json!(true));
    call.update(&CHARGE, charge, "charge.refunded").map(drop)
}

pub(crate) fn update(call: &mut Call<'_>) -> Made<Value> {
    let mut charge = call.found(&CHARGE)?;
    call.params.copy_to(&mut charge, &["description", "receipt_email"]);
    call.merge_metadata(&mut charge)?;
    call.update(&CHARGE, charge, "charge.updated")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Made<Value> {
    call.found(&CHARGE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Made<Value> {
    let equal = ["customer", "payment_intent"].map(Filter::Equals);
    call.list(&CHARGE, &[&equal[..], &[Filter::Within("created")]].concat())
}
