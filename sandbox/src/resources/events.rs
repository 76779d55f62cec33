//! What has happened. <https://docs.stripe.com/api/events>

use serde_json::{Value, json};

use super::Resource;
use crate::call::{Call, as_object, text};
use crate::core::VERSION;
use crate::expand::render;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static EVENT: Resource = Resource::new("event", ("evt_1", 23));

pub(crate) const LIST: &[Field] = &[
    field("created", Kind::Range),
    field("delivery_success", Kind::Bool),
    field("type", Kind::Text(100)),
    field("types", Kind::List(&Kind::Text(100))),
];

/// Notes an event about an object, and what has changed in it.
pub(crate) fn record(call: &mut Call<'_>, kind: &str, object: Object, previous: Option<Object>) -> Result<(), Failure> {
    let shown = render(&call.state.store, Value::Object(object), &[])?;
    let mut data = json!({ "object": shown });
    if let Some(previous) = previous {
        data["previous_attributes"] = Value::Object(previous);
    }
    write(call, kind, &data);
    if call.state.unreliable.has_twin() {
        write(call, kind, &data);
    }
    Ok(())
}

fn write(call: &mut Call<'_>, kind: &str, data: &Value) {
    let id = call.new_id(&EVENT);
    let waiting = call.state.queue(&id, kind, call.now);
    let event = json!({
        "id": id,
        "object": "event",
        "api_version": VERSION,
        "created": call.now,
        "data": data,
        "livemode": false,
        "pending_webhooks": waiting,
        "request": { "id": call.request.0, "idempotency_key": call.request.1 },
        "type": kind,
    });
    call.state.store.put(&EVENT, as_object(event));
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&EVENT).map(Value::Object)
}

/// What there is as a thin event only is not among them.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = [Filter::Within("created"), Filter::Equals("type"), Filter::OneOf("types", "type")];
    call.list_where(&EVENT, |event| {
        !text(event, "type").starts_with("v2.") && filters.iter().all(|filter| filter.passes(call, event))
    })
}
