//! What is taken back of an invoice. <https://docs.stripe.com/api/credit_notes>

mod effects;
mod lines;

use serde_json::{Value, json};

use super::Resource;
use super::customers::CUSTOMER;
use super::invoices::INVOICE;
use crate::call::{Call, as_object, number, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static CREDIT_NOTE: Resource = Resource {
    noun: "credit note",
    links: &[("customer", &CUSTOMER), ("invoice", &INVOICE)],
    indexed: &["invoice"],
    ..Resource::new("credit_note", ("cn_1", 23))
};

const AMOUNT: Kind = Kind::Integer(0, 999_999_999_999);

pub(crate) const CREATE: &[Field] = &[
    required("invoice", Kind::Text(5000)),
    field("amount", AMOUNT),
    field("credit_amount", AMOUNT),
    field("effective_at", Kind::Integer(0, i64::MAX)),
    field("email_type", Kind::Choice(&["credit_note", "none"])),
    field("lines", Kind::List(&Kind::Hash(lines::FIELDS))),
    field("memo", Kind::Text(5000)),
    field("metadata", Kind::Metadata),
    field("out_of_band_amount", AMOUNT),
    field("reason", Kind::Choice(&["duplicate", "fraudulent", "order_change", "product_unsatisfactory"])),
    field("refund_amount", AMOUNT),
];

pub(crate) const UPDATE: &[Field] = &[field("memo", Kind::Text(5000)), field("metadata", Kind::Metadata)];

pub(crate) const LIST: &[Field] =
    &[field("created", Kind::Range), field("customer", Kind::Text(5000)), field("invoice", Kind::Text(5000))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let invoice = call.referred(&INVOICE, params.text("invoice").unwrap_or_default(), "invoice")?;
    let is_paid = text(&invoice, "status") == "paid";
    if !is_paid && text(&invoice, "status") != "open" {
        let message = "You can only create a credit note for an invoice that is open or paid.";
        return Err(Failure::invalid(message).param("invoice"));
    }
    let id = call.new_id(&CREDIT_NOTE);
    let made = lines::make(call, &invoice, &params)?;
    let total = made.iter().try_fold(0_i64, |sum, line| sum.checked_add(line["amount"].as_i64().unwrap_or_default()));
    let total = total.filter(|total| *total > 0).or(params.integer("amount").filter(|_| made.is_empty()));
    let Some(total) = total.filter(|total| *total > 0) else {
        return Err(Failure::missing("amount"));
    };
    check(&invoice, total, &params)?;
    let before = call.state.store.all_with(&CREDIT_NOTE, "invoice", text(&invoice, "id")).count();
    let (pre_payment, post_payment) = if is_paid { (0, total) } else { (total, 0) };
    let kind = if is_paid { "post_payment" } else { "pre_payment" };
    let mut note = as_object(json!({
        "id": id, "object": "credit_note",
        "amount": total, "amount_shipping": 0, "created": call.now, "currency": invoice["currency"],
        "customer": invoice["customer"], "customer_account": null, "customer_balance_transaction": null,
        "discount_amount": 0, "discount_amounts": [], "effective_at": params.or("effective_at", call.now),
        "invoice": invoice["id"],
        "lines": {
            "object": "list", "data": made, "has_more": false, "url": format!("/v1/credit_notes/{id}/lines"),
        },
        "livemode": false, "memo": params.value("memo"), "metadata": call.new_metadata()?,
        "number": format!("{}-CN-{:02}", text(&invoice, "number"), before + 1),
        "out_of_band_amount": params.value("out_of_band_amount"),
        "pdf": format!("https://pay.stripe.com/credit_notes/{id}/pdf"), "post_payment_amount": post_payment,
        "pre_payment_amount": pre_payment, "pretax_credit_amounts": [], "reason": params.value("reason"),
        "refunds": [], "shipping_cost": null, "status": "issued", "subtotal": total,
        "subtotal_excluding_tax": total, "total": total, "total_excluding_tax": total, "total_taxes": [],
        "type": kind, "voided_at": null,
    }));
    effects::apply(call, invoice, &mut note, &params)?;
    call.create(&CREDIT_NOTE, Value::Object(note), "credit_note.created")
}

/// Not more than is open or was paid, and all of what was paid goes somewhere.
fn check(invoice: &Object, total: i64, params: &Params) -> Result<(), Failure> {
    let part = |name: &str| params.integer(name).unwrap_or_default();
    let given = part("credit_amount").saturating_add(part("refund_amount")).saturating_add(part("out_of_band_amount"));
    let (most, kind) = match text(invoice, "status") {
        "paid" => (number(invoice, "amount_paid") - number(invoice, "post_payment_credit_notes_amount"), "paid"),
        _ => (number(invoice, "amount_remaining"), "remaining"),
    };
    if total > most {
        let message = format!(
            "The amount of the credit note ({total}) is greater than the amount of the invoice that is {kind} ({most})."
        );
        return Err(Failure::invalid(message).param("amount"));
    }
    if kind == "paid" && given != total {
        let message = format!(
            "The sum of credit amount, refund amount and out of band amount ({given}) must equal the credit note \
             amount ({total})."
        );
        return Err(Failure::invalid(message));
    }
    match kind == "remaining" && given > 0 {
        true => {
            Err(Failure::invalid("Nothing was paid of the invoice that could be given back.").param("refund_amount"))
        }
        false => Ok(()),
    }
}

/// What a credit note would be.
pub(crate) fn preview(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.look_ahead(create)
}

/// The lines of what a credit note would be.
pub(crate) fn preview_lines(call: &mut Call<'_>) -> Result<Value, Failure> {
    let note = call.look_ahead(create)?;
    call.list_of(note["lines"]["data"].as_array().map(Vec::as_slice).unwrap_or_default(), "credit note line item")
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut note = call.found(&CREDIT_NOTE)?;
    call.params.copy_to(&mut note, &["memo"]);
    call.merge_metadata(&mut note)?;
    call.update(&CREDIT_NOTE, note, "credit_note.updated")
}

/// Only one that has moved no money can be taken back.
pub(crate) fn void(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut note = call.found(&CREDIT_NOTE)?;
    let invoice = call.referred(&INVOICE, text(&note, "invoice"), "invoice")?;
    if text(&note, "status") == "void" || text(&invoice, "status") != "open" {
        return Err(Failure::invalid("You can only void a credit note whose invoice is open."));
    }
    effects::take_back(call, invoice, number(&note, "total"))?;
    set(&mut note, "status", "void");
    set(&mut note, "voided_at", call.now);
    call.update(&CREDIT_NOTE, note, "credit_note.voided")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&CREDIT_NOTE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["customer", "invoice"].map(Filter::Equals);
    call.list(&CREDIT_NOTE, &[&equal[..], &[Filter::Within("created")]].concat())
}

pub(crate) fn list_lines(call: &mut Call<'_>) -> Result<Value, Failure> {
    let note = call.found(&CREDIT_NOTE)?;
    call.list_of(note["lines"]["data"].as_array().map(Vec::as_slice).unwrap_or_default(), "credit note line item")
}
