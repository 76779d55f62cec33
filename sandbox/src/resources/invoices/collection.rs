//! How invoices are collected: by themselves when they are due, and again where the card says no.

use serde_json::{Value, json};

use super::super::customers::CUSTOMER;
use super::super::payment_methods::PAYMENT_METHOD;
use super::super::subscriptions::{self, SUBSCRIPTION};
use super::super::{events, payment_steps};
use super::steps::{self, DAY_SECS};
use super::{INVOICE, payments};
use crate::call::{Call, as_object, is, number, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// Days from one try to the next; after the last of them nothing more is tried.
pub(in crate::resources) const RETRY_DAYS: [i64; 3] = [3, 5, 7];

/// When time does something to the invoice.
pub(super) fn due(invoice: &Object) -> Option<i64> {
    let at = |name: &str| invoice.get(name).and_then(Value::as_i64);
    match text(invoice, "status") {
        "draft" if is(invoice, "auto_advance") => at("automatically_finalizes_at"),
        "open" if text(invoice, "collection_method") == "send_invoice" => {
            at("due_date").filter(|_| !is(invoice, "is_overdue_told"))
        }
        "open" if is(invoice, "auto_advance") => at("next_payment_attempt"),
        _ => None,
    }
}

/// Finalizes a draft, tries to charge, or notes that nobody has paid in time.
pub(super) fn follow(call: &mut Call<'_>, mut invoice: Object) -> Result<(), Failure> {
    let is_sent = text(&invoice, "collection_method") == "send_invoice";
    match text(&invoice, "status") {
        "draft" => {
            let invoice = steps::finalize(call, invoice)?;
            match text(&invoice, "on_finalization") {
                "void" => steps::void(call, invoice).map(drop),
                "mark_uncollectible" => steps::write_off(call, invoice).map(drop),
                _ if is_sent && text(&invoice, "status") == "open" => {
                    events::record(call, "invoice.sent", invoice, None)
                }
                _ if text(&invoice, "status") == "open" => charge(call, &invoice),
                _ => Ok(()),
            }
        }
        _ if is_sent => {
            set(&mut invoice, "is_overdue_told", true);
            call.keep_quietly(&INVOICE, Value::Object(invoice.clone()))?;
            events::record(call, "invoice.overdue", invoice.clone(), None)?;
            subscriptions::payment_failed(call, &invoice, false)
        }
        _ => charge(call, &invoice),
    }
}

/// Charges what the customer pays with; without anything of that kind it fails as a bad card does.
pub(in crate::resources) fn charge(call: &mut Call<'_>, invoice: &Object) -> Result<(), Failure> {
    match method_of(call, invoice) {
        None => failed(call, invoice.clone(), false),
        Some(method) => match attempt(call, invoice, &method) {
            Err(failure) if !failure.keeps_changes => Err(failure),
            _ => Ok(()),
        },
    }
}

/// The payment method of the invoice, its subscription or its customer.
pub(in crate::resources) fn method_of(call: &Call<'_>, invoice: &Object) -> Option<String> {
    let store = &call.state.store;
    let own = invoice.get("default_payment_method").and_then(Value::as_str);
    let subscription = store.get(&SUBSCRIPTION, text(invoice, "subscription"));
    let customer = store.get(&CUSTOMER, text(invoice, "customer"));
    let of_subscription = subscription.and_then(|found| found.get("default_payment_method")?.as_str());
    let of_customer = customer.and_then(|found| found.get("invoice_settings")?["default_payment_method"].as_str());
    // One that was detached pays nothing any more.
    let is_attached = |id: &&str| {
        store.get(&PAYMENT_METHOD, id).is_some_and(|method| text(method, "customer") == text(invoice, "customer"))
    };
    [own, of_subscription, of_customer].into_iter().flatten().find(is_attached).map(str::to_owned)
}

/// Nothing to pay with.
pub(in crate::resources) fn no_method() -> Failure {
    let message = "This customer has no attached payment source or default payment method. Please consider adding a \
                   default payment method. For more information, visit \
                   https://stripe.com/docs/billing/subscriptions/payment-methods-setting.";
    Failure::invalid(message).code("resource_missing")
}

/// Tries one payment method. What comes of it is written by the payment itself.
pub(super) fn attempt(call: &mut Call<'_>, invoice: &Object, method: &str) -> Result<(), Failure> {
    let Some(mut intent) = payments::intent_of(call, text(invoice, "id")) else { return Ok(()) };
    set(&mut intent, "payment_method", method);
    let own = std::mem::take(&mut call.params);
    let result = payment_steps::confirm(call, intent);
    call.params = own;
    if result?["status"] == "requires_action" {
        let message = "This payment requires additional user action before it can be completed successfully. Payment \
                       can be completed using the PaymentIntent associated with this invoice.";
        return Err(Failure::card(message, "invoice_payment_intent_requires_action").keeping_changes());
    }
    Ok(())
}

/// Nothing of the invoice is open any more.
pub(super) fn paid(call: &mut Call<'_>, mut invoice: Object, amount: i64) -> Result<Object, Failure> {
    let total_paid = number(&invoice, "amount_paid") + amount;
    let attempts = number(&invoice, "attempt_count") + i64::from(amount > 0);
    for (name, value) in [
        ("amount_paid", json!(total_paid)),
        ("amount_remaining", json!(0)),
        ("attempt_count", json!(attempts)),
        ("attempted", json!(true)),
        ("auto_advance", json!(false)),
        ("next_payment_attempt", Value::Null),
        ("status", json!("paid")),
    ] {
        set(&mut invoice, name, value);
    }
    invoice["status_transitions"]["paid_at"] = json!(call.now);
    let invoice = call.update(&INVOICE, invoice, "invoice.updated").map(as_object)?;
    for event in ["invoice.paid", "invoice.payment_succeeded"] {
        events::record(call, event, invoice.clone(), None)?;
    }
    subscriptions::payment_succeeded(call, &invoice)?;
    set_delinquent(call, text(&invoice, "customer"), false)?;
    Ok(invoice)
}

/// A try has failed, or waits for the customer.
pub(super) fn failed(call: &mut Call<'_>, mut invoice: Object, needs_action: bool) -> Result<(), Failure> {
    if text(&invoice, "status") != "open" {
        return Ok(());
    }
    let attempts = number(&invoice, "attempt_count") + 1;
    let is_first = text(&invoice, "billing_reason") == "subscription_create";
    let is_collected = is(&invoice, "auto_advance") && !is_first;
    let delay = usize::try_from(attempts - 1).ok().and_then(|tries| RETRY_DAYS.get(tries)).filter(|_| is_collected);
    set(&mut invoice, "attempt_count", attempts);
    set(&mut invoice, "attempted", true);
    set(&mut invoice, "next_payment_attempt", delay.map(|days| call.now + days * DAY_SECS));
    let invoice = call.update(&INVOICE, invoice, "invoice.updated").map(as_object)?;
    if needs_action {
        events::record(call, "invoice.payment_action_required", invoice.clone(), None)?;
    }
    events::record(call, "invoice.payment_failed", invoice.clone(), None)?;
    if !is_first {
        set_delinquent(call, text(&invoice, "customer"), true)?;
    }
    subscriptions::payment_failed(call, &invoice, is_collected && delay.is_none())
}

fn set_delinquent(call: &mut Call<'_>, customer: &str, is_delinquent: bool) -> Result<(), Failure> {
    let Some(mut customer) = call.state.store.get(&CUSTOMER, customer).cloned() else { return Ok(()) };
    let owes = |invoice: &Object| text(invoice, "status") == "open" && is(invoice, "attempted");
    let was_delinquent = is(&customer, "delinquent");
    let still_owes = || call.state.store.all_with(&INVOICE, "customer", text(&customer, "id")).any(owes);
    let is_delinquent = is_delinquent || was_delinquent && still_owes();
    if was_delinquent != is_delinquent && !is(&customer, "deleted") {
        set(&mut customer, "delinquent", is_delinquent);
        call.update(&CUSTOMER, customer, "customer.updated")?;
    }
    Ok(())
}
