//! HTTP requests as the core takes them, and its answers as HTTP.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CONTENT_TYPE, LOCATION,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request as HttpRequest, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::cut::Half;
use super::front::{self, Outcome};
use super::pages::{self, Page};
use super::{Sandbox, control};
use crate::request::{Answer, Request};

const MOST_BYTES: usize = 1024 * 1024;

/// Marks a response in whose place the connection is to break.
#[derive(Clone, Copy)]
pub(super) struct Broken;

/// Any request.
pub(super) async fn answer(State(sandbox): State<Arc<Sandbox>>, http: HttpRequest<Body>) -> Response<Body> {
    let (parts, body) = http.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else { return plain(413, "the request is too large") };
    let control = parts.uri.path().strip_prefix("/_sandbox/");
    if let Some((status, body)) = control.and_then(|path| control::answer(&sandbox, parts.method.as_str(), path, &body))
    {
        return write(&Answer { status, body, headers: Vec::new() });
    }
    let page = control.and_then(|path| {
        pages::answer(&sandbox, parts.method.as_str(), path, parts.uri.query().unwrap_or_default(), &body)
    });
    if let Some(page) = page {
        return show(page);
    }
    let Some(request) = read(&parts, &body) else { return plain(400, "the request is no text") };
    if request.method == "OPTIONS" {
        return for_pages(plain(204, ""));
    }
    for_pages(pass(&sandbox, &request).await)
}

async fn pass(sandbox: &Sandbox, request: &Request) -> Response<Body> {
    match front::pass(sandbox, request).await {
        Outcome::Answer(answer) => {
            sandbox.note(request, answer.status);
            write(&answer)
        }
        Outcome::Half(answer) => {
            sandbox.note(request, 0);
            let mut response = write(&answer);
            let body = serde_json::to_string_pretty(&answer.body).unwrap_or_default();
            *response.body_mut() = Body::new(Half::of(&body));
            response
        }
        Outcome::Broken => {
            sandbox.note(request, 0);
            let mut response = plain(500, "");
            response.extensions_mut().insert(Broken);
            response
        }
    }
}

fn read(parts: &Parts, body: &Bytes) -> Option<Request> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Some(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: match header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            true => form_of_json(body)?,
            false => String::from_utf8(body.to_vec()).ok()?,
        },
        key: key(&parts.headers),
        idempotency_key: header("idempotency-key"),
        version: header("stripe-version"),
    })
}

/// The newer endpoints are sent JSON, which says the same as a form.
fn form_of_json(body: &Bytes) -> Option<String> {
    if body.is_empty() {
        return Some(String::new());
    }
    let mut form = Serializer::new(String::new());
    let Value::Object(fields) = serde_json::from_slice(body).ok()? else { return None };
    fields.iter().for_each(|(name, value)| write_field(&mut form, name, value));
    Some(form.finish())
}

fn write_field(form: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Null => drop(form.append_pair(name, "")),
        Value::String(text) => drop(form.append_pair(name, text)),
        Value::Bool(_) | Value::Number(_) => drop(form.append_pair(name, &value.to_string())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| write_field(form, &format!("{name}[{index}]"), item));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(field, value)| write_field(form, &format!("{name}[{field}]"), value));
        }
    }
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

/// Stripe's endpoints may be called by any page, which needs a key like any caller; its own control may not.
fn for_pages(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
    response
}

/// A page runs no script and is shown in no frame.
fn show(page: Page) -> Response<Body> {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    let response = Response::builder().header("content-security-policy", policy).header("cache-control", "no-store");
    let response = match page {
        Page::Html(status, text) => {
            response.status(status).header(CONTENT_TYPE, "text/html; charset=utf-8").body(Body::from(text))
        }
        Page::Elsewhere(url) => response.status(303).header(LOCATION, url).body(Body::empty()),
    };
    response.unwrap_or_else(|_| plain(400, "the address to go on to is none"))
}

fn plain(status: u16, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    response
}
