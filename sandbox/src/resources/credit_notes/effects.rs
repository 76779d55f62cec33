//! What a credit note does: less is to be paid, or what was paid goes back.

use serde_json::{Value, json};

use super::super::customer_balance::{self, Reason};
use super::super::customers::CUSTOMER;
use super::super::invoices::{self, INVOICE, payments};
use super::super::refunds;
use crate::call::{Call, number, set, text};
use crate::failure::Failure;
use crate::params::Params;
use crate::store::Object;

pub(super) fn apply(call: &mut Call<'_>, invoice: Object, note: &mut Object, params: &Params) -> Result<(), Failure> {
    let total = number(note, "total");
    if text(&invoice, "status") == "open" {
        return lower(call, invoice, total);
    }
    if let Some(amount) = params.integer("refund_amount").filter(|amount| *amount > 0) {
        let Some(intent) = payments::intent_of(call, text(&invoice, "id")) else {
            return Err(Failure::invalid("The invoice was not paid by a payment that can be refunded."));
        };
        let refund = call.with(json!({ "amount": amount, "payment_intent": intent["id"] }), refunds::create)?;
        let refunded = json!({
            "amount_refunded": amount, "payment_record_refund": null, "refund": refund["id"], "type": "refund",
        });
        set(note, "refunds", json!([refunded]));
    }
    if let Some(amount) = params.integer("credit_amount").filter(|amount| *amount > 0) {
        let customer = call.referred(&CUSTOMER, text(&invoice, "customer"), "customer")?;
        let (id, currency) = (text(note, "id").to_owned(), text(&invoice, "currency").to_owned());
        let reason = Reason { kind: "credit_note", invoice: Some(text(&invoice, "id")), credit_note: Some(&id) };
        let change = customer_balance::book(call, customer, -amount, &currency, &reason)?;
        set(note, "customer_balance_transaction", change["id"].clone());
    }
    let mut invoice = call.referred(&INVOICE, text(&invoice, "id"), "invoice")?;
    let noted = number(&invoice, "post_payment_credit_notes_amount") + total;
    set(&mut invoice, "post_payment_credit_notes_amount", noted);
    call.update(&INVOICE, invoice, "invoice.updated").map(drop)
}

/// Less is to be paid; where nothing is left, the invoice is paid.
fn lower(call: &mut Call<'_>, mut invoice: Object, total: i64) -> Result<(), Failure> {
    move_due(&mut invoice, -total);
    let is_settled = number(&invoice, "amount_remaining") == 0;
    let invoice = invoices::payments::ask_anew(call, invoice)?;
    match is_settled {
        true => invoices::settle_without_payment(call, invoice),
        false => call.update(&INVOICE, invoice, "invoice.updated").map(drop),
    }
}

/// The whole is to be paid again.
pub(super) fn take_back(call: &mut Call<'_>, mut invoice: Object, total: i64) -> Result<(), Failure> {
    move_due(&mut invoice, total);
    let invoice = invoices::payments::ask_anew(call, invoice)?;
    call.update(&INVOICE, invoice, "invoice.updated").map(drop)
}

fn move_due(invoice: &mut Object, by: i64) {
    for (name, by) in [("amount_due", by), ("amount_remaining", by), ("pre_payment_credit_notes_amount", -by)] {
        let amount = number(invoice, name) + by;
        set(invoice, name, Value::from(amount));
    }
}
