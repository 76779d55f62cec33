//! What counts usage. <https://docs.stripe.com/api/billing/meter>

use serde_json::{Value, json};

use super::Resource;
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};

pub(crate) static METER: Resource =
    Resource { noun: "meter", indexed: &["event_name"], ..Resource::new("billing.meter", ("mtr_test_", 24)) };

pub(crate) const CREATE: &[Field] = &[
    required("default_aggregation", Kind::Hash(&[required("formula", Kind::Choice(&["count", "last", "sum"]))])),
    required("display_name", Kind::Text(250)),
    required("event_name", Kind::Text(100)),
    field(
        "customer_mapping",
        Kind::Hash(&[required("event_payload_key", Kind::Text(100)), required("type", Kind::Choice(&["by_id"]))]),
    ),
    field("event_time_window", Kind::Choice(&["day", "hour"])),
    field("value_settings", Kind::Hash(&[required("event_payload_key", Kind::Text(100))])),
];

pub(crate) const UPDATE: &[Field] = &[field("display_name", Kind::Text(250))];

pub(crate) const LIST: &[Field] = &[field("status", Kind::Choice(&["active", "inactive"]))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let name = call.params.text("event_name").unwrap_or_default();
    let mut holders = call.state.store.all_with(&METER, "event_name", name);
    if holders.any(|meter| text(meter, "status") == "active") {
        let message = format!("There is already an active meter with event_name {name}.");
        return Err(Failure::invalid(message).param("event_name"));
    }
    drop(holders);
    let meter = json!({
        "id": call.new_id(&METER), "object": "billing.meter",
        "created": call.now,
        "customer_mapping": call.params.or(
            "customer_mapping",
            json!({ "event_payload_key": "stripe_customer_id", "type": "by_id" }),
        ),
        "default_aggregation": call.params.value("default_aggregation"),
        "display_name": call.params.value("display_name"), "event_name": call.params.value("event_name"),
        "event_time_window": call.params.value("event_time_window"), "livemode": false, "status": "active",
        "status_transitions": { "deactivated_at": null }, "updated": call.now,
        "value_settings": call.params.or("value_settings", json!({ "event_payload_key": "value" })),
    });
    call.create(&METER, meter, "billing.meter.created")
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut meter = call.found(&METER)?;
    call.params.copy_to(&mut meter, &["display_name"]);
    meter.insert("updated".to_owned(), json!(call.now));
    call.update(&METER, meter, "billing.meter.updated")
}

pub(crate) fn deactivate(call: &mut Call<'_>) -> Result<Value, Failure> {
    set_status(call, "inactive", json!(call.now), "billing.meter.deactivated")
}

pub(crate) fn reactivate(call: &mut Call<'_>) -> Result<Value, Failure> {
    set_status(call, "active", Value::Null, "billing.meter.reactivated")
}

fn set_status(call: &mut Call<'_>, status: &str, deactivated_at: Value, event: &str) -> Result<Value, Failure> {
    let mut meter = call.found(&METER)?;
    if text(&meter, "status") == status {
        return Err(Failure::invalid(format!("This meter is already {status}.")));
    }
    meter.insert("status".to_owned(), json!(status));
    meter.insert("status_transitions".to_owned(), json!({ "deactivated_at": deactivated_at }));
    meter.insert("updated".to_owned(), json!(call.now));
    call.update(&METER, meter, event)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&METER).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.list(&METER, &[Filter::Equals("status")])
}
