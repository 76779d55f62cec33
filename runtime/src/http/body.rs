//! JSON in and out, with our own errors.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::error::Category;
use tokio::time::Instant;

use super::ApiError;

/// How long a caller may take to send the body; the layers put it into each request.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyTimeout(pub(super) Duration);

/// When the caller must have an answer, a little before the request is given up; the layers put it into each request.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerBy(pub(super) Instant);

/// A JSON body, which is an object where it is read.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
            let message = "The body must be JSON, with the content type application/json";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
        }
        let limit = request.extensions().get::<BodyTimeout>().map_or(Duration::MAX, |limit| limit.0);
        let read = tokio::time::timeout(limit, Bytes::from_request(request, state));
        let bytes = read.await.map_err(|_| too_slow())?.map_err(|rejection| unread(&rejection))?;
        object(&bytes).map(Self)
    }
}

/// Reads an object. Serde would also take the fields of a struct from a list, by their order.
fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let unread = |error: serde_json::Error| match error.classify() {
        Category::Data => ApiError::invalid(error.to_string()),
        Category::Io | Category::Syntax | Category::Eof => ApiError::malformed(format!("The body is no JSON: {error}")),
    };
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        return serde_json::from_slice(bytes).map_err(unread);
    }
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(unread)?;
    Err(ApiError::invalid("The body must be a JSON object: {\"name\": value, …}"))
}

fn too_slow() -> ApiError {
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "The body took too long to arrive")
}

fn unread(rejection: &BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large")
        }
        _ => ApiError::malformed("The body cannot be read"),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => json_bytes(bytes.into()),
            Err(cause) => ApiError::internal().because(cause.to_string()).into_response(),
        }
    }
}

/// `{ "success": true, "<name>": <value> }`, in this order.
pub(super) struct Success<'a, T>(pub(super) &'a str, pub(super) T);

impl<T: Serialize> Serialize for Success<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("success", &true)?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

/// The media type of every answer to a program.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer that is JSON already.
pub(super) fn json_bytes(bytes: Bytes) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}
