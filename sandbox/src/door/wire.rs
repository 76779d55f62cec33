//! HTTP requests as the core takes them, and its answers as HTTP.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Request as HttpRequest, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Sandbox;
use crate::request::{Answer, Request};

const MOST_BYTES: usize = 1024 * 1024;

/// Any request.
pub(super) async fn answer(State(sandbox): State<Arc<Sandbox>>, http: HttpRequest<Body>) -> Response<Body> {
    match read(http).await {
        Ok(request) => write(&sandbox.answer(&request)),
        Err(status) => plain(status, "the request cannot be read"),
    }
}

async fn read(http: HttpRequest<Body>) -> Result<Request, u16> {
    let (parts, body) = http.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.map_err(|_| 413_u16)?;
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8(body.to_vec()).map_err(|_| 400_u16)?,
        key: key(&parts.headers),
        idempotency_key: header("idempotency-key"),
        version: header("stripe-version"),
    })
}

/// The key of `Bearer`, or the user of `Basic`.
fn key(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    match scheme.to_lowercase().as_str() {
        "bearer" => Some(rest.trim().to_owned()),
        "basic" => {
            let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            Some(pair.split(':').next().unwrap_or_default().to_owned())
        }
        _ => None,
    }
}

fn write(answer: &Answer) -> Response<Body> {
    let mut response = Response::builder().status(answer.status).header(CONTENT_TYPE, "application/json");
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let body = serde_json::to_string_pretty(&answer.body).unwrap_or_default();
    response.body(Body::from(body)).unwrap_or_else(|_| plain(400, "a header cannot be repeated"))
}

fn plain(status: u16, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    response
}
