//! `/health`, `/ready` and `/metrics`: for whoever keeps the server running.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::body::Json;
use crate::http::watch::warning;
use crate::http::{ApiError, App};

/// The process answers.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Health {
    /// Always true.
    success: bool,
    data: Alive,
}

/// That it answers, and which program it is.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Alive {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Of the program.
    version: &'static str,
}

/// The process can do its work.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Readiness {
    /// Always true.
    success: bool,
    data: ReadyState,
}

/// What the database holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ReadyState {
    /// SHA-256 of the catalog in this program.
    catalog_hash: &'static str,
    /// SHA-256 of the catalog whose rows the database holds; null where it was never synced.
    database_hash: Option<String>,
    /// Whether both are the same.
    synced: bool,
    /// What that means and what to do about it, where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
    /// Grows with every change of the rows.
    revision: i64,
}

/// Whether the process answers at all.
#[utoipa::path(get, path = "/health", tag = "operators", summary = "Whether the process answers",
    responses((status = 200, description = "It does", body = Health)))]
pub(in crate::http) async fn health() -> Json<Health> {
    Json(Health { success: true, data: Alive { status: "ok", version: env!("CARGO_PKG_VERSION") } })
}

/// Whether requests should be sent here: the database answers and has the tables.
#[utoipa::path(get, path = "/ready", tag = "operators", summary = "Whether requests should be sent here",
    responses((status = 200, description = "The database answers", body = Readiness),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Readiness>, ApiError> {
    let state = app.state().await?;
    let catalog_hash = app.artifacts.catalog_hash;
    let revision = state.as_ref().map_or(0, |state| state.revision);
    let synced = app.is_synced(state.as_ref());
    let database_hash = state.map(|state| state.catalog_hash);
    let warning = (!synced).then(|| warning(database_hash.as_deref()));
    Ok(Json(Readiness { success: true, data: ReadyState { catalog_hash, database_hash, synced, warning, revision } }))
}

/// Counters for Prometheus; where a token is set, for who knows it.
#[utoipa::path(get, path = "/metrics", tag = "operators", summary = "Counters for Prometheus",
    security((), ("metrics" = [])),
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"),
        (status = 401, description = "The token is missing or wrong", body = crate::http::error::Body)))]
pub(in crate::http) async fn metrics(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    if let Some(token) = &app.settings.metrics_token
        && !is_bearer(&headers, token)
    {
        let message = "A token is required: Authorization: Bearer …";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message));
    }
    let text = app.metrics.text().map_err(|_| ApiError::internal())?;
    let media_type = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media_type)], text).into_response())
}

fn is_bearer(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().as_bytes();
    // Every byte is looked at, so that the time tells nothing of how many are right.
    let different =
        given.iter().zip(token.as_bytes()).fold(given.len() ^ token.len(), |sum, (a, b)| sum | usize::from(a ^ b));
    different == 0
}
