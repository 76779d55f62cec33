//! A new invoice: what is billed to whom for which time.

use serde_json::{Value, json};

use super::super::customers::CUSTOMER;
use super::{INVOICE, empty_list, items, lines, steps, totals};
use crate::call::{Call, as_object, nulls, number, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// What is to be billed.
pub(in crate::resources) struct Bill {
    pub(in crate::resources) customer: Object,
    pub(in crate::resources) subscription: Option<Object>,
    /// `subscription_cycle`, `manual` …
    pub(in crate::resources) reason: &'static str,
    pub(in crate::resources) period: (i64, i64),
    pub(in crate::resources) currency: String,
    pub(in crate::resources) lines: Vec<Value>,
    /// Invoice items that have waited for an invoice.
    pub(in crate::resources) pending: Vec<Object>,
    pub(in crate::resources) discounts: Vec<Value>,
}

impl Bill {
    /// A bill of nothing yet.
    pub(in crate::resources) fn new(
        customer: Object,
        subscription: Option<Object>,
        reason: &'static str,
        period: (i64, i64),
    ) -> Self {
        let currency = subscription.as_ref().map(|found| text(found, "currency").to_owned()).unwrap_or_default();
        Self {
            customer,
            subscription,
            reason,
            period,
            currency,
            lines: Vec::new(),
            pending: Vec::new(),
            discounts: Vec::new(),
        }
    }
}

/// What nothing sets here.
const UNSET: &[&str] = &[
    "account_name",
    "account_tax_ids",
    "application",
    "confirmation_secret",
    "custom_fields",
    "customer_account",
    "default_payment_method",
    "default_source",
    "description",
    "due_date",
    "effective_at",
    "ending_balance",
    "footer",
    "from_invoice",
    "hosted_invoice_url",
    "invoice_pdf",
    "last_finalization_error",
    "latest_revision",
    "number",
    "on_behalf_of",
    "parent",
    "receipt_number",
    "rendering",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
    "test_clock",
    "webhooks_delivered_at",
];

/// Amounts of which there is nothing yet.
const NOTHING: [&str; 7] = [
    "amount_due",
    "amount_overpaid",
    "amount_paid",
    "amount_remaining",
    "amount_shipping",
    "post_payment_credit_notes_amount",
    "pre_payment_credit_notes_amount",
];

/// An invoice without lines.
fn blank(call: &Call<'_>, bill: &Bill, id: &str) -> Object {
    let mut invoice = as_object(json!({
        "id": id, "object": "invoice",
        "account_country": "US", "attempt_count": 0, "attempted": false, "auto_advance": true,
        "automatic_tax": {
            "disabled_reason": null, "enabled": false, "liability": null, "provider": null, "status": null,
        },
        "automatically_finalizes_at": call.now + steps::DRAFT_SECS, "billing_reason": bill.reason,
        "collection_method": "charge_automatically", "created": call.now, "currency": bill.currency,
        "customer_tax_ids": [], "default_tax_rates": [], "discounts": bill.discounts, "issuer": { "type": "self" },
        "livemode": false, "metadata": {}, "next_payment_attempt": call.now + steps::DRAFT_SECS,
        "payment_settings": { "default_mandate": null, "payment_method_options": null, "payment_method_types": null },
        "payments": empty_list(&format!("/v1/invoice_payments?invoice={id}")), "period_end": bill.period.1,
        "period_start": bill.period.0, "status": "draft",
        "status_transitions": {
            "finalized_at": null, "marked_uncollectible_at": null, "paid_at": null, "voided_at": null,
        },
        "total_taxes": [],
    }));
    invoice.extend(nulls(UNSET));
    invoice.extend(NOTHING.map(|name| (name.to_owned(), json!(0))));
    for name in ["address", "email", "name", "phone", "shipping", "tax_exempt"] {
        set(&mut invoice, &format!("customer_{name}"), bill.customer.get(name).cloned());
    }
    set(&mut invoice, "customer", text(&bill.customer, "id"));
    set(&mut invoice, "starting_balance", number(&bill.customer, "balance"));
    invoice
}

/// The draft of an invoice, which is not kept yet.
pub(in crate::resources) fn draw_up(call: &mut Call<'_>, bill: &mut Bill) -> Result<Object, Failure> {
    let id = call.new_id(&INVOICE);
    let mut invoice = blank(call, bill, &id);
    if let Some(subscription) = &bill.subscription {
        follow(&mut invoice, subscription);
    }
    let from_items: Vec<Value> = bill.pending.iter().map(|item| lines::of_item(call, item)).collect();
    let mut all: Vec<Value> = from_items.into_iter().chain(bill.lines.iter().cloned()).collect();
    for line in &mut all {
        line["invoice"] = json!(id);
    }
    set(&mut invoice, "lines", lines::list(&id, all));
    totals::write(call, &mut invoice)?;
    Ok(invoice)
}

/// What an invoice has from its subscription.
fn follow(invoice: &mut Object, subscription: &Object) {
    let of = |name: &str| subscription.get(name).cloned().unwrap_or_default();
    for name in ["collection_method", "default_payment_method", "description"] {
        set(invoice, name, of(name));
    }
    set(invoice, "subscription", of("id"));
    invoice["automatic_tax"]["enabled"] = of("automatic_tax")["enabled"].clone();
    let details = json!({ "metadata": of("metadata"), "subscription": of("id") });
    let parent = json!({ "quote_details": null, "subscription_details": details, "type": "subscription_details" });
    set(invoice, "parent", parent);
    if text(invoice, "collection_method") == "send_invoice" {
        let created = invoice.get("created").and_then(Value::as_i64).unwrap_or_default();
        let days = of("days_until_due").as_i64().unwrap_or_default();
        set(invoice, "due_date", created + days * steps::DAY_SECS);
        set(invoice, "next_payment_attempt", Value::Null);
    }
}

/// Keeps a new invoice: the items that it bills wait no longer, and the customer has its currency from now on.
pub(in crate::resources) fn keep(call: &mut Call<'_>, invoice: Object, bill: &Bill) -> Result<Object, Failure> {
    for item in &bill.pending {
        items::bill(call, item.clone(), text(&invoice, "id"))?;
    }
    let mut customer = bill.customer.clone();
    if let Some(kept) = call.state.store.get(&CUSTOMER, text(&customer, "id")) {
        customer = kept.clone();
    }
    if text(&customer, "currency").is_empty() {
        set(&mut customer, "currency", text(&invoice, "currency"));
        call.update(&CUSTOMER, customer, "customer.updated")?;
    }
    call.create(&INVOICE, Value::Object(invoice), "invoice.created").map(as_object)
}
