//! `POST /api/admin/stripe/events` and `…/pricing-plan-changes`: a back end tells that it has changed what is sold.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::audit::Actor;
use crate::clock;
use crate::http::api::admin::text;
use crate::http::auth::Caller;
use crate::http::body::{Json, Success};
use crate::http::{ApiError, App};
use crate::stripe::sync_queue::{Change, Event, EventError, event_of, tell};

/// A change of a product.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ProductEvent)]
pub(in crate::http) struct EventRequest {
    /// `product.created`, `product.updated`, `plan.price_changed` …
    #[serde(rename = "type")]
    event_type: String,
    /// The kind and the id: `plan/starter`.
    product_id: String,
    /// Each changed field, from and to.
    #[serde(default)]
    changes: Map<String, Value>,
}

/// What a field was, and is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldChange)]
pub(in crate::http) struct FieldChange {
    from: Value,
    to: Value,
}

/// A change of a pricing plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PricingPlanChange)]
pub(in crate::http) struct PricingPlanChange {
    /// The plan's id: `starter`.
    plan_id: String,
    /// Each changed field, from and to.
    changes: BTreeMap<String, FieldChange>,
    /// Who changed it, in the caller's own system.
    #[serde(default)]
    user_id: Option<String>,
}

/// It is remembered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProductEventTold)]
pub(in crate::http) struct Remembered {
    /// The row of the change log.
    id: String,
    /// Whether it starts a sync, or joins one that waits.
    triggered_sync: bool,
    /// That sync, below `/api/admin/stripe/sync-products/`.
    sync_id: Option<String>,
}

/// It is remembered.
#[derive(Serialize, ToSchema)]
#[schema(as = ProductEventAnswer)]
pub(in crate::http) struct RememberedAnswer {
    /// Always true.
    success: bool,
    data: Remembered,
}

type Answer = Result<(StatusCode, Json<Success<'static, Remembered>>), ApiError>;

/// Remembers an event, and starts a sync where that is wanted.
#[utoipa::path(post, path = "/api/admin/stripe/events", tag = "administrators", operation_id = "tell_product_event",
    summary = "Tells that a product was changed",
    description = "Every event is kept in the change log. Those of stripe_trigger_events start a sync, which waits for others. What it writes is the catalog, whatever is told.",
    security(("token" = [])), request_body = EventRequest,
    responses((status = 202, description = "It is remembered", body = RememberedAnswer),
        (status = 400, description = "No JSON", body = crate::http::error::Body),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 413, description = "Too large", body = crate::http::error::Body),
        (status = 415, description = "Another media type", body = crate::http::error::Body),
        (status = 422, description = "No event, or no product of the catalog", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn event(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Json(request): Json<EventRequest>,
) -> Answer {
    let EventRequest { event_type, product_id, changes } = request;
    remember(&app, &event_type, &product_id, &Value::Object(changes), &caller.actor).await
}

/// The counterpart of `on_pricing_plan_change`.
#[utoipa::path(post, path = "/api/admin/stripe/pricing-plan-changes", tag = "administrators", operation_id = "tell_pricing_plan_change",
    summary = "Tells that a pricing plan was changed",
    description = "As an event: plan.price_changed where a price or amount is among the changes, plan.features_changed, or plan.updated.",
    security(("token" = [])), request_body = PricingPlanChange,
    responses((status = 202, description = "It is remembered", body = RememberedAnswer),
        (status = 400, description = "No JSON", body = crate::http::error::Body),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 413, description = "Too large", body = crate::http::error::Body),
        (status = 415, description = "Another media type", body = crate::http::error::Body),
        (status = 422, description = "No change, or no plan of the catalog", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn pricing_plan_change(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Json(request): Json<PricingPlanChange>,
) -> Answer {
    let PricingPlanChange { plan_id, changes, user_id } = request;
    let changes: BTreeMap<_, _> =
        changes.into_iter().map(|(field, FieldChange { from, to })| (field, Change { from, to })).collect();
    let value = serde_json::to_value(&changes).map_err(|cause| ApiError::internal().because(cause.to_string()))?;
    let actor = match user_id {
        // Whose word that is stays to be seen.
        Some(user) => caller.actor.clone().on_behalf_of(text("userId", &user)?),
        None => caller.actor,
    };
    remember(&app, &event_of("plan", &changes), &format!("plan/{plan_id}"), &value, &actor).await
}

async fn remember(app: &App, event_type: &str, product: &str, changes: &Value, actor: &Actor) -> Answer {
    let event = Event { event_type, product: text("productId", product)?, changes, actor };
    event.check(app.artifacts)?;
    // No database takes this character in JSON.
    if changes.to_string().contains("\\u0000") {
        return Err(ApiError::invalid("changes: there is a character NUL in it"));
    }
    let mut session = app.writes.session().await?;
    let told = tell(&mut session, app.artifacts, &app.settings, &event, clock::now()).await;
    let told = told.map_err(|cause| app.writes.failed("write", cause))?;
    let remembered = Remembered { id: told.id, triggered_sync: told.job.is_some(), sync_id: told.job };
    Ok((StatusCode::ACCEPTED, Json(Success("data", remembered))))
}

impl From<EventError> for ApiError {
    fn from(error: EventError) -> Self {
        Self::invalid(error.to_string())
    }
}
