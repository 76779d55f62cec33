//! Invoices that are to come: what would be is let happen, looked at, and taken back.

use serde_json::{Value, json};

use super::super::customers;
use super::super::subscriptions::{self, SUBSCRIPTION};
use super::{INVOICE, discounts, items};
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field};
use crate::store::Object;

const SHORT: Kind = Kind::Text(5000);

pub(crate) const CREATE: &[Field] = &[
    field("currency", Kind::Currency),
    field("customer", SHORT),
    discounts::FIELD,
    field(
        "invoice_items",
        Kind::List(&Kind::Hash(&[
            field("amount", Kind::Integer(-999_999_999_999, 999_999_999_999)),
            field("currency", Kind::Currency),
            field("description", SHORT),
            field("quantity", Kind::Integer(0, 999_999)),
            field("price", SHORT),
        ])),
    ),
    field("preview_mode", Kind::Choice(&["next"])),
    field("subscription", SHORT),
    field(
        "subscription_details",
        Kind::Hash(&[
            field("billing_cycle_anchor", Kind::TimeOrNow),
            field("cancel_at", Kind::Integer(0, i64::MAX)).clearable(),
            field("cancel_at_period_end", Kind::Bool),
            field("cancel_now", Kind::Bool),
            field("items", Kind::List(&Kind::Hash(subscriptions::items::ITEM_CHANGE))),
            subscriptions::PRORATION,
            field("proration_date", Kind::Integer(0, i64::MAX)),
            field("trial_end", Kind::TimeOrNow),
        ]),
    ),
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut invoice = as_object(call.look_ahead(|call| foresee(call).map(Value::Object))?);
    let id = format!("upcoming_{}", text(&invoice, "id"));
    for line in invoice["lines"]["data"].as_array_mut().into_iter().flatten() {
        line["invoice"] = json!(id);
    }
    invoice["lines"]["url"] = json!(format!("/v1/invoices/{id}/lines"));
    for (name, value) in
        [("id", json!(id)), ("automatically_finalizes_at", Value::Null), ("auto_advance", json!(false))]
    {
        set(&mut invoice, name, value);
    }
    Ok(Value::Object(invoice))
}

fn foresee(call: &mut Call<'_>) -> Result<Object, Failure> {
    let params = call.params.clone();
    let found = params.text("subscription").map(|id| call.referred(&SUBSCRIPTION, id, "subscription")).transpose()?;
    let of_subscription = found.as_ref().map(|subscription| text(subscription, "customer").to_owned());
    let Some(customer) = params.text("customer").map(str::to_owned).or(of_subscription) else {
        return Err(Failure::missing("customer"));
    };
    customers::referred(call, &customer, "customer")?;
    add_items(call, &params, &customer)?;
    let details = params.hash("subscription_details").unwrap_or_default();
    match found {
        None if details.has("items") => start(call, &params, &details, &customer),
        None => {
            let living = |subscription: &&Object| text(subscription, "status") != "canceled";
            let own = call.state.store.all_with(&SUBSCRIPTION, "customer", &customer).find(living).cloned();
            match own {
                Some(subscription) => change(call, subscription, &details),
                None => by_hand(call, &params, &customer),
            }
        }
        Some(subscription) => change(call, subscription, &details),
    }
}

/// Items that would stand on the invoice.
fn add_items(call: &mut Call<'_>, params: &Params, customer: &str) -> Result<(), Failure> {
    for item in params.hashes("invoice_items") {
        let made = json!({
            "amount": item.value("amount"), "currency": item.or("currency", params.or("currency", "usd")),
            "customer": customer, "description": item.value("description"),
            "pricing": item.text("price").map(|price| json!({ "price": price })), "quantity": item.value("quantity"),
        });
        call.with(made, items::create)?;
    }
    Ok(())
}

/// The first invoice of a subscription that there is not yet.
fn start(call: &mut Call<'_>, params: &Params, details: &Params, customer: &str) -> Result<Object, Failure> {
    let anchor = details.integer("billing_cycle_anchor");
    let wanted = json!({
        "billing_cycle_anchor": anchor, "customer": customer, "discounts": params.value("discounts"),
        "items": details.value("items"), "proration_behavior": details.value("proration_behavior"),
        "trial_end": details.value("trial_end"),
    });
    let made = call.with(wanted, subscriptions::create)?;
    latest(call, &made)
}

/// The next invoice of a subscription: that of a change where it is billed at once, else that of the next period.
fn change(call: &mut Call<'_>, subscription: Object, details: &Params) -> Result<Object, Failure> {
    let id = text(&subscription, "id").to_owned();
    call.ids = vec![id.clone()];
    let mut changed = Value::Object(subscription.clone());
    if details.is("cancel_now") {
        let how = json!({ "invoice_now": true, "prorate": details.text("proration_behavior") != Some("none") });
        changed = call.with(how, subscriptions::cancel)?;
    } else if details.entries().next().is_some() {
        let sent = ["cancel_at", "cancel_at_period_end", "items", "proration_behavior", "proration_date", "trial_end"];
        let mut wanted = json!({ "discounts": call.params.value("discounts") });
        for name in sent.iter().filter(|name| details.has(name)) {
            wanted[*name] = details.value(name);
        }
        if details.text("billing_cycle_anchor") == Some("now") {
            wanted["billing_cycle_anchor"] = json!("now");
        }
        changed = call.with(wanted, subscriptions::update)?;
    }
    if changed["latest_invoice"] != subscription["latest_invoice"] {
        return latest(call, &changed);
    }
    let none = || {
        let message = format!("No upcoming invoices for subscription: {id}");
        Failure::invalid(message).code("invoice_upcoming_none")
    };
    let at = subscriptions::next_billing(&as_object(changed)).ok_or_else(none)?;
    call.now = at;
    let found = call.referred(&SUBSCRIPTION, &id, "subscription")?;
    subscriptions::bill_period(call, found)?;
    let billed = call.referred(&SUBSCRIPTION, &id, "subscription")?;
    let mut invoice = latest(call, &Value::Object(billed))?;
    if invoice["id"] == subscription["latest_invoice"] {
        return Err(none());
    }
    set(&mut invoice, "billing_reason", "upcoming");
    Ok(invoice)
}

fn latest(call: &Call<'_>, subscription: &Value) -> Result<Object, Failure> {
    call.referred(&INVOICE, subscription["latest_invoice"].as_str().unwrap_or_default(), "subscription")
}

/// What waits for an invoice, where there is no subscription.
fn by_hand(call: &mut Call<'_>, params: &Params, customer: &str) -> Result<Object, Failure> {
    let pending = items::pending(call, customer, None);
    if pending.is_empty() {
        let message = format!("No upcoming invoices for customer: {customer}");
        return Err(Failure::invalid(message).code("invoice_upcoming_none"));
    }
    let wanted = json!({
        "currency": params.value("currency"), "customer": customer, "discounts": params.value("discounts"),
        "pending_invoice_items_behavior": "include",
    });
    call.with(wanted, super::create).map(as_object)
}
