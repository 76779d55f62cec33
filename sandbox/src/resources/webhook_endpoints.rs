//! Where events are sent. <https://docs.stripe.com/api/webhook_endpoints>

use serde_json::{Value, json};
use url::Url;

use super::Resource;
use crate::call::Call;
use crate::failure::Failure;
use crate::params::{Field, Kind, field, required};

pub(crate) static WEBHOOK_ENDPOINT: Resource =
    Resource { noun: "webhook endpoint", ..Resource::new("webhook_endpoint", ("we_1", 23)) };

const EVENTS: Kind = Kind::List(&Kind::Text(100));
const MOST: usize = 16;

pub(crate) const CREATE: &[Field] = &[
    required("enabled_events", EVENTS),
    required("url", Kind::Text(5000)),
    field("api_version", Kind::Text(40)),
    field("connect", Kind::Bool),
    field("description", Kind::Text(5000)).clearable(),
    field("metadata", Kind::Metadata).clearable(),
];

pub(crate) const UPDATE: &[Field] = &[
    field("description", Kind::Text(5000)).clearable(),
    field("disabled", Kind::Bool),
    field("enabled_events", EVENTS),
    field("metadata", Kind::Metadata).clearable(),
    field("url", Kind::Text(5000)),
];

/// The secret with which deliveries are signed is told here only.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    check_url(call)?;
    if call.state.store.shelf(&WEBHOOK_ENDPOINT).is_some_and(|shelf| shelf.newest_first().count() >= MOST) {
        return Err(Failure::invalid(format!("You have reached the maximum of {MOST} test webhook endpoints.")));
    }
    let id = call.new_id(&WEBHOOK_ENDPOINT);
    let endpoint = json!({
        "id": id, "object": "webhook_endpoint",
        "api_version": call.params.value("api_version"), "application": null, "created": call.now,
        "description": call.params.value("description"), "enabled_events": call.params.value("enabled_events"),
        "livemode": false, "metadata": call.new_metadata()?, "status": "enabled", "url": call.params.value("url"),
    });
    let mut answer = call.keep_quietly(&WEBHOOK_ENDPOINT, endpoint)?;
    let secret = call.state.ids.next("whsec_", 32);
    answer["secret"] = json!(secret);
    call.state.webhook_secrets.insert(id, secret);
    Ok(answer)
}

/// Whether events can be sent there.
pub(super) fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

fn check_url(call: &Call<'_>) -> Result<(), Failure> {
    let Some(text) = call.params.text("url") else { return Ok(()) };
    match is_address(text) {
        true => Ok(()),
        false => {
            Err(Failure::invalid("Invalid URL: URL must be publicly accessible.").code("url_invalid").param("url"))
        }
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut endpoint = call.found(&WEBHOOK_ENDPOINT)?;
    check_url(call)?;
    call.params.copy_to(&mut endpoint, &["description", "enabled_events", "url"]);
    if let Some(is_disabled) = call.params.bool("disabled") {
        endpoint.insert("status".to_owned(), json!(if is_disabled { "disabled" } else { "enabled" }));
    }
    call.merge_metadata(&mut endpoint)?;
    call.keep_quietly(&WEBHOOK_ENDPOINT, Value::Object(endpoint))
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&WEBHOOK_ENDPOINT).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.list(&WEBHOOK_ENDPOINT, &[])
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let endpoint = call.found(&WEBHOOK_ENDPOINT)?;
    call.state.deliveries.retain(|delivery| call.ids.first() != Some(&delivery.endpoint));
    call.delete_quietly(&WEBHOOK_ENDPOINT, &endpoint)
}
