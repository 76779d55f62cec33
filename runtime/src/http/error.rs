//! The one shape of every error: `{ success: false, error: { code, message, details? } }`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::services::payment::Refusal;

/// The longest message: some repeat what the caller sent.
const LONGEST_MESSAGE: usize = 300;

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// For programs; it stays the same.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// What programs may want to know besides.
    pub details: Option<Value>,
    /// Seconds after which it is worth trying again.
    pub retry_after_secs: Option<u64>,
    /// For the log, never for the caller.
    pub cause: Option<String>,
    /// Whether the server was started without what was asked for, so that nothing has failed.
    pub is_not_set_up: bool,
}

/// Why an answer failed, on its way to the log.
#[derive(Clone, Debug)]
pub(super) struct Cause(pub(super) String);

/// That what was asked for is not set up at this server, on its way to the log: nothing has failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct NotSetUp;

/// Every error.
#[derive(Serialize, ToSchema)]
#[schema(as = APIError)]
pub(super) struct Body<'a> {
    /// Always false.
    success: bool,
    error: Content<'a>,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorContent)]
struct Content<'a> {
    /// For programs; it stays the same.
    #[schema(example = "minimum_deposit_required")]
    code: &'a str,
    /// For people.
    #[schema(example = "Minimum deposit required")]
    message: &'a str,
    /// What programs may want to know besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a Value>,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self { status, code, message, details: None, retry_after_secs: None, cause: None, is_not_set_up: false }
    }

    /// The request is no JSON.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", message)
    }

    /// The request is JSON and says something that cannot be.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message)
    }

    pub(super) fn too_many(retry_after_secs: u64) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", "Too many requests");
        Self { retry_after_secs: Some(retry_after_secs), ..error }
    }

    /// The database did not answer. The cause is for the log, not for the caller.
    pub(super) fn database(cause: &dyn std::error::Error) -> Self {
        let message = "The database does not answer; try again";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable", message);
        Self { retry_after_secs: Some(1), ..error.because(cause.to_string()) }
    }

    /// With what the log is to say.
    pub(super) fn because(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    /// Something that must not happen did.
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong on our side")
    }

    /// Something that this server was started without.
    pub(super) fn not_set_up(code: &'static str, message: &'static str) -> Self {
        Self { is_not_set_up: true, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message) }
    }

    /// The body of the answer.
    pub(super) fn body(&self) -> Vec<u8> {
        let content = Content { code: self.code, message: &self.message, details: self.details.as_ref() };
        serde_json::to_vec(&Body { success: false, error: content }).unwrap_or_default()
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(cause: sqlx::Error) -> Self {
        Self::database(&cause)
    }
}

impl From<crate::db::Error> for ApiError {
    fn from(cause: crate::db::Error) -> Self {
        Self::database(&cause)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Unknown { .. } | Refusal::Inactive { .. } | Refusal::ComingSoon { .. } => StatusCode::NOT_FOUND,
            Refusal::OutOfSync { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { details: refusal.details(), ..Self::new(status, refusal.code(), refusal.to_string()) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let mut response = (self.status, json, self.body()).into_response();
        if let Some(secs) = self.retry_after_secs {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if let Some(challenge) = challenge(self.code) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if self.is_not_set_up {
            response.extensions_mut().insert(NotSetUp);
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}

/// How to sign in, for the answers that RFC 6750 has it in; the codes are its own.
fn challenge(code: &str) -> Option<HeaderValue> {
    Some(HeaderValue::from_static(match code {
        "unauthorized" => r#"Bearer realm="pricebook""#,
        "invalid_token" => r#"Bearer realm="pricebook", error="invalid_token""#,
        "insufficient_scope" => r#"Bearer realm="pricebook", error="insufficient_scope""#,
        _ => return None,
    }))
}

/// No route has this path.
pub(super) async fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address")
}

/// The route is not called in this way.
pub(super) async fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address is not called with this method")
}
