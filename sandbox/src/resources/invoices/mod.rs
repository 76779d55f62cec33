//! What customers are asked to pay. <https://docs.stripe.com/api/invoices>

mod bill;
pub(crate) mod collection;
pub(crate) mod items;
pub(crate) mod lines;
pub(crate) mod payments;
pub(crate) mod preview;
pub(crate) mod steps;
mod totals;

use serde_json::{Value, json};

pub(super) use bill::{Bill, draw_up, keep};

use super::customers::{self, CUSTOMER};
use super::discounts::{self, DISCOUNT};
use super::payment_methods::PAYMENT_METHOD;
use super::subscriptions::SUBSCRIPTION;
use super::{Clock, Resource};
use crate::call::{Call, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static INVOICE: Resource = Resource {
    links: &[
        ("customer", &CUSTOMER),
        ("default_payment_method", &PAYMENT_METHOD),
        ("discounts", &DISCOUNT),
        ("parent.subscription_details.subscription", &SUBSCRIPTION),
    ],
    on_request: &["confirmation_secret", "payments"],
    hidden: &["is_overdue_told", "on_finalization", "subscription"],
    indexed: &["customer", "subscription"],
    clock: Some(Clock { due: collection::due, follow: collection::follow }),
    ..Resource::new("invoice", ("in_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const AUTOMATIC_TAX: Field = field("automatic_tax", Kind::Hash(&[required("enabled", Kind::Bool)]));

pub(crate) const CREATE: &[Field] = &[
    required("customer", SHORT),
    field("auto_advance", Kind::Bool),
    AUTOMATIC_TAX,
    field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"])),
    field("currency", Kind::Currency),
    field("days_until_due", Kind::Integer(0, 3650)),
    field("default_payment_method", SHORT),
    field("description", Kind::Text(1500)),
    discounts::FIELD,
    field("due_date", Kind::Integer(0, i64::MAX)),
    field("footer", SHORT),
    field("metadata", Kind::Metadata).clearable(),
    field("pending_invoice_items_behavior", Kind::Choice(&["exclude", "include"])),
    field("statement_descriptor", Kind::Text(22)),
    field("subscription", SHORT),
];

pub(crate) const UPDATE: &[Field] = &[
    field("auto_advance", Kind::Bool),
    AUTOMATIC_TAX,
    field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"])),
    field("days_until_due", Kind::Integer(0, 3650)),
    field("default_payment_method", SHORT).clearable(),
    field("description", Kind::Text(1500)).clearable(),
    discounts::FIELD,
    field("due_date", Kind::Integer(0, i64::MAX)),
    field("footer", SHORT).clearable(),
    field("metadata", Kind::Metadata).clearable(),
    field("statement_descriptor", Kind::Text(22)),
];

pub(crate) const LIST: &[Field] = &[
    field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"])),
    field("created", Kind::Range),
    field("customer", SHORT),
    field("due_date", Kind::Range),
    field("status", Kind::Choice(&["draft", "open", "paid", "uncollectible", "void"])),
    field("subscription", SHORT),
];

/// What a caller sets as it is.
const PLAIN: [&str; 6] =
    ["auto_advance", "collection_method", "default_payment_method", "description", "footer", "statement_descriptor"];

/// An invoice by hand. It stays a draft until somebody finalizes it, unless it is to advance by itself.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let customer = customers::referred(call, params.text("customer").unwrap_or_default(), "customer")?;
    let subscription = match params.text("subscription") {
        Some(id) => Some(call.referred(&SUBSCRIPTION, id, "subscription")?),
        None => None,
    };
    let is_with_items = params.text("pending_invoice_items_behavior") == Some("include") || subscription.is_some();
    let pending = match is_with_items {
        true => items::pending(call, text(&customer, "id"), subscription.as_ref().map(|found| text(found, "id"))),
        false => Vec::new(),
    };
    let own = text(&customer, "currency");
    let of_items = pending.first().map(|item| text(item, "currency").to_owned());
    let currency = params.text("currency").map(str::to_owned).or(of_items);
    let currency = currency.unwrap_or_else(|| if own.is_empty() { "usd".to_owned() } else { own.to_owned() });
    let mut bill = Bill::new(customer, subscription, "manual", (call.now, call.now));
    bill.currency = currency;
    bill.pending = pending;
    bill.pending.retain(|item| text(item, "currency") == bill.currency);
    let mut invoice = draw_up(call, &mut bill)?;
    set(&mut invoice, "auto_advance", false);
    set(&mut invoice, "automatically_finalizes_at", Value::Null);
    set(&mut invoice, "next_payment_attempt", Value::Null);
    write(call, &mut invoice)?;
    totals::write(call, &mut invoice)?;
    keep(call, invoice, &bill).map(Value::Object)
}

/// Writes what create and update have in common.
fn write(call: &mut Call<'_>, invoice: &mut Object) -> Result<(), Failure> {
    let params = call.params.clone();
    if let Some(method) = params.text("default_payment_method") {
        call.referred(&PAYMENT_METHOD, method, "default_payment_method")?;
    }
    params.copy_to(invoice, &PLAIN);
    let is_sent = text(invoice, "collection_method") == "send_invoice";
    match (params.integer("days_until_due"), params.integer("due_date")) {
        (Some(_), Some(_)) => return Err(Failure::exclusive("days_until_due", "due_date")),
        (None, None) => {}
        _ if !is_sent => {
            let message = "You can only set a due date on invoices with collection_method set to 'send_invoice'.";
            return Err(Failure::invalid(message).param("due_date"));
        }
        (Some(days), None) => set(invoice, "due_date", call.now + days * steps::DAY_SECS),
        (None, Some(at)) => set(invoice, "due_date", at),
    }
    if is_sent && invoice.get("due_date").is_none_or(Value::is_null) {
        return Err(Failure::missing("days_until_due"));
    }
    if params.has("auto_advance") {
        let finalizes = params.is("auto_advance").then_some(call.now + steps::DRAFT_SECS);
        set(invoice, "automatically_finalizes_at", finalizes);
    }
    if let Some(tax) = params.hash("automatic_tax") {
        invoice["automatic_tax"]["enabled"] = tax.value("enabled");
    }
    if params.has("discounts") {
        let (customer, id) = (text(invoice, "customer").to_owned(), text(invoice, "id").to_owned());
        let made = discounts::redeem(call, &customer, ("invoice", &id), call.now)?;
        set(invoice, "discounts", made);
    }
    call.merge_metadata(invoice)
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut invoice = call.found(&INVOICE)?;
    let is_draft = text(&invoice, "status") == "draft";
    let fixed = ["collection_method", "discounts", "description", "due_date", "footer", "statement_descriptor"];
    if let Some(param) = fixed.iter().find(|param| !is_draft && call.params.has(param)) {
        let message = format!("Finalized invoices can't be updated in this way: `{param}` belongs to drafts.");
        return Err(Failure::invalid(message).code("invoice_not_editable").param(*param));
    }
    write(call, &mut invoice)?;
    if is_draft {
        totals::write(call, &mut invoice)?;
    } else {
        set(&mut invoice, "automatically_finalizes_at", Value::Null);
    }
    call.update(&INVOICE, invoice, "invoice.updated")
}

/// Only drafts that no subscription has made can be deleted.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let invoice = call.found(&INVOICE)?;
    if text(&invoice, "status") != "draft" || !text(&invoice, "subscription").is_empty() {
        let message = "You can only delete draft invoices that were not made by a subscription; void this one instead.";
        return Err(Failure::invalid(message));
    }
    items::release(call, text(&invoice, "id"))?;
    call.delete(&INVOICE, invoice, "invoice.deleted")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&INVOICE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["collection_method", "customer", "status", "subscription"].map(Filter::Equals);
    call.list(&INVOICE, &[&equal[..], &[Filter::Within("created"), Filter::Within("due_date")]].concat())
}

/// The lines of an invoice, of which the invoice itself shows only the first.
pub(crate) fn list_lines(call: &mut Call<'_>) -> Result<Value, Failure> {
    let invoice = call.found(&INVOICE)?;
    call.list_of(lines::of(&invoice), "invoice line item")
}

/// Nothing is left to be paid.
pub(super) fn settle_without_payment(call: &mut Call<'_>, invoice: Object) -> Result<(), Failure> {
    collection::paid(call, invoice, 0).map(drop)
}

/// A list of nothing yet.
fn empty_list(url: &str) -> Value {
    json!({ "object": "list", "data": [], "has_more": false, "url": url })
}
