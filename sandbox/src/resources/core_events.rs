//! Thin events: that something has happened, and where to look it up. <https://docs.stripe.com/api/v2/core/events>

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::event_destinations;
use super::events::EVENT;
use crate::call::{Call, number, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field};
use crate::store::Object;

pub(crate) const LIST: &[Field] = &[
    field(
        "created",
        Kind::Hash(&[field("gt", MOMENT), field("gte", MOMENT), field("lt", MOMENT), field("lte", MOMENT)]),
    ),
    field("limit", Kind::Integer(1, 100)),
    field("object_id", Kind::Text(200)),
    field("page", Kind::Text(200)),
    field("types", Kind::List(&Kind::Text(200))),
];

const MOMENT: Kind = Kind::Text(40);
const USUAL_LIMIT: i64 = 20;
/// How ids begin; the rest is that of the event with the whole object.
const PREFIX: &str = "evt_test_";
const SNAPSHOT_PREFIX: &str = "evt_1";

/// Where objects of a kind are looked up, if they can be.
const PLACES: &[(&str, &str)] = &[
    ("charge", "/v1/charges"),
    ("checkout.session", "/v1/checkout/sessions"),
    ("coupon", "/v1/coupons"),
    ("credit_note", "/v1/credit_notes"),
    ("customer", "/v1/customers"),
    ("dispute", "/v1/disputes"),
    ("entitlements.feature", "/v1/entitlements/features"),
    ("billing.meter", "/v1/billing/meters"),
    ("invoice", "/v1/invoices"),
    ("invoice_payment", "/v1/invoice_payments"),
    ("invoiceitem", "/v1/invoiceitems"),
    ("payment_intent", "/v1/payment_intents"),
    ("payment_method", "/v1/payment_methods"),
    ("price", "/v1/prices"),
    ("product", "/v1/products"),
    ("promotion_code", "/v1/promotion_codes"),
    ("refund", "/v1/refunds"),
    ("setup_intent", "/v1/setup_intents"),
    ("subscription", "/v1/subscriptions"),
    ("subscription_schedule", "/v1/subscription_schedules"),
    ("v2.core.event_destination", "/v2/core/event_destinations"),
];

/// The type of the thin event beside an event.
pub(crate) fn thin_type(kind: &str) -> String {
    if kind.starts_with("v2.") { kind.to_owned() } else { format!("v1.{kind}") }
}

/// The thin event beside an event. Everything in it stands in the other one.
pub(crate) fn thin(event: &Object) -> Value {
    let id = text(event, "id");
    let object = &event["data"]["object"];
    let mut thin = json!({
        "id": id.replacen(SNAPSHOT_PREFIX, PREFIX, 1), "object": "v2.core.event",
        "created": moment(number(event, "created")), "livemode": false, "type": thin_type(text(event, "type")),
    });
    if !text(event, "type").starts_with("v2.") {
        thin["snapshot_event"] = json!(id);
    }
    let kind = object["object"].as_str().unwrap_or_default();
    let place = PLACES.iter().find(|(known, _)| *known == kind).map(|(_, place)| place);
    if let (Some(place), Some(id)) = (place, object["id"].as_str()) {
        thin["related_object"] = json!({ "id": id, "type": kind, "url": format!("{place}/{id}") });
    }
    if let Some(request) = event["request"]["id"].as_str() {
        let key = event["request"]["idempotency_key"].as_str().unwrap_or_default();
        thin["reason"] = json!({ "request": { "id": request, "idempotency_key": key }, "type": "request" });
    }
    thin
}

/// `2027-01-15T08:00:00.000Z`
pub(super) fn moment(at: i64) -> String {
    DateTime::from_timestamp(at, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.ids.first().cloned().unwrap_or_default();
    let event = call.state.store.get(&EVENT, &id.replacen(PREFIX, SNAPSHOT_PREFIX, 1));
    event.filter(|_| id.starts_with(PREFIX)).map(thin).ok_or_else(|| Failure::not_found("event", &id))
}

/// A page of thin events, the newest first.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let created = params.hash("created").unwrap_or_default();
    let bounds = ["gt", "gte", "lt", "lte"].map(|name| bound(&created, name));
    let [gt, gte, lt, lte] = bounds;
    let (gt, gte, lt, lte) = (gt?, gte?, lt?, lte?);
    let shelf = call.state.store.shelf(&EVENT);
    let from = params.text("page").map(|page| {
        let position = shelf.and_then(|shelf| shelf.position(&page.replacen(PREFIX, SNAPSHOT_PREFIX, 1)));
        position.ok_or_else(|| Failure::no_such("page", page, "page"))
    });
    let from = from.transpose()?;
    let limit = usize::try_from(params.integer("limit").unwrap_or(USUAL_LIMIT)).unwrap_or(1);
    let is_meant = |event: &Object| {
        let at = number(event, "created");
        let types = params.texts("types");
        (types.is_empty() || types.contains(&thin_type(text(event, "type")).as_str()))
            && params.text("object_id").is_none_or(|id| event["data"]["object"]["id"] == id)
            && gt.is_none_or(|bound| at > bound)
            && gte.is_none_or(|bound| at >= bound)
            && lt.is_none_or(|bound| at < bound)
            && lte.is_none_or(|bound| at <= bound)
    };
    let events = shelf.into_iter().flat_map(|shelf| shelf.newest_first());
    let found = events.filter(|(position, event)| from.is_none_or(|from| *position < from) && is_meant(event));
    let mut page: Vec<Value> = found.map(|(_, event)| thin(event)).take(limit + 1).collect();
    let has_more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| has_more).map(|last| next_page(&params, last["id"].as_str().unwrap_or_default()));
    Ok(json!({ "data": page, "next_page_url": next, "previous_page_url": null }))
}

fn bound(created: &Params, name: &str) -> Result<Option<i64>, Failure> {
    let Some(text) = created.text(name) else { return Ok(None) };
    match DateTime::parse_from_rfc3339(text) {
        Ok(at) => Ok(Some(at.timestamp())),
        Err(_) => Err(Failure::invalid(format!("Invalid timestamp: {text}")).param(format!("created[{name}]"))),
    }
}

/// The address of the page after an event, with what was asked for.
fn next_page(params: &Params, last: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("page", last);
    if let Some(limit) = params.integer("limit") {
        query.append_pair("limit", &limit.to_string());
    }
    if let Some(id) = params.text("object_id") {
        query.append_pair("object_id", id);
    }
    for (index, kind) in params.texts("types").into_iter().enumerate() {
        query.append_pair(&format!("types[{index}]"), kind);
    }
    let created = params.hash("created").unwrap_or_default();
    for (name, bound) in created.entries() {
        query.append_pair(&format!("created[{name}]"), bound.as_str().unwrap_or_default());
    }
    format!("/v2/core/events?{}", query.finish())
}

/// Sends a first event to a destination, to try it out.
pub(crate) fn ping(call: &mut Call<'_>) -> Result<Value, Failure> {
    let destination = call.found(&event_destinations::EVENT_DESTINATION)?;
    let id = text(&destination, "id").to_owned();
    super::events::record(call, event_destinations::PING, destination, None)?;
    let shelf = call.state.store.shelf(&EVENT);
    let newest =
        shelf.and_then(|shelf| shelf.newest_first().next()).map(|(_, event)| event.clone()).unwrap_or_default();
    let is_queued = call.state.deliveries.iter().any(|queued| newest["id"] == queued.event && queued.endpoint == id);
    if !is_queued {
        call.state.queue_for(text(&newest, "id"), &id, call.now);
    }
    Ok(thin(&newest))
}
