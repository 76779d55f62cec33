//! What becomes of an invoice: it is finalized, paid, sent, voided or given up.

use serde_json::{Value, json};

use super::super::customer_balance::{self, Reason};
use super::super::customers::CUSTOMER;
use super::super::discounts;
use super::super::events;
use super::super::payment_methods::PAYMENT_METHOD;
use super::{INVOICE, collection, payments};
use crate::call::{Call, as_object, is, number, set, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) const FINALIZE: &[Field] = &[field("auto_advance", Kind::Bool)];

pub(crate) const PAY: &[Field] = &[
    field("forgive", Kind::Bool),
    field("off_session", Kind::Bool),
    field("paid_out_of_band", Kind::Bool),
    field("payment_method", Kind::Text(5000)),
];

pub(in crate::resources) const DAY_SECS: i64 = 24 * 60 * 60;
/// How long an automatic invoice stays a draft: <https://docs.stripe.com/invoicing/overview>
pub(super) const DRAFT_SECS: i64 = 60 * 60;
/// Less is not charged, and goes to the customer's balance.
const LEAST: i64 = 50;

/// What is to be paid of a total, and the customer's balance after it: negative where we owe, positive where they do.
pub(super) fn due_after_balance(total: i64, balance: i64) -> (i64, i64) {
    match total.saturating_add(balance) {
        open if open < LEAST => (0, open),
        open => (open, 0),
    }
}

/// A draft becomes an invoice that cannot be changed any more.
pub(in crate::resources) fn finalize(call: &mut Call<'_>, mut invoice: Object) -> Result<Object, Failure> {
    let mut customer = call.referred(&CUSTOMER, text(&invoice, "customer"), "customer")?;
    let sequence = number(&customer, "next_invoice_sequence");
    let number_of_invoice = format!("{}-{sequence:04}", text(&customer, "invoice_prefix"));
    let balance = number(&customer, "balance");
    let (due, ending_balance) = match number(&invoice, "total") {
        // Nothing was sold: the balance stays for something that is.
        0 => (0, balance),
        total => due_after_balance(total, balance),
    };
    set(&mut customer, "next_invoice_sequence", sequence + 1);
    let id = text(&invoice, "id").to_owned();
    for (name, value) in [
        ("amount_due", json!(due)),
        ("amount_remaining", json!(due)),
        ("automatically_finalizes_at", Value::Null),
        ("effective_at", json!(call.now)),
        ("ending_balance", json!(ending_balance)),
        ("hosted_invoice_url", json!(format!("https://invoice.stripe.com/i/{id}"))),
        ("invoice_pdf", json!(format!("https://pay.stripe.com/invoice/{id}/pdf"))),
        ("number", json!(number_of_invoice)),
        ("starting_balance", json!(balance)),
        ("status", json!("open")),
    ] {
        set(&mut invoice, name, value);
    }
    invoice["status_transitions"]["finalized_at"] = json!(call.now);
    call.keep_quietly(&CUSTOMER, Value::Object(customer.clone()))?;
    if ending_balance != balance {
        let reason = Reason { kind: "applied_to_invoice", invoice: Some(&id), credit_note: None };
        let currency = text(&invoice, "currency").to_owned();
        customer_balance::book(call, customer, ending_balance - balance, &currency, &reason)?;
    }
    discounts::use_up(call, &invoice)?;
    let invoice = call.update(&INVOICE, invoice, "invoice.finalized").map(as_object)?;
    if due == 0 { collection::paid(call, invoice, 0) } else { payments::request(call, invoice) }
}

