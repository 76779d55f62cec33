//! A new subscription: its first period or trial, and the invoice for it.

use serde_json::{Value, json};

use super::super::customers;
use super::super::discounts;
use super::super::entitlements;
use super::super::invoices::{self, collection};
use super::super::payment_methods::{self, PAYMENT_METHOD};
use super::{SUBSCRIPTION, billing, items, times, write};
use crate::call::{Call, as_object, nulls, number, set, text};
use crate::cards::Outcome;
use crate::failure::Failure;
use crate::params::Params;
use crate::store::Object;

/// What nothing sets here.
const UNSET: &[&str] = &[
    "application",
    "application_fee_percent",
    "billing_cycle_anchor_config",
    "billing_thresholds",
    "cancel_at",
    "canceled_at",
    "customer_account",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "description",
    "ended_at",
    "latest_invoice",
    "managed_payments",
    "next_pending_invoice_item_invoice",
    "on_behalf_of",
    "pause_collection",
    "pending_invoice_item_interval",
    "pending_setup_intent",
    "pending_update",
    "schedule",
    "test_clock",
    "transfer_data",
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let customer = customers::referred(call, params.text("customer").unwrap_or_default(), "customer")?;
    let mut subscription = blank(call, &params, &customer)?;
    write(call, &mut subscription, &params)?;
    let anchor = params.integer("billing_cycle_anchor");
    if anchor.is_some_and(|anchor| anchor <= call.now) {
        return Err(Failure::invalid("`billing_cycle_anchor` must be in the future.").param("billing_cycle_anchor"));
    }
    times::begin_period(&mut subscription, call.now);
    let is_trial = !subscription["trial_end"].is_null();
    let stub = anchor.filter(|_| !is_trial);
    if let Some(anchor) = stub {
        times::begin_until(&mut subscription, call.now, anchor)?;
    }
    if params.is("cancel_at_period_end") {
        let end = times::period(&subscription).1;
        set(&mut subscription, "cancel_at", end);
    }
    // Discounts refer to their subscription, which must be there before them.
    call.keep_quietly(&SUBSCRIPTION, Value::Object(subscription.clone()))?;
    if params.has("discounts") {
        discounts::check_least(call, billing::worth(&subscription), text(&subscription, "currency"))?;
        let id = text(&subscription, "id").to_owned();
        let made = discounts::redeem(call, text(&customer, "id"), ("subscription", &id), call.now)?;
        set(&mut subscription, "discounts", made);
    }
    billing::add_once(call, &subscription, &params)?;
    let stage = match (is_trial, stub) {
        (true, _) => billing::Stage::Trial,
        (false, Some(_)) if params.text("proration_behavior") == Some("none") => billing::Stage::Free,
        (false, Some(_)) => billing::Stage::Part,
        (false, None) => billing::Stage::Whole,
    };
    let lines = billing::lines(call, &subscription, stage);
    begin(call, subscription, &customer, lines)
}

fn blank(call: &mut Call<'_>, params: &Params, customer: &Object) -> Result<Object, Failure> {
    let id = call.new_id(&SUBSCRIPTION);
    let trial_days =
        params.integer("trial_period_days").filter(|days| *days > 0).map(|days| call.now + days * times::DAY_SECS);
    let trial_end = params.integer("trial_end").or(trial_days).filter(|end| *end > call.now);
    let mut made = Vec::new();
    for (index, item) in params.hashes("items").iter().enumerate() {
        let item = items::make(call, &id, item, &format!("items[{index}]"))?;
        made.push(item);
    }
    items::check(&made)?;
    let mut subscription = as_object(json!({
        "id": id, "object": "subscription",
        "automatic_tax": { "disabled_reason": null, "enabled": false, "liability": null },
        "billing_cycle_anchor": trial_end.unwrap_or(call.now), "billing_mode": { "type": "classic", "flexible": null },
        "billing_schedules": [], "cancel_at_period_end": false,
        "cancellation_details": { "comment": null, "feedback": null, "reason": null },
        "collection_method": "charge_automatically", "created": call.now, "currency": made[0]["price"]["currency"],
        "customer": text(customer, "id"), "default_tax_rates": [], "discounts": [],
        "invoice_settings": {
            "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
            "issuer": { "type": "self" },
        },
        "items": items::list(&id, made), "livemode": false, "metadata": call.new_metadata()?,
        "payment_settings": {
            "payment_method_options": null, "payment_method_types": null, "save_default_payment_method": "off",
        },
        "start_date": call.now, "status": "incomplete", "trial_end": trial_end,
        "trial_settings": { "end_behavior": { "missing_payment_method": "create_invoice" } },
        "trial_start": trial_end.map(|_| call.now),
    }));
    subscription.extend(nulls(UNSET));
    Ok(subscription)
}

/// Tells of the subscription and bills its first invoice.
fn begin(
    call: &mut Call<'_>,
    mut subscription: Object,
    customer: &Object,
    lines: Vec<Value>,
) -> Result<Value, Failure> {
    let (invoice, bill) = billing::draw_up(call, &subscription, "subscription_create", lines)?;
    let status = first_status(call, &subscription, customer, &invoice)?;
    set(&mut subscription, "latest_invoice", text(&invoice, "id"));
    set(&mut subscription, "status", status);
    let id = text(&subscription, "id").to_owned();
    let has_to_pay = call.params.text("payment_behavior") == Some("default_incomplete");
    call.create(&SUBSCRIPTION, Value::Object(subscription), "customer.subscription.created")?;
    entitlements::refresh(call, text(customer, "id"))?;
    let invoice = invoices::keep(call, invoice, &bill)?;
    billing::collect(call, invoice, !has_to_pay)?;
    super::kept(call, &id)
}

/// What the subscription is, as soon as its first payment was tried.
fn first_status(
    call: &Call<'_>,
    subscription: &Object,
    customer: &Object,
    invoice: &Object,
) -> Result<&'static str, Failure> {
    if !subscription["trial_end"].is_null() {
        return Ok("trialing");
    }
    if text(subscription, "collection_method") == "send_invoice" || number(invoice, "amount_due") == 0 {
        return Ok("active");
    }
    let of_customer = customer.get("invoice_settings").and_then(|settings| settings["default_payment_method"].as_str());
    let own = subscription.get("default_payment_method").and_then(Value::as_str);
    let method = own.or(of_customer).and_then(|id| call.state.store.get(&PAYMENT_METHOD, id));
    match (method, call.params.text("payment_behavior").unwrap_or("allow_incomplete")) {
        (_, "default_incomplete") => Ok("incomplete"),
        (None, _) if call.is_preview => Ok("incomplete"),
        (None, _) => Err(collection::no_method()),
        (Some(method), behavior) => match (payment_methods::outcome(method), behavior) {
            (Outcome::Paid, _) => Ok("active"),
            (Outcome::Declined(code, decline_code), "error_if_incomplete") => {
                Err(Failure::declined(code, decline_code))
            }
            _ => Ok("incomplete"),
        },
    }
}
