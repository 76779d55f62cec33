//! The phases of a schedule: what is sold from when to when.

use serde_json::{Value, json};

use super::super::discounts;
use super::super::prices::PRICE;
use super::super::subscriptions::{self, items};
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

const SHORT: Kind = Kind::Text(5000);
const TIME: Kind = Kind::Integer(0, i64::MAX);

pub(super) const FIELDS: &[Field] = &[
    required(
        "items",
        Kind::List(&Kind::Hash(&[
            required("price", SHORT),
            field("metadata", Kind::Metadata),
            field("quantity", Kind::Integer(0, 999_999)),
        ])),
    ),
    field("description", Kind::Text(500)).clearable(),
    discounts::FIELD,
    field(
        "duration",
        Kind::Hash(&[
            required("interval", Kind::Choice(&["day", "month", "week", "year"])),
            field("interval_count", Kind::Integer(1, 1095)),
        ]),
    ),
    field("end_date", Kind::TimeOrNow),
    field("metadata", Kind::Metadata),
    subscriptions::PRORATION,
    field("start_date", Kind::TimeOrNow),
    field("trial", Kind::Bool),
    field("trial_end", TIME),
];

/// Phases one after the other. Only the last one may be without an end, and then lasts as long as its price's interval.
pub(super) fn make(call: &Call<'_>, wanted: &[Params], start: i64) -> Result<Vec<Value>, Failure> {
    if wanted.is_empty() {
        return Err(Failure::missing("phases"));
    }
    let mut made = Vec::new();
    let mut from = start;
    for (index, phase) in wanted.iter().enumerate() {
        let place = format!("phases[{index}]");
        if phase.integer("start_date").is_some_and(|start| start != from) {
            let message = "A phase must start where the one before it ends.";
            return Err(Failure::invalid(message).param(format!("{place}[start_date]")));
        }
        let sold = sold(call, phase, &place)?;
        let until = until(call, phase, &sold, from);
        if until <= from {
            let message = "The end of a phase must be after its start.";
            return Err(Failure::invalid(message).param(format!("{place}[end_date]")));
        }
        let trial_end = if phase.is("trial") { json!(until) } else { phase.value("trial_end") };
        made.push(json!({
            "add_invoice_items": [], "application_fee_percent": null, "billing_cycle_anchor": null,
            "billing_thresholds": null, "collection_method": null, "currency": sold[0].1["currency"],
            "default_payment_method": null, "default_tax_rates": [], "description": phase.value("description"),
            "discounts": phase.or("discounts", json!([])), "end_date": until, "invoice_settings": null,
            "items": sold.into_iter().map(|(item, _)| item).collect::<Vec<_>>(),
            "metadata": phase.or("metadata", json!({})), "on_behalf_of": null,
            "proration_behavior": phase.or("proration_behavior", "create_prorations"), "start_date": from,
            "transfer_data": null, "trial_end": trial_end,
        }));
        from = until;
    }
    Ok(made)
}

/// The items of a phase with their prices.
fn sold(call: &Call<'_>, phase: &Params, place: &str) -> Result<Vec<(Value, Object)>, Failure> {
    let mut sold = Vec::new();
    for (index, item) in phase.hashes("items").iter().enumerate() {
        let price = item.text("price").unwrap_or_default();
        let price = call.referred(&PRICE, price, &format!("{place}[items][{index}][price]"))?;
        let shown = json!({
            "billing_thresholds": null, "discounts": [], "metadata": item.or("metadata", json!({})),
            "plan": items::plan(&price), "price": price["id"], "quantity": item.or("quantity", 1), "tax_rates": [],
        });
        sold.push((shown, price));
    }
    match sold.is_empty() {
        true => Err(Failure::missing(&format!("{place}[items]"))),
        false => Ok(sold),
    }
}

fn until(call: &Call<'_>, phase: &Params, sold: &[(Value, Object)], from: i64) -> i64 {
    if phase.text("end_date") == Some("now") {
        return call.now;
    }
    let lasting = match phase.hash("duration") {
        Some(duration) => {
            json!({ "interval": duration.value("interval"), "interval_count": duration.or("interval_count", 1) })
        }
        None => sold[0].1["recurring"].clone(),
    };
    phase.integer("end_date").unwrap_or_else(|| subscriptions::period_after(from, &lasting))
}

/// The present period of a subscription as a phase.
pub(super) fn present(subscription: &Object) -> Value {
    let sold = items::in_order(subscription);
    let shown = sold.iter().map(|item| {
        json!({
            "billing_thresholds": null, "discounts": [], "metadata": item["metadata"], "plan": item["plan"],
            "price": item["price"]["id"], "quantity": item["quantity"], "tax_rates": [],
        })
    });
    json!({
        "add_invoice_items": [], "application_fee_percent": null, "billing_cycle_anchor": null,
        "billing_thresholds": null, "collection_method": null, "currency": text(subscription, "currency"),
        "default_payment_method": null, "default_tax_rates": [], "description": null, "discounts": [],
        "end_date": sold[0]["current_period_end"], "invoice_settings": null, "items": shown.collect::<Vec<_>>(),
        "metadata": {}, "on_behalf_of": null, "proration_behavior": "create_prorations",
        "start_date": sold[0]["current_period_start"], "transfer_data": null, "trial_end": subscription["trial_end"],
    })
}
