//! Payments that customers have their bank take back. <https://docs.stripe.com/api/disputes>

use serde_json::{Value, json};

use super::balance_transactions;
use super::charges::CHARGE;
use super::payment_intents::PAYMENT_INTENT;
use super::payment_methods::PAYMENT_METHOD;
use super::{Clock, Resource, events, payment_methods};
use crate::call::{Call, as_object, number, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static DISPUTE: Resource = Resource {
    links: &[("charge", &CHARGE), ("payment_intent", &PAYMENT_INTENT)],
    clock: Some(Clock { due, follow }),
    ..Resource::new("dispute", ("dp_1", 23))
};

const SHORT: Kind = Kind::Text(20_000);

const EVIDENCE: &[Field] = &[
    field("access_activity_log", SHORT).clearable(),
    field("billing_address", SHORT).clearable(),
    field("cancellation_policy_disclosure", SHORT).clearable(),
    field("cancellation_rebuttal", SHORT).clearable(),
    field("customer_email_address", SHORT).clearable(),
    field("customer_name", SHORT).clearable(),
    field("customer_purchase_ip", SHORT).clearable(),
    field("product_description", SHORT).clearable(),
    field("refund_policy_disclosure", SHORT).clearable(),
    field("refund_refusal_explanation", SHORT).clearable(),
    field("service_date", SHORT).clearable(),
    field("uncategorized_text", SHORT).clearable(),
];

pub(crate) const UPDATE: &[Field] = &[
    field("evidence", Kind::Hash(EVIDENCE)),
    field("metadata", Kind::Metadata).clearable(),
    field("submit", Kind::Bool),
];

pub(crate) const LIST: &[Field] =
    &[field("charge", Kind::Text(5000)), field("created", Kind::Range), field("payment_intent", Kind::Text(5000))];

/// What evidence there can be; most of it nobody gives here.
const EVIDENCE_NAMES: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// How long evidence is taken.
const EVIDENCE_SECS: i64 = 9 * 24 * 60 * 60;
/// What a dispute costs.
const FEE: i64 = 1500;
/// The evidence that decides at Stripe's: <https://docs.stripe.com/testing#disputes>
const WINNING: &str = "winning_evidence";
const LOSING: &str = "losing_evidence";

fn is_open(dispute: &Object) -> bool {
    ["needs_response", "warning_needs_response"].contains(&text(dispute, "status"))
}

fn due(dispute: &Object) -> Option<i64> {
    dispute["evidence_details"]["due_by"].as_i64().filter(|_| is_open(dispute))
}

/// Nobody has answered in time.
fn follow(call: &mut Call<'_>, mut dispute: Object) -> Result<(), Failure> {
    dispute["evidence_details"]["past_due"] = json!(true);
    let status = if text(&dispute, "status") == "needs_response" { "lost" } else { "warning_closed" };
    decide(call, dispute, status).map(drop)
}

/// Opens a dispute about a charge whose card asks for one.
pub(super) fn open(call: &mut Call<'_>, charge: &str) -> Result<(), Failure> {
    let mut charge = call.referred(&CHARGE, charge, "charge")?;
    let method = call.referred(&PAYMENT_METHOD, text(&charge, "payment_method"), "payment_method")?;
    let Some(reason) = payment_methods::dispute_reason(&method) else { return Ok(()) };
    let is_inquiry = reason == "inquiry";
    let id = call.new_id(&DISPUTE);
    let (amount, currency) = (number(&charge, "amount"), text(&charge, "currency").to_owned());
    let mut booked = Vec::new();
    if !is_inquiry {
        let transaction = balance_transactions::make_dispute(call, -amount, FEE, &currency, &id)?;
        booked.push(transaction);
    }
    let mut evidence: Object = EVIDENCE_NAMES.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    set(&mut evidence, "enhanced_evidence", json!({}));
    let dispute = json!({
        "id": id, "object": "dispute",
        "amount": amount, "balance_transactions": booked, "charge": charge["id"], "created": call.now,
        "currency": currency, "enhanced_eligibility_types": [], "evidence": evidence,
        "evidence_details": {
            "due_by": call.now + EVIDENCE_SECS, "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry, "livemode": false, "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa", "case_type": if is_inquiry { "inquiry" } else { "chargeback" }, "network": "visa",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": if is_inquiry { "fraudulent" } else { reason },
        "status": if is_inquiry { "warning_needs_response" } else { "needs_response" },
    });
    set(&mut charge, "disputed", true);
    call.keep_quietly(&CHARGE, Value::Object(charge))?;
    let dispute = as_object(call.create(&DISPUTE, dispute, "charge.dispute.created")?);
    if is_inquiry {
        return Ok(());
    }
    events::record(call, "charge.dispute.funds_withdrawn", dispute, None)
}

/// Gives evidence, and hands it in unless it is only to be kept.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut dispute = call.found(&DISPUTE)?;
    call.merge_metadata(&mut dispute)?;
    let Some(sent) = call.params.hash("evidence") else {
        return call.update(&DISPUTE, dispute, "charge.dispute.updated");
    };
    if !is_open(&dispute) {
        return Err(Failure::invalid("This dispute is already closed or under review, and takes no more evidence."));
    }
    for (name, value) in sent.entries() {
        dispute["evidence"][name] = value.clone();
    }
    dispute["evidence_details"]["has_evidence"] = json!(true);
    if call.params.bool("submit") == Some(false) {
        return call.update(&DISPUTE, dispute, "charge.dispute.updated");
    }
    dispute["evidence_details"]["submission_count"] = json!(1);
    let is_inquiry = text(&dispute, "status") == "warning_needs_response";
    set(&mut dispute, "status", if is_inquiry { "warning_under_review" } else { "under_review" });
    let reviewed = as_object(call.update(&DISPUTE, dispute, "charge.dispute.updated")?);
    match reviewed["evidence"]["uncategorized_text"].as_str() {
        Some(WINNING) => decide(call, reviewed, if is_inquiry { "warning_closed" } else { "won" }),
        Some(LOSING) => decide(call, reviewed, "lost"),
        _ => Ok(Value::Object(reviewed)),
    }
}

/// Gives in.
pub(crate) fn close(call: &mut Call<'_>) -> Result<Value, Failure> {
    let dispute = call.found(&DISPUTE)?;
    if !is_open(&dispute) {
        return Err(Failure::invalid("This dispute is already closed."));
    }
    decide(call, dispute, "lost")
}

fn decide(call: &mut Call<'_>, mut dispute: Object, status: &str) -> Result<Value, Failure> {
    set(&mut dispute, "status", status);
    if status == "won" {
        let (amount, currency) = (number(&dispute, "amount"), text(&dispute, "currency").to_owned());
        let back = balance_transactions::make_dispute(call, amount, -FEE, &currency, text(&dispute, "id"))?;
        if let Some(booked) = dispute.get_mut("balance_transactions").and_then(Value::as_array_mut) {
            booked.push(back);
        }
        events::record(call, "charge.dispute.funds_reinstated", dispute.clone(), None)?;
    }
    call.update(&DISPUTE, dispute, "charge.dispute.closed")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&DISPUTE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["charge", "payment_intent"].map(Filter::Equals);
    call.list(&DISPUTE, &[&equal[..], &[Filter::Within("created")]].concat())
}
