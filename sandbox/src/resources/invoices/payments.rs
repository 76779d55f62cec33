//! How an invoice is paid: by a payment intent that belongs to it. <https://docs.stripe.com/api/invoice-payment>

use serde_json::{Value, json};

use super::super::Resource;
use super::super::events;
use super::super::payment_intents::{self, PAYMENT_INTENT};
use super::super::payment_steps;
use super::{INVOICE, collection};
use crate::call::{Call, as_object, number, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static INVOICE_PAYMENT: Resource = Resource {
    noun: "invoice payment",
    links: &[("invoice", &INVOICE), ("payment.payment_intent", &PAYMENT_INTENT)],
    hidden: &["payment_intent"],
    indexed: &["invoice", "payment_intent"],
    ..Resource::new("invoice_payment", ("inpay_1", 23))
};

pub(crate) const LIST: &[Field] = &[
    field("invoice", Kind::Text(5000)),
    field(
        "payment",
        Kind::Hash(&[required("type", Kind::Choice(&["payment_intent"])), field("payment_intent", Kind::Text(5000))]),
    ),
    field("status", Kind::Choice(&["canceled", "open", "paid"])),
];

/// Asks for what is due by a payment intent that somebody has to confirm.
pub(super) fn request(call: &mut Call<'_>, mut invoice: Object) -> Result<Object, Failure> {
    let params = json!({
        "amount": invoice["amount_due"], "currency": invoice["currency"], "customer": invoice["customer"],
        "description": purpose(&invoice), "payment_method_types": ["card"],
    });
    let intent = as_object(call.with(params, payment_intents::create)?);
    let payment = json!({
        "id": call.new_id(&INVOICE_PAYMENT), "object": "invoice_payment",
        "amount_paid": null, "amount_requested": invoice["amount_due"], "created": call.now,
        "currency": invoice["currency"], "invoice": invoice["id"], "is_default": true, "livemode": false,
        "payment": { "payment_intent": intent["id"], "type": "payment_intent" }, "payment_intent": intent["id"],
        "status": "open", "status_transitions": { "canceled_at": null, "paid_at": null },
    });
    let payment = call.keep_quietly(&INVOICE_PAYMENT, payment)?;
    let secret = json!({ "client_secret": intent["client_secret"], "type": "payment_intent" });
    set(&mut invoice, "confirmation_secret", secret);
    show(&mut invoice, payment);
    call.keep_quietly(&INVOICE, Value::Object(invoice)).map(as_object)
}

fn purpose(invoice: &Object) -> &'static str {
    match text(invoice, "billing_reason") {
        "subscription_create" => "Subscription creation",
        "subscription_cycle" | "subscription_update" => "Subscription update",
        _ => "Payment for Invoice",
    }
}

/// Writes the payment into the list that the invoice has of them.
fn show(invoice: &mut Object, payment: Value) {
    if let Some(list) = invoice.get_mut("payments") {
        list["data"] = json!([payment]);
    }
}

/// Asks for what is due now, where another amount was asked for before.
pub(in crate::resources) fn ask_anew(call: &mut Call<'_>, mut invoice: Object) -> Result<Object, Failure> {
    let due = number(&invoice, "amount_remaining");
    if due == 0 {
        return give_up(call, invoice);
    }
    if let (Some(mut payment), Some(mut intent)) =
        (default_of(call, text(&invoice, "id")), intent_of(call, text(&invoice, "id")))
    {
        set(&mut intent, "amount", due);
        call.keep_quietly(&PAYMENT_INTENT, Value::Object(intent))?;
        set(&mut payment, "amount_requested", due);
        show(&mut invoice, call.keep_quietly(&INVOICE_PAYMENT, Value::Object(payment))?);
    }
    Ok(invoice)
}

/// The payment by which the invoice is to be paid.
pub(super) fn default_of(call: &Call<'_>, invoice: &str) -> Option<Object> {
    call.state.store.first_with(&INVOICE_PAYMENT, "invoice", invoice).cloned()
}

/// The intent that pays the invoice.
pub(in crate::resources) fn intent_of(call: &Call<'_>, invoice: &str) -> Option<Object> {
    let payment = default_of(call, invoice)?;
    call.state.store.get(&PAYMENT_INTENT, text(&payment, "payment_intent")).cloned()
}

/// Writes how a payment went, here and in its invoice.
fn write(call: &mut Call<'_>, invoice: &mut Object, status: &str, amount: Option<i64>) -> Result<(), Failure> {
    let Some(mut payment) = default_of(call, text(invoice, "id")) else { return Ok(()) };
    set(&mut payment, "status", status);
    set(&mut payment, "amount_paid", amount);
    payment["status_transitions"][format!("{status}_at")] = json!(call.now);
    call.keep_quietly(&INVOICE_PAYMENT, Value::Object(payment.clone()))?;
    show(invoice, Value::Object(payment));
    Ok(())
}

/// Nobody is to pay it by its intent any more.
pub(super) fn give_up(call: &mut Call<'_>, mut invoice: Object) -> Result<Object, Failure> {
    if let Some(intent) = intent_of(call, text(&invoice, "id"))
        && !["canceled", "succeeded"].contains(&text(&intent, "status"))
    {
        let own = std::mem::take(&mut call.params);
        let canceled = payment_steps::cancel(call, intent);
        call.params = own;
        canceled?;
        write(call, &mut invoice, "canceled", None)?;
    }
    Ok(invoice)
}

/// Tells the invoice of a payment, if it has one, what has become of the payment.
pub(in crate::resources) fn settle(call: &mut Call<'_>, intent: &Object) -> Result<(), Failure> {
    let payment = call.state.store.first_with(&INVOICE_PAYMENT, "payment_intent", text(intent, "id")).cloned();
    let Some(payment) = payment else { return Ok(()) };
    let mut invoice = call.referred(&INVOICE, text(&payment, "invoice"), "invoice")?;
    match text(intent, "status") {
        "succeeded" => {
            let amount = number(intent, "amount_received");
            write(call, &mut invoice, "paid", Some(amount))?;
            collection::paid(call, invoice, amount)?;
            if let Some(payment) = call.state.store.get(&INVOICE_PAYMENT, text(&payment, "id")).cloned() {
                events::record(call, "invoice_payment.paid", payment, None)?;
            }
            Ok(())
        }
        "requires_action" => collection::failed(call, invoice, true),
        "requires_payment_method" => collection::failed(call, invoice, false),
        _ => Ok(()),
    }
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&INVOICE_PAYMENT).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let wanted = call.params.hash("payment");
    let wanted = wanted.as_ref().and_then(|payment| payment.text("payment_intent"));
    let filters = ["invoice", "status"].map(Filter::Equals);
    call.list_where(&INVOICE_PAYMENT, |payment| {
        wanted.is_none_or(|wanted| text(payment, "payment_intent") == wanted)
            && filters.iter().all(|filter| filter.passes(call, payment))
    })
}