pub(crate) fn finalize_draft(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut invoice = call.found(&INVOICE)?;
    if text(&invoice, "status") != "draft" {
        return Err(Failure::invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice."));
    }
    call.params.copy_to(&mut invoice, &["auto_advance"]);
    let is_collected = is(&invoice, "auto_advance") && text(&invoice, "collection_method") != "send_invoice";
    set(&mut invoice, "next_payment_attempt", is_collected.then_some(call.now + DRAFT_SECS));
    finalize(call, invoice).map(Value::Object)
}

/// A draft is finalized first.
fn open(call: &mut Call<'_>, what: &str) -> Result<Object, Failure> {
    let mut invoice = call.found(&INVOICE)?;
    match text(&invoice, "status") {
        "open" | "uncollectible" => Ok(invoice),
        "draft" => {
            set(&mut invoice, "next_payment_attempt", Value::Null);
            finalize(call, invoice)
        }
        "paid" => Err(Failure::invalid("Invoice is already paid").code("invoice_already_paid")),
        status => Err(Failure::invalid(format!("You can't {what} an invoice with a status of {status}."))),
    }
}

pub(crate) fn pay(call: &mut Call<'_>) -> Result<Value, Failure> {
    let invoice = open(call, "pay")?;
    if text(&invoice, "status") == "paid" {
        return Ok(Value::Object(invoice));
    }
    if call.params.is("paid_out_of_band") {
        let due = number(&invoice, "amount_remaining");
        let invoice = payments::give_up(call, invoice)?;
        return collection::paid(call, invoice, due).map(Value::Object);
    }
    let method = call.params.text("payment_method").map(str::to_owned);
    let method = method.or_else(|| collection::method_of(call, &invoice));
    let Some(method) = method else { return Err(collection::no_method()) };
    call.referred(&PAYMENT_METHOD, &method, "payment_method")?;
    collection::attempt(call, &invoice, &method)?;
    call.referred(&INVOICE, text(&invoice, "id"), "invoice").map(Value::Object)
}

pub(crate) fn send(call: &mut Call<'_>) -> Result<Value, Failure> {
    let found = call.found(&INVOICE)?;
    if text(&found, "collection_method") != "send_invoice" {
        let message = "You can only manually send an invoice if its collection method is 'send_invoice'.";
        return Err(Failure::invalid(message));
    }
    let invoice = open(call, "send")?;
    events::record(call, "invoice.sent", invoice.clone(), None)?;
    Ok(Value::Object(invoice))
}

pub(crate) fn void_open(call: &mut Call<'_>) -> Result<Value, Failure> {
    let invoice = call.found(&INVOICE)?;
    match text(&invoice, "status") {
        "open" | "uncollectible" => void(call, invoice).map(Value::Object),
        status => {
            let message = format!("You can only pass in open invoices. This invoice isn't open: it is {status}.");
            Err(Failure::invalid(message))
        }
    }
}

/// Nobody is to pay it, as if it had never been.
pub(in crate::resources) fn void(call: &mut Call<'_>, invoice: Object) -> Result<Object, Failure> {
    let mut invoice = payments::give_up(call, invoice)?;
    // What the balance had paid of it goes back.
    let used = number(&invoice, "ending_balance") - number(&invoice, "starting_balance");
    if used != 0 {
        let customer = call.referred(&CUSTOMER, text(&invoice, "customer"), "customer")?;
        let (id, currency) = (text(&invoice, "id").to_owned(), text(&invoice, "currency").to_owned());
        let reason = Reason { kind: "unapplied_from_invoice", invoice: Some(&id), credit_note: None };
        customer_balance::book(call, customer, -used, &currency, &reason)?;
    }
    stop(&mut invoice, "void");
    invoice["status_transitions"]["voided_at"] = json!(call.now);
    call.update(&INVOICE, invoice, "invoice.voided").map(as_object)
}

pub(crate) fn mark_uncollectible(call: &mut Call<'_>) -> Result<Value, Failure> {
    let invoice = call.found(&INVOICE)?;
    if text(&invoice, "status") != "open" {
        return Err(Failure::invalid("You can only mark open invoices as uncollectible."));
    }
    write_off(call, invoice).map(Value::Object)
}

/// It is open, and nobody expects it to be paid.
pub(super) fn write_off(call: &mut Call<'_>, mut invoice: Object) -> Result<Object, Failure> {
    stop(&mut invoice, "uncollectible");
    invoice["status_transitions"]["marked_uncollectible_at"] = json!(call.now);
    call.update(&INVOICE, invoice, "invoice.marked_uncollectible").map(as_object)
}

fn stop(invoice: &mut Object, status: &str) {
    set(invoice, "status", status);
    set(invoice, "auto_advance", false);
    set(invoice, "next_payment_attempt", Value::Null);
}
