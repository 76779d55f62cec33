//! `GET /services`, `GET /services/{id}`, and the same for every other kind of the catalog.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{self, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::body::{JSON, Success, json_bytes};
use crate::http::etag::{etag, is_known};
use crate::http::limits::Counted;
use crate::http::lists::{Freshness, List};
use crate::http::{ApiError, App};
use crate::services::payment::Refusal;

/// May be kept by anybody, and is asked for again each time: a sync must show at once, and 304 costs next to nothing.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The active products of the kind at `position`. `?bust=` with any value reads the database anew.
pub(in crate::http) async fn list(
    position: usize,
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let busts = request.uri().query().is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "bust" && !value.is_empty())
    });
    let freshness = if busts { Freshness::ReadAnew } else { Freshness::Kept };
    if busts {
        app.limits.count(Counted::Bust, request.headers())?;
    }
    let list = app.list(position, freshness).await?;
    Ok(kept_answer(request.headers(), &list).map(Body::from))
}

/// A list, or that the caller has it already.
pub(in crate::http) fn kept_answer(headers: &HeaderMap, list: &List) -> http::Response<Bytes> {
    let is_known = is_known(headers, &list.etag);
    let mut response = http::Response::new(if is_known { Bytes::new() } else { list.body.clone() });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        validate(response.headers_mut(), &list.etag);
    } else {
        *response.headers_mut() = list.headers.clone();
    }
    response
}

/// What goes out with such a body, made once.
pub(in crate::http) fn list_headers(etag: &HeaderValue, body: &Bytes) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, JSON),
        (header::CONTENT_LENGTH, HeaderValue::from(body.len())),
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ])
}

/// One active product of the kind at `position`.
pub(in crate::http) async fn one(
    position: usize,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let kind = &app.artifacts.kinds[position];
    let id = path.map(|Path(id)| id).unwrap_or_default();
    let list = app.list(position, Freshness::Kept).await?;
    let Some(item) = list.items.iter().find(|item| item.id == id) else {
        return Err(Refusal::Unknown { title: kind.title, id }.into());
    };
    let body = serde_json::to_vec(&Success(kind.id, item)).map_err(|_| ApiError::internal())?;
    Ok(kept(&headers, &etag(&Sha256::digest(&body)), body.into()))
}

/// The body, or that the caller has it already.
fn kept(headers: &HeaderMap, etag: &HeaderValue, body: Bytes) -> Response {
    if is_known(headers, etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        validate(response.headers_mut(), etag);
        return response;
    }
    let mut response = json_bytes(body);
    validate(response.headers_mut(), etag);
    response
}

fn validate(headers: &mut HeaderMap, etag: &HeaderValue) {
    headers.insert(header::ETAG, etag.clone());
    headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
}
