//! `GET /services`, `GET /services/{id}`, and the same for every other kind of the catalog.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::Either;
use sha2::{Digest, Sha256};
use tower::Service;

use crate::http::body::{JSON, Success, json_bytes};
use crate::http::etag::{etag, is_known};
use crate::http::limits::Counted;
use crate::http::lists::{Freshness, List};
use crate::http::{ApiError, App};
use crate::services::payment::Refusal;
use crate::stripe::BoxFuture;

/// May be kept by anybody, and is asked for again each time: a sync must show at once, and 304 costs next to nothing.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The active products of the kind at `position`. `?bust=` with any value reads the database anew.
///
/// A service and no function, for it is what is asked for most: a list that is kept is answered at once, without a future in a box.
#[derive(Clone, Debug)]
pub(in crate::http) struct ListService {
    pub(in crate::http) app: Arc<App>,
    pub(in crate::http) position: usize,
}

type Answer = Result<Response, Infallible>;

impl Service<Request> for ListService {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Answer>, BoxFuture<'static, Answer>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.uri().query().is_none()
            && let Some(list) = self.app.kept_list(self.position)
        {
            return Either::Left(ready(Ok(list_answer(request.headers(), &list))));
        }
        let (app, position) = (Arc::clone(&self.app), self.position);
        Either::Right(Box::pin(async move { Ok(list(&app, position, request).await.into_response()) }))
    }
}

async fn list(app: &App, position: usize, request: Request) -> Result<Response, ApiError> {
    let busts = request.uri().query().is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "bust" && !value.is_empty())
    });
    let freshness = if busts { Freshness::ReadAnew } else { Freshness::Kept };
    if busts {
        app.limits.count(Counted::Bust, request.headers())?;
    }
    let list = app.list(position, freshness).await?;
    Ok(list_answer(request.headers(), &list))
}

fn list_answer(headers: &HeaderMap, list: &List) -> Response {
    if is_known(headers, &list.etag) {
        return not_modified(&list.etag);
    }
    let mut response = Response::new(list.body.clone().into());
    *response.headers_mut() = list.headers.clone();
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
        return not_modified(etag);
    }
    with_validator(json_bytes(body), etag)
}

fn not_modified(etag: &HeaderValue) -> Response {
    with_validator(StatusCode::NOT_MODIFIED.into_response(), etag)
}

fn with_validator(mut response: Response, etag: &HeaderValue) -> Response {
    response.headers_mut().insert(header::ETAG, etag.clone());
    response.headers_mut().insert(header::CACHE_CONTROL, CACHE_CONTROL);
    response
}
