//! Pages that the server makes itself, for people who sign in: plain HTML, one style sheet, no script.

pub(super) mod account;
mod form;
pub(super) mod link;
pub(super) mod sign_in;
pub(super) mod stripe_sync;

use askama::Template;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

pub(super) use form::Form;
use url::form_urlencoded;

use super::ApiError;

/// Nothing from elsewhere, no script, no frame, and forms that are sent to us alone.
const SECURITY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// The same where a script of ours follows what goes on.
const SECURITY_WITH_SCRIPT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// A form that is sent must say where it is from, and nobody else is told an address that holds a token.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const STYLE: &str = concat!(
    include_str!("../../../templates/tokens.css"),
    include_str!("../../../templates/pages.css"),
    include_str!("../../../templates/stripe-sync/style.css")
);

/// `/pages/style.css`.
pub(super) async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, STYLE).into_response()
}

/// `/pages/follow.js`.
pub(super) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, include_str!("../../../templates/stripe-sync/follow.js")).into_response()
}

/// A page with the script, which it can do without.
fn scripted(status: StatusCode, shown: &impl Template) -> Response {
    let mut response = page(status, shown);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, SECURITY_WITH_SCRIPT);
    response
}

/// A page, as an answer with this status.
fn page(status: StatusCode, page: &impl Template) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, SECURITY),
        (header::REFERRER_POLICY, REFERRER),
    ];
    match page.render() {
        Ok(text) => (status, headers, text).into_response(),
        Err(cause) => ApiError::internal().because(cause.to_string()).into_response(),
    }
}

/// On to another page of ours, which is read and not sent to again.
fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/account"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// To the form, and from there back to what was asked for, if that was only to be read.
pub(super) fn to_sign_in(method: &Method, wanted: &Uri) -> Response {
    let path = wanted.path_and_query().filter(|_| method.is_safe()).map(PathAndQuery::as_str).unwrap_or_default();
    let to: String = form_urlencoded::byte_serialize(way_back(Some(path)).as_bytes()).collect();
    see_other(&format!("/sign-in?to={to}"))
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    company: &'a str,
    title: &'a str,
    text: &'a str,
    way_on: (&'a str, &'a str),
}

/// An error, for people: what went wrong, and the way to sign in.
pub(super) fn notice(company: &str, error: ApiError) -> Response {
    let shown = Notice { company, title: "That did not work", text: &error.message, way_on: ("/sign-in", "Sign in") };
    let mut response = page(error.status, &shown);
    if let Some(secs) = error.retry_after_secs {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    if error.is_not_set_up {
        response.extensions_mut().insert(super::error::NotSetUp);
    }
    if let Some(cause) = error.cause {
        response.extensions_mut().insert(super::error::Cause(cause));
    }
    response
}

/// Where somebody wanted to go, if it is a page of ours: an address that begins with one slash, and nothing that a browser would take for
/// another.
fn way_back(to: Option<&str>) -> &str {
    let is_ours = |to: &&str| {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        to.starts_with('/') && !to.starts_with("//") && to.bytes().all(plain)
    };
    to.filter(is_ours).unwrap_or("/account")
}
