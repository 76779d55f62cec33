//! What stands before the routes: a list of products that is kept is answered at once, without what a route costs.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, header};
use axum::routing::future::RouteFuture;
use futures_util::future::{Either, MapOk, TryFutureExt};
use http_body_util::Full;
use tower::Service;

use super::App;
use super::api::products::kept_answer;
use super::edge::Edge;

/// Bytes that are at hand, or whatever a route answers.
pub type AnswerBody = http_body_util::Either<Full<Bytes>, Body>;
/// An answer on its way.
pub type Answering = Either<Ready<Answer>, MapOk<RouteFuture<Infallible>, fn(Response<Body>) -> Response<AnswerBody>>>;
type Answer = Result<Response<AnswerBody>, Infallible>;

/// All routes, and the lists before them.
#[derive(Clone)]
pub struct Front {
    lists: Arc<Lists>,
    routes: Router,
}

struct Lists {
    app: Arc<App>,
    /// By their paths.
    ready: Vec<(String, Option<Edge>)>,
    /// What a layer before the routes adds to each answer.
    added: Vec<(HeaderName, HeaderValue)>,
}

impl Front {
    /// Of routes whose lists have these edges, where they have any; the kinds are in the order of the catalog.
    pub(super) fn new(
        app: &Arc<App>,
        routes: Router,
        edges: impl Fn(&str) -> Option<Edge>,
        added: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    ) -> Self {
        let paths = app.artifacts.kinds.iter().map(|kind| format!("/{}", kind.plural));
        let ready = paths.map(|path| (path.clone(), edges(&path))).collect();
        Self { lists: Arc::new(Lists { app: Arc::clone(app), ready, added: added.into_iter().collect() }), routes }
    }

    /// Answers.
    pub fn call<B>(&self, request: Request<B>) -> Answering
    where
        B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        match self.lists.answer(&request) {
            Some(answer) => Either::Left(ready(Ok(answer))),
            None => Either::Right(self.routes.clone().call(request.map(Body::new)).map_ok(of_route)),
        }
    }
}

impl Lists {
    /// To a request that is plain enough, where the list is kept. Pages of other origins, whoever bypasses what is kept, and whoever asks
    /// for the headers alone have a route.
    fn answer<B>(&self, request: &Request<B>) -> Option<Response<AnswerBody>> {
        if request.method() != Method::GET
            || request.uri().query().is_some()
            || request.headers().contains_key(header::ORIGIN)
        {
            return None;
        }
        let path = request.uri().path();
        let position = self.ready.iter().position(|(known, _)| known == path)?;
        let list = self.app.kept_list(position)?;
        let answer = || {
            let mut answer = kept_answer(request.headers(), &list).map(|body| AnswerBody::Left(Full::new(body)));
            answer.headers_mut().extend(self.added.iter().cloned());
            answer
        };
        Some(match &self.ready[position].1 {
            Some(edge) => edge.at_once(request, answer),
            None => answer(),
        })
    }
}

fn of_route(response: Response<Body>) -> Response<AnswerBody> {
    response.map(AnswerBody::Right)
}
