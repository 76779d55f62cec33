//! The storefront: its page at `/`, `/payment` and `/subscribe`, and the files of that page.

use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::config::Settings;
use crate::http::etag::{etag, is_known};
use crate::http::openapi::PAGE_SECURITY;
use crate::http::storefront::{Storefront, StorefrontFile};
use crate::http::{ApiError, error};

/// The page takes everything from us, runs no script but those in files, and is in no frame.
const SECURITY: &str = include_str!("../../../templates/storefront-policy.txt").trim_ascii_end();
/// Where Stripe's form comes from, what it shows, and whom it asks: <https://docs.stripe.com/security/guide#content-security-policy>.
const STRIPES_FORM: [(&str, &str); 2] = [
    ("script-src 'self'", " https://js.stripe.com https://*.js.stripe.com"),
    (
        "connect-src 'self'",
        " https://api.stripe.com; frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    ),
];
/// A new page must show at once; its files have a hash in their names and never change.
const OF_PAGE: HeaderValue = HeaderValue::from_static("no-cache");
const OF_FILE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(Template)]
#[template(path = "no-storefront.html")]
struct NoStorefront<'a> {
    package: Option<&'a str>,
}

/// What the page may do: no more than what takes cards with these settings.
pub(in crate::http) fn policy(settings: &Settings) -> HeaderValue {
    let policy = match (&settings.stripe_publishable_key, settings.local_stripe()) {
        (None, _) => SECURITY.to_owned(),
        (Some(_), Some(local)) => SECURITY.replace("connect-src 'self'", &format!("connect-src 'self' {local}")),
        (Some(_), None) => STRIPES_FORM
            .iter()
            .fold(SECURITY.to_owned(), |policy, (rule, more)| policy.replace(rule, &format!("{rule}{more}"))),
    };
    // An origin holds no letter that a header cannot.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(SECURITY))
}

/// `/`, `/payment` and `/subscribe`: one page, which looks at its own address.
pub(in crate::http) async fn page(storefront: Storefront, policy: HeaderValue, headers: HeaderMap) -> Response {
    match (storefront.file)("index.html") {
        Some(file) => {
            let mut response = answer(file, "index.html", OF_PAGE, &headers);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        None => not_built(storefront),
    }
}

/// `/storefront/{name}`.
pub(in crate::http) async fn file(
    storefront: Storefront,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let name = path.map(|Path(name)| name).unwrap_or_default();
    // Built files stand side by side: a name that leads elsewhere is none of them.
    let is_plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    match is_plain.then(|| (storefront.file)(&format!("storefront/{name}"))).flatten() {
        Some(file) => Ok(answer(file, &name, OF_FILE, &headers)),
        None => Err(error::not_found().await),
    }
}

fn answer(file: StorefrontFile, name: &str, cache_control: HeaderValue, headers: &HeaderMap) -> Response {
    let etag = etag(&file.sha256);
    let mut response = match is_known(headers, &etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)))], file.bytes).into_response(),
    };
    response.headers_mut().insert(header::ETAG, etag);
    response.headers_mut().insert(header::CACHE_CONTROL, cache_control);
    response
}

/// What the tools that build pages write.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built(storefront: Storefront) -> Response {
    let page = NoStorefront { package: storefront.sources.map(|sources| sources.package) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, PAGE_SECURITY),
    ];
    match page.render() {
        Ok(text) => (StatusCode::SERVICE_UNAVAILABLE, headers, text).into_response(),
        Err(cause) => ApiError::internal().because(cause.to_string()).into_response(),
    }
}
