//! Where events are sent, thin or whole. <https://docs.stripe.com/api/v2/core/event-destinations>

use serde_json::{Value, json};

use super::Resource;
use super::core_events::moment;
use super::webhook_endpoints::is_address;
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static EVENT_DESTINATION: Resource =
    Resource { noun: "event destination", ..Resource::new("v2.core.event_destination", ("ed_test_", 48)) };

/// The type of an event that only tries a destination out.
pub(super) const PING: &str = "v2.core.event_destination.ping";

const EVENTS: Kind = Kind::List(&Kind::Text(200));
const URL: Field = field("webhook_endpoint", Kind::Hash(&[required("url", Kind::Text(5000))]));

pub(crate) const INCLUDE: &[Field] = &[field("include", Kind::List(&Kind::Text(100)))];

pub(crate) const CREATE: &[Field] = &[
    required("enabled_events", EVENTS),
    required("event_payload", Kind::Choice(&["snapshot", "thin"])),
    required("name", Kind::Text(500)),
    required("type", Kind::Choice(&["webhook_endpoint"])),
    field("description", Kind::Text(5000)),
    field("events_from", Kind::List(&Kind::Text(40))),
    INCLUDE[0],
    field("metadata", Kind::Metadata),
    field("snapshot_api_version", Kind::Text(40)),
    URL,
];

pub(crate) const UPDATE: &[Field] = &[
    field("description", Kind::Text(5000)),
    field("enabled_events", EVENTS),
    INCLUDE[0],
    field("metadata", Kind::Metadata),
    field("name", Kind::Text(500)),
    URL,
];

pub(crate) const LIST: &[Field] = &[INCLUDE[0], field("limit", Kind::Integer(1, 100)), field("page", Kind::Text(200))];

const SECRET: &str = "webhook_endpoint.signing_secret";

/// The secret is told here only, and only where it is asked for.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let id = call.new_id(&EVENT_DESTINATION);
    let now = moment(call.now);
    let mut destination = as_object(json!({
        "id": id, "object": "v2.core.event_destination",
        "created": now, "description": params.or("description", ""), "enabled_events": params.value("enabled_events"),
        "event_payload": params.value("event_payload"), "events_from": params.or("events_from", json!(["self"])),
        "livemode": false, "metadata": call.new_metadata()?, "name": params.value("name"), "status": "enabled",
        "status_details": null, "type": "webhook_endpoint", "updated": now, "webhook_endpoint": { "url": "" },
    }));
    if params.text("event_payload") == Some("snapshot") {
        set(&mut destination, "snapshot_api_version", params.or("snapshot_api_version", crate::core::VERSION));
    }
    if !params.has("webhook_endpoint") {
        return Err(Failure::missing("webhook_endpoint"));
    }
    write_url(call, &mut destination)?;
    call.keep_quietly(&EVENT_DESTINATION, Value::Object(destination.clone()))?;
    let secret = call.state.ids.next("whsec_", 32);
    let mut answer = shown(call, destination);
    if params.texts("include").contains(&SECRET) {
        answer["webhook_endpoint"]["signing_secret"] = json!(secret);
    }
    call.state.webhook_secrets.insert(id, secret);
    Ok(answer)
}

fn write_url(call: &Call<'_>, destination: &mut Object) -> Result<(), Failure> {
    let Some(endpoint) = call.params.hash("webhook_endpoint") else { return Ok(()) };
    if !is_address(endpoint.text("url").unwrap_or_default()) {
        let message = "Invalid URL: URL must be publicly accessible.";
        return Err(Failure::invalid(message).code("url_invalid").param("webhook_endpoint[url]"));
    }
    destination["webhook_endpoint"]["url"] = endpoint.value("url");
    Ok(())
}

/// Its address is shown on request only.
fn shown(call: &Call<'_>, mut destination: Object) -> Value {
    let is_url_asked = call.params.texts("include").contains(&"webhook_endpoint.url");
    if !is_url_asked {
        set(&mut destination, "webhook_endpoint", json!({}));
    }
    Value::Object(destination)
}

fn keep(call: &mut Call<'_>, mut destination: Object) -> Result<Value, Failure> {
    set(&mut destination, "updated", moment(call.now));
    call.keep_quietly(&EVENT_DESTINATION, Value::Object(destination.clone()))?;
    Ok(shown(call, destination))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut destination = call.found(&EVENT_DESTINATION)?;
    call.params.copy_to(&mut destination, &["description", "enabled_events", "name"]);
    write_url(call, &mut destination)?;
    call.merge_metadata(&mut destination)?;
    keep(call, destination)
}

pub(crate) fn enable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut destination = call.found(&EVENT_DESTINATION)?;
    set(&mut destination, "status", "enabled");
    set(&mut destination, "status_details", Value::Null);
    keep(call, destination)
}

pub(crate) fn disable(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut destination = call.found(&EVENT_DESTINATION)?;
    set(&mut destination, "status", "disabled");
    set(&mut destination, "status_details", json!({ "disabled": { "reason": "user" } }));
    keep(call, destination)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let destination = call.found(&EVENT_DESTINATION)?;
    Ok(shown(call, destination))
}

/// All of them: nobody has more than a page.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let shelf = call.state.store.shelf(&EVENT_DESTINATION);
    let all = shelf.into_iter().flat_map(|shelf| shelf.newest_first()).map(|(_, found)| shown(call, found.clone()));
    Ok(json!({ "data": all.collect::<Vec<_>>(), "next_page_url": null, "previous_page_url": null }))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let destination = call.found(&EVENT_DESTINATION)?;
    let id = text(&destination, "id");
    call.state.deliveries.retain(|delivery| delivery.endpoint != id);
    call.delete_quietly(&EVENT_DESTINATION, &destination)?;
    Ok(json!({ "id": id, "object": "v2.core.event_destination" }))
}
