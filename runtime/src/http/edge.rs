//! What happens to every request and answer: a request id, limits, a time limit, headers, a count, and a line in the log.
//!
//! It is one service and not a stack of layers, each of which would box its future and copy what is behind it.

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{self, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use tower::{Layer, Service};
use tracing::Instrument;

use super::body::{AnswerBy, BodyTimeout};
use super::error::{Cause, NotSetUp};
use super::front::AnswerBody;
use super::limits::Counted;
use super::metrics::{Answered, Route};
use super::request_id::{REQUEST_ID, RequestId, request_id};
use super::router::ADMIN;
use super::{ApiError, App};
use crate::config::Settings;
use crate::stripe::BoxFuture;

/// Headers of every answer that does not say otherwise.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
/// Those, and what routes and origins add: the table of headers is made once, large enough.
const MOST_HEADERS: usize = 12;

/// What one route needs for it.
#[derive(Clone)]
pub(super) struct Edge(Arc<OfRoute>);

struct OfRoute {
    app: Arc<App>,
    route: Arc<String>,
    duration: Histogram,
    /// Answers with 200, by far the most.
    ok: Counter,
    counted: Option<Counted>,
    is_public: bool,
    /// Whether who reads is told to the audit log, too.
    is_of_admins: bool,
}

impl Edge {
    pub(super) fn new(app: &Arc<App>, route: &str, counted: Option<Counted>) -> Self {
        let is_of_admins = route.starts_with(ADMIN);
        let route = Arc::new(route.to_owned());
        let duration = app.metrics.durations.get_or_create(&Route { route: Arc::clone(&route) }).clone();
        let ok = app.metrics.requests.get_or_create(&Answered { route: Arc::clone(&route), status: 200 }).clone();
        let is_public = app.settings.environment != Settings::DEVELOPMENT;
        Self(Arc::new(OfRoute { app: Arc::clone(app), route, duration, ok, counted, is_public, is_of_admins }))
    }
}

impl<S> Layer<S> for Edge {
    type Service = Edged<S>;

    fn layer(&self, inner: S) -> Edged<S> {
        Edged { of_route: Arc::clone(&self.0), inner }
    }
}

/// A route behind its edge.
#[derive(Clone)]
pub(super) struct Edged<S> {
    of_route: Arc<OfRoute>,
    inner: S,
}

impl<S> Service<Request> for Edged<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let of_route = Arc::clone(&self.of_route);
        let request_id = request_id(request.headers());
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let is_safe = method.is_safe();
        let admitted = of_route.admit(&mut request, &request_id);
        let answer = admitted.map(|()| AssertUnwindSafe(self.inner.call(request)).catch_unwind());
        Box::pin(async move {
            let limit = of_route.app.settings.request_timeout;
            let waited = async {
                match answer {
                    Ok(answer) => {
                        tokio::time::timeout(limit, answer).await.map_or_else(|_| timed_out(is_safe), answered)
                    }
                    Err(refused) => refused.into_response(),
                }
            };
            let mut response = match is_safe {
                // What is only read tells nothing on its way, and is asked for most.
                true => waited.await,
                false => {
                    let id = request_id.to_str().unwrap_or_default();
                    waited.instrument(tracing::info_span!("request", id)).await
                }
            };
            of_route.tell(&method, &path, &request_id, &mut response, started.elapsed());
            of_route.finish(request_id, &mut response);
            Ok(response)
        })
    }
}

impl Edge {
    /// The answer of a route that waits for nothing, with all that [`Edged`] does for the others; `answer` is made for a caller who may ask.
    pub(super) fn at_once<B>(
        &self,
        request: &http::Request<B>,
        answer: impl FnOnce() -> http::Response<AnswerBody>,
    ) -> http::Response<AnswerBody> {
        let (started, of_route) = (Instant::now(), &*self.0);
        let (headers, request_id) = (request.headers(), request_id(request.headers()));
        let admitted = of_route.counted.map_or(Ok(()), |counted| of_route.app.limits.count(counted, headers));
        let mut response =
            admitted.map_or_else(|refused| refused.into_response().map(AnswerBody::Right), |()| answer());
        of_route.tell(request.method(), request.uri().path(), &request_id, &mut response, started.elapsed());
        of_route.finish(request_id, &mut response);
        response
    }
}

impl OfRoute {
    /// Counts the caller, and says how long the body may take and which request this is.
    fn admit(&self, request: &mut Request, id: &HeaderValue) -> Result<(), ApiError> {
        if let Some(counted) = self.counted {
            self.app.limits.count(counted, request.headers())?;
        }
        if self.is_of_admins || !request.method().is_safe() {
            request.extensions_mut().insert(RequestId(id.clone()));
            // Most of the time is the caller's, so that it is he who is told.
            let limit = self.app.settings.request_timeout;
            request.extensions_mut().insert(BodyTimeout(limit * 3 / 4));
            request.extensions_mut().insert(AnswerBy(tokio::time::Instant::now() + limit * 9 / 10));
        }
        Ok(())
    }

    fn finish<B>(&self, request_id: HeaderValue, response: &mut http::Response<B>) {
        let headers = response.headers_mut();
        headers.reserve(MOST_HEADERS.saturating_sub(headers.len()));
        for (name, value) in HEADERS {
            headers.entry(name).or_insert(value);
        }
        if self.is_public {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
        headers.insert(REQUEST_ID, request_id);
    }

    /// Counts the answer. What was only read is not told one by one.
    fn tell<B>(&self, method: &Method, path: &str, id: &HeaderValue, response: &mut http::Response<B>, took: Duration) {
        self.duration.observe(took.as_secs_f64());
        let status = response.status().as_u16();
        match status {
            200 => self.ok.inc(),
            _ => {
                let answered = Answered { route: Arc::clone(&self.route), status };
                self.app.metrics.requests.get_or_create(&answered).inc()
            }
        };
        let id = id.to_str().unwrap_or_default();
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let cause = response.extensions_mut().remove::<Cause>().map(|Cause(text)| text).unwrap_or_default();
        let is_not_set_up = response.extensions_mut().remove::<NotSetUp>().is_some();
        match status {
            500.. if is_not_set_up => tracing::warn!(id, %method, path, status, took_us, "not set up"),
            500.. => tracing::error!(id, %method, path, status, took_us, cause, "failed"),
            400.. => tracing::info!(id, %method, path, status, took_us, "refused"),
            _ if method.is_safe() => tracing::debug!(id, %method, path, status, took_us, "answered"),
            _ => tracing::info!(id, %method, path, status, took_us, "answered"),
        }
    }
}

fn timed_out(is_safe: bool) -> Response {
    let message = match is_safe {
        true => "The answer took too long; try again",
        false => {
            "The answer took too long, and what was asked for may have been done; try again with the same idempotency key"
        }
    };
    ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message).into_response()
}

fn answered(answer: Result<Result<Response, Infallible>, Box<dyn Any + Send>>) -> Response {
    match answer {
        Ok(Ok(response)) => response,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
            ApiError::internal().because(format!("a panic: {text}")).into_response()
        }
    }
}
