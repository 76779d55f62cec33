//! Pages of which origins may call the API.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::Settings;

const MAX_AGE: Duration = Duration::from_secs(3600);
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const EXPOSED: [HeaderName; 4] = [header::ETAG, header::RETRY_AFTER, IDEMPOTENT_REPLAYED, REQUEST_ID];

/// What [`layer`] adds to the answer to a request that names no origin.
pub(super) fn without_origin() -> [(HeaderName, HeaderValue); 2] {
    let exposed = EXPOSED.each_ref().map(HeaderName::as_str).join(",");
    let exposed = HeaderValue::try_from(exposed).expect("names of headers make a value");
    [(header::VARY, HeaderValue::from_static("origin")), (header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed)]
}

/// The origins of the settings; in development every one on this machine besides.
pub(super) fn layer(settings: &Settings) -> CorsLayer {
    let listed = settings.cors_origins.clone();
    let is_development = settings.environment == Settings::DEVELOPMENT;
    let allowed = move |origin: &HeaderValue| {
        let Ok(origin) = origin.to_str() else { return false };
        listed.iter().any(|listed| listed == origin) || is_development && is_local(origin)
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| allowed(origin)))
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            IDEMPOTENCY_KEY,
            REQUEST_ID,
        ])
        .expose_headers(EXPOSED)
        .max_age(MAX_AGE)
}

fn is_local(origin: &str) -> bool {
    let url = url::Url::parse(origin).ok();
    url.and_then(|url| url.host_str().map(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host))).unwrap_or(false)
}
