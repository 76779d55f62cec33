//! Usage that was told, and what it adds up to. <https://docs.stripe.com/api/billing/meter-event>

use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

use super::meters::METER;
use super::{Resource, customers};
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

/// Kept under its identifier, and shown without an id, as Stripe does it.
pub(crate) static METER_EVENT: Resource = Resource {
    noun: "meter event",
    hidden: &["id"],
    indexed: &["event_name"],
    ..Resource::new("billing.meter_event", ("", 32))
};

pub(crate) const CREATE: &[Field] = &[
    required("event_name", Kind::Text(100)),
    required("payload", Kind::Texts),
    field("identifier", Kind::Text(100)),
    field("timestamp", Kind::Integer(0, i64::MAX)),
];

pub(crate) const SUMMARIES: &[Field] = &[
    required("customer", Kind::Text(5000)),
    required("end_time", Kind::Integer(0, i64::MAX)),
    required("start_time", Kind::Integer(0, i64::MAX)),
];

/// <https://docs.stripe.com/api/billing/meter-event/create#create_billing_meter_event-timestamp>
const OLDEST_SECS: i64 = 35 * 24 * 60 * 60;
const NEWEST_SECS: i64 = 5 * 60;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.params.text("event_name").unwrap_or_default().to_owned();
    let mut meters = call.state.store.all_with(&METER, "event_name", &name);
    let meter = meters.find(|meter| text(meter, "status") == "active").cloned();
    drop(meters);
    let Some(meter) = meter else {
        return Err(Failure::invalid(format!("No active meter found for event name {name}.")).param("event_name"));
    };
    let payload = call.params.hash("payload").unwrap_or_default();
    let key = |settings: &str| meter.get(settings).and_then(|settings| settings["event_payload_key"].as_str());
    let customer = payload.text(key("customer_mapping").unwrap_or_default()).unwrap_or_default();
    customers::referred(call, customer, "payload[stripe_customer_id]")?;
    let is_counted = meter["default_aggregation"]["formula"] == "count";
    let value = payload.text(key("value_settings").unwrap_or_default());
    if !is_counted && value.and_then(|value| Decimal::from_str(value).ok()).is_none() {
        return Err(Failure::invalid("Invalid value in the payload: it must be a number.").param("payload"));
    }
    let at = call.params.integer("timestamp").unwrap_or(call.now);
    if at < call.now - OLDEST_SECS || at > call.now + NEWEST_SECS {
        let message = "The timestamp must be within the past 35 days and at most 5 minutes in the future.";
        return Err(Failure::invalid(message).param("timestamp"));
    }
    let identifier = call.params.text("identifier").map(str::to_owned);
    let identifier = identifier.unwrap_or_else(|| call.state.ids.next("", 32));
    if call.state.store.get(&METER_EVENT, &identifier).is_some() {
        let message = format!("An event already exists with identifier {identifier}.");
        return Err(Failure::invalid(message).code("duplicate_meter_event").param("identifier"));
    }
    let event = json!({
        "id": identifier, "object": "billing.meter_event",
        "created": call.now, "event_name": name, "identifier": identifier, "livemode": false,
        "payload": call.params.value("payload"), "timestamp": at,
    });
    call.keep_quietly(&METER_EVENT, event)
}

/// What a customer has used of a meter in a time, and how often that was told.
pub(super) fn used(call: &Call<'_>, meter: &Object, customer: &str, (from, until): (i64, i64)) -> (Decimal, usize) {
    let key = |settings: &str| {
        meter.get(settings).and_then(|settings| settings["event_payload_key"].as_str()).unwrap_or_default()
    };
    let (customer_key, value_key) = (key("customer_mapping"), key("value_settings"));
    let events = call.state.store.all_with(&METER_EVENT, "event_name", text(meter, "event_name"));
    let is_meant = |event: &&Object| {
        let at = event.get("timestamp").and_then(Value::as_i64).unwrap_or_default();
        event["payload"][customer_key] == customer && (from..until).contains(&at)
    };
    let values: Vec<Decimal> = events
        .filter(is_meant)
        .map(|event| {
            event["payload"][value_key].as_str().and_then(|value| Decimal::from_str(value).ok()).unwrap_or_default()
        })
        .collect();
    let total = match meter["default_aggregation"]["formula"].as_str() {
        Some("count") => Decimal::from(values.len()),
        Some("last") => values.last().copied().unwrap_or_default(),
        _ => values.iter().sum(),
    };
    (total, values.len())
}

/// One sum for the whole time that is asked for; shorter windows are not told apart.
pub(crate) fn summaries(call: &mut Call<'_>) -> Result<Value, Failure> {
    let meter = call.found(&METER)?;
    let (from, until) = (call.params.integer("start_time").unwrap_or(0), call.params.integer("end_time").unwrap_or(0));
    let customer = call.params.text("customer").unwrap_or_default();
    let (total, count) = used(call, &meter, customer, (from, until));
    let total = Number::from_str(&total.normalize().to_string()).unwrap_or_else(|_| Number::from(0));
    let summary = json!({
        "id": call.state.ids.next("mtrusg_test_", 24), "object": "billing.meter_event_summary",
        "aggregated_value": total, "end_time": until, "livemode": false, "meter": text(&meter, "id"), "start_time": from,
    });
    let data = if count == 0 { json!([]) } else { json!([summary]) };
    Ok(json!({ "object": "list", "data": data, "has_more": false, "url": call.path }))
}
