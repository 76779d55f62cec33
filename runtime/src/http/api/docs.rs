//! `/openapi.json`, and the page to read it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::http::{ApiError, App, body, openapi};

/// The description of this API, OpenAPI 3.1.
pub(in crate::http) async fn description(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let text = openapi::openapi(app.artifacts).to_json().map_err(|_| ApiError::internal())?;
    Ok(body::json_bytes(text.into()))
}

/// The same for people.
pub(in crate::http) async fn page(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    openapi::page(app.artifacts).map_err(|_| ApiError::internal())
}

/// How the page looks.
pub(in crate::http) async fn style() -> Response {
    openapi::style()
}
