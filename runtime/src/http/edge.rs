//! What happens to every request and answer: a request id, limits, a time limit, headers, a count, and a line in the log.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use prometheus_client::metrics::histogram::Histogram;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use super::body::BodyTimeout;
use super::limits::{Caller, Counted};
use super::metrics::{Answered, Route};
use super::{ApiError, App};
use crate::config::Settings;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer that does not say otherwise.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::CACHE_CONTROL, "no-store"),
];
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// What one route needs for it.
#[derive(Clone)]
pub(super) struct Edge {
    app: Arc<App>,
    route: Arc<String>,
    duration: Histogram,
    counted: Option<Counted>,
    is_public: bool,
}

impl Edge {
    pub(super) fn new(app: &Arc<App>, route: &str, counted: Option<Counted>) -> Self {
        let route = Arc::new(route.to_owned());
        let duration = app.metrics.durations.get_or_create(&Route { route: Arc::clone(&route) }).clone();
        let is_public = app.settings.environment != Settings::DEVELOPMENT;
        Self { app: Arc::clone(app), route, duration, counted, is_public }
    }

    pub(super) fn before(self, calls: MethodRouter<Arc<App>>) -> MethodRouter<Arc<App>> {
        calls.layer(CatchPanicLayer::custom(panicked)).layer(from_fn_with_state(self, edge))
    }

    fn finish(&self, request_id: HeaderValue, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        if self.is_public {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
        headers.insert(REQUEST_ID.clone(), request_id);
    }
}

async fn edge(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", id = request_id.to_str().unwrap_or_default());
    let app = &edge.app;
    let mut response = async {
        let caller = app.limits.caller(&request);
        if let Some(Err(refused)) = edge.counted.map(|counted| app.limits.count(counted, caller)) {
            return refused.into_response();
        }
        request.extensions_mut().insert(Caller(caller));
        // Most of the time is the caller's, so that it is he who is told.
        request.extensions_mut().insert(BodyTimeout(app.settings.request_timeout * 3 / 4));
        let answer = tokio::time::timeout(app.settings.request_timeout, next.run(request)).await;
        answer.unwrap_or_else(|_| timed_out().into_response())
    }
    .instrument(span.clone())
    .await;
    edge.finish(request_id, &mut response);
    let (status, took) = (response.status(), started.elapsed());
    edge.duration.observe(took.as_secs_f64());
    let answered = Answered { route: Arc::clone(&edge.route), status: status.as_u16() };
    app.metrics.requests.get_or_create(&answered).inc();
    let (status, took_us) = (status.as_u16(), u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    // What was only read is counted, and not told one by one.
    span.in_scope(|| match status {
        500.. => tracing::error!(%method, path, status, took_us, "failed"),
        400.. => tracing::info!(%method, path, status, took_us, "refused"),
        _ if method.is_safe() => tracing::debug!(%method, path, status, took_us, "answered"),
        _ => tracing::info!(%method, path, status, took_us, "answered"),
    });
    response
}

/// The caller's id for the request, if it looks like one, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_id = |value: &&HeaderValue| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        (1..=64).contains(&value.len()) && value.as_bytes().iter().all(plain)
    };
    let given = headers.get(&REQUEST_ID).filter(is_id).cloned();
    given.or_else(|| HeaderValue::try_from(Uuid::now_v7().to_string()).ok()).unwrap_or(HeaderValue::from_static("-"))
}

fn timed_out() -> ApiError {
    ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", "The answer took too long; try again")
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or_default(), "a request panicked");
    ApiError::internal().into_response()
}
