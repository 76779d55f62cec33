//! What a form sends: `application/x-www-form-urlencoded`, from a page of our own.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use url::form_urlencoded;

use crate::http::ApiError;
use crate::http::body::BodyTimeout;
use crate::http::browser::is_from_us;

/// The fields of a form.
pub(in crate::http) struct Form(Vec<(String, String)>);

impl Form {
    /// A field's text; empty where it was not sent.
    pub(super) fn field(&mut self, name: &str) -> String {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        found.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_from_us(request.headers()) {
            let message = "This was not sent by a page of this server. Go to the page, and send it from there";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "cross_site", message));
        }
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            let message = "The body must be that of a form: application/x-www-form-urlencoded";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
        }
        let limit = request.extensions().get::<BodyTimeout>().map_or(Duration::MAX, |limit| limit.0);
        let read = tokio::time::timeout(limit, Bytes::from_request(request, state)).await;
        let bytes = match read {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(rejection)) => {
                return Err(ApiError::new(rejection.status(), "malformed_request", "The form cannot be read"));
            }
            Err(_) => {
                let message = "The form took too long to arrive";
                return Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message));
            }
        };
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}
