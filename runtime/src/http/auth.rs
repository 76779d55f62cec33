//! Who calls: programs by their bearer tokens, people by the session of their browser. What is refused is counted for its address, and
//! told to the audit log.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::limits::Counted;
use super::request_id::RequestId;
use super::{ApiError, App, browser, pages};
use crate::audit::{self, Actor, Call, Entry};
use crate::auth::{Denial, Identity, Means, Role, Scope, Sort, Token, identify, identify_browser, touch};

/// Why a good token or session is refused, which is no attempt to find one.
const INSUFFICIENT_SCOPE: &str = "insufficient-scope";
/// The codes of answers.
const INSUFFICIENT: &str = "insufficient_scope";
const INVALID_TOKEN: &str = "invalid_token";

/// What a route of administrators asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The user has one of these roles.
    pub(super) roles: &'static [Role],
    /// The token has this scope.
    pub(super) scope: Scope,
}

/// What stands before such a route.
pub(super) type Gate = (Arc<App>, Asked);

/// Who calls, once their token or session was looked up.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) identity: Identity,
    pub(super) actor: Actor,
}

/// What a request says of who calls.
enum Shown {
    Nothing,
    /// Something else than one of our tokens.
    Other,
    Token(Token),
    /// The cookie of a browser.
    Session(Token),
}

/// A request that is not let through.
struct Refused {
    error: ApiError,
    actor: Actor,
    /// The id of the token or session, where it is a good one.
    good: Option<String>,
    reason: &'static str,
}

/// Lets a token or a session with the role and the scope through, and adds the [`Caller`] to the request.
pub(super) async fn admit(State((app, asked)): State<Gate>, mut request: Request, next: Next) -> Response {
    let call = call(&app, request.extensions().get(), request.headers());
    let route = format!("{} {}", request.method(), request.uri().path());
    // Nothing that is borrowed from the request may be held while something is waited for: its body is not shared.
    let headers = request.headers().clone();
    let admitted = match look_up(&app, of_anybody(&app, &headers), &call).await {
        Ok(identity) if matches!(identity.means, Means::Session(_)) && !may_come_from(&request) => {
            Err(Refused::of_good(cross_site(), identity, &call, "cross-site"))
        }
        Ok(identity) if identity.administers(asked.roles, asked.scope) => Ok(identity),
        Ok(identity) => Err(Refused::of_good(too_little(asked), identity, &call, INSUFFICIENT_SCOPE)),
        Err(refused) => Err(refused),
    };
    match admitted {
        Ok(identity) => {
            let actor = identity.actor(call);
            request.extensions_mut().insert(Caller { identity, actor });
            next.run(request).await
        }
        Err(refused) => tell(&app, &headers, &route, refused).await.into_response(),
    }
}

/// What a page needs of a request. Nothing that is borrowed from it may be held while something is waited for: its body is not shared.
struct Wanted {
    call: Call,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

/// Lets whoever is signed in through to a page, and adds the [`Caller`]; everybody else is led to sign in.
pub(super) async fn admit_person(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    match person(&app, &Wanted::of(&app, &request)).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(response) => *response,
    }
}

/// The same for pages of administrators. Others who are signed in are told that it is not for them.
pub(super) async fn admit_administrator(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let wanted = Wanted::of(&app, &request);
    match person(&app, &wanted).await {
        Ok(caller) if caller.identity.administers(&[Role::Admin], Scope::AdminWrite) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(Caller { identity, .. }) => {
            let error = ApiError::new(StatusCode::FORBIDDEN, INSUFFICIENT, "This page is for administrators");
            let refused = Refused::of_good(error, identity, &wanted.call, INSUFFICIENT_SCOPE);
            let route = format!("{} {}", wanted.method, wanted.uri.path());
            pages::notice(app.artifacts.title, tell(&app, &wanted.headers, &route, refused).await)
        }
        Err(response) => *response,
    }
}

impl Wanted {
    fn of(app: &App, request: &Request) -> Self {
        let headers = request.headers().clone();
        let call = call(app, request.extensions().get(), &headers);
        Self { call, method: request.method().clone(), uri: request.uri().clone(), headers }
    }
}

/// Whoever is signed in, or the answer to everybody else.
async fn person(app: &App, wanted: &Wanted) -> Result<Caller, Box<Response>> {
    let shown = match browser::shown(app, &wanted.headers) {
        browser::Shown::Session(token) => Shown::Session(token),
        // What is no session of ours any more is told to nobody: pages stay open for days.
        browser::Shown::Nothing | browser::Shown::Other => Shown::Nothing,
    };
    match look_up(app, shown, &wanted.call).await {
        Ok(identity) => {
            let actor = identity.actor(wanted.call.clone());
            Ok(Caller { identity, actor })
        }
        Err(refused) if refused.error.status.is_server_error() => {
            Err(Box::new(pages::notice(app.artifacts.title, refused.error)))
        }
        Err(_) => Err(Box::new(pages::to_sign_in(&wanted.method, &wanted.uri))),
    }
}

/// Who calls a route that anybody may call: nobody where no token was sent, and a wrong one is refused as elsewhere.
pub(super) async fn caller(
    app: &App,
    headers: &HeaderMap,
    call: &Call,
    route: &str,
) -> Result<Option<Caller>, ApiError> {
    let shown = of_program(headers);
    if matches!(shown, Shown::Nothing) {
        return Ok(None);
    }
    match look_up(app, shown, call).await {
        Ok(identity) => {
            let actor = identity.actor(call.clone());
            Ok(Some(Caller { identity, actor }))
        }
        Err(refused) => Err(tell(app, headers, route, refused).await),
    }
}

/// Who buys, with the session of a browser or with a token that may do all that its user may; nobody where neither was sent, and where
/// a session has ended, for pages stay open for days.
pub(super) async fn buyer(
    app: &App,
    headers: &HeaderMap,
    call: &Call,
    route: &str,
) -> Result<Option<Caller>, ApiError> {
    let shown = of_anybody(app, headers);
    if matches!(shown, Shown::Nothing) {
        return Ok(None);
    }
    let is_of_browser = matches!(of_program(headers), Shown::Nothing);
    match whole(app, headers, call, shown).await {
        Ok(caller) => Ok(Some(caller)),
        Err(refused) if is_of_browser && refused.error.code == INVALID_TOKEN => Ok(None),
        Err(refused) => Err(tell(app, headers, route, refused).await),
    }
}

/// The same where somebody must have signed in.
pub(super) async fn signed_in(app: &App, headers: &HeaderMap, call: &Call, route: &str) -> Result<Caller, ApiError> {
    match whole(app, headers, call, of_anybody(app, headers)).await {
        Ok(caller) => Ok(caller),
        Err(refused) => Err(tell(app, headers, route, refused).await),
    }
}

async fn whole(app: &App, headers: &HeaderMap, call: &Call, shown: Shown) -> Result<Caller, Refused> {
    let identity = look_up(app, shown, call).await?;
    match &identity.means {
        Means::Session(_) if !browser::is_from_us(headers) => {
            Err(Refused::of_good(cross_site(), identity, call, "cross-site"))
        }
        _ if !identity.is_whole() => {
            let message =
                "This needs a token that may do all that its user may: one of the scope all, for no organization";
            let error = ApiError::new(StatusCode::FORBIDDEN, INSUFFICIENT, message);
            Err(Refused::of_good(error, identity, call, INSUFFICIENT_SCOPE))
        }
        _ => {
            let actor = identity.actor(call.clone());
            Ok(Caller { identity, actor })
        }
    }
}

/// The request, for the audit log.
pub(super) fn call(app: &App, request_id: Option<&RequestId>, headers: &HeaderMap) -> Call {
    let request_id = request_id.and_then(|RequestId(id)| id.to_str().ok()).map(str::to_owned);
    Call { request_id, address: Some(app.limits.caller(headers).to_string()) }
}

impl Refused {
    fn of_good(error: ApiError, identity: Identity, call: &Call, reason: &'static str) -> Self {
        let actor = identity.actor(call.clone());
        Self { error, actor, good: Some(identity.means.id().to_owned()), reason }
    }
}

async fn look_up(app: &App, shown: Shown, call: &Call) -> Result<Identity, Refused> {
    let refused = |error, token_id: Option<&str>, reason| {
        let actor = Actor::of_token(token_id, call.clone());
        Refused { error, actor, good: None, reason }
    };
    let unread = |error: ApiError| refused(error, None, "database");
    let mut session = match &shown {
        Shown::Nothing => return Err(refused(missing(), None, "missing")),
        Shown::Other => return Err(refused(wrong(&Denial::Unknown), None, "malformed")),
        Shown::Token(_) | Shown::Session(_) => app.reads.session().await.map_err(|cause| unread(cause.into()))?,
    };
    let found = match &shown {
        Shown::Session(cookie) => identify_browser(&mut session, cookie).await,
        Shown::Token(token) => identify(&mut session, token).await,
        Shown::Nothing | Shown::Other => Ok(Err(Denial::Unknown)),
    };
    drop(session);
    let found = found.map_err(|cause| unread(cause.into()))?;
    let identity = found.map_err(|denial| refused(wrong(&denial), denial.token_id(), denial.reason()))?;
    if identity.is_stale
        && let Err(cause) = remember(app, &identity).await
    {
        // Whoever is let in need not wait for our book-keeping.
        tracing::warn!(error = %cause, "the use of a token could not be remembered");
    }
    Ok(identity)
}

async fn remember(app: &App, identity: &Identity) -> Result<(), crate::db::Error> {
    let mut session = app.writes.session().await?;
    touch(&mut session, &identity.means).await.map_err(|cause| app.writes.failed("write", cause))
}

/// Counts and audits a refusal, for its address or, of a good token, for that token. Beyond the limit it is not audited, so that nobody can
/// fill the log.
async fn tell(app: &App, headers: &HeaderMap, route: &str, refused: Refused) -> ApiError {
    let Refused { error, actor, good, reason } = refused;
    if error.status.is_server_error() {
        return error;
    }
    match good {
        Some(id) => {
            if !app.limits.is_told(&id) {
                return error;
            }
        }
        None => {
            if let Err(too_many) = app.limits.count(Counted::Failure, headers) {
                return too_many;
            }
        }
    }
    let entry = Entry {
        actor: &actor,
        action: "api.refuse",
        object_type: "route",
        object_id: &route.chars().take(255).collect::<String>(),
        result: "refused",
        details: json!({ "reason": reason }),
    };
    let told = match app.writes.session().await {
        Ok(mut session) => audit::record(&mut session, entry).await.map_err(|cause| app.writes.failed("write", cause)),
        Err(cause) => Err(cause),
    };
    if let Err(cause) = told {
        tracing::error!(error = %cause, reason, "a refusal could not be written to the audit log");
    }
    error
}

/// A program's token, or else a browser's session.
fn of_anybody(app: &App, headers: &HeaderMap) -> Shown {
    match (of_program(headers), browser::shown(app, headers)) {
        (Shown::Nothing, browser::Shown::Session(token)) => Shown::Session(token),
        (Shown::Nothing, browser::Shown::Other) => Shown::Other,
        (program, _) => program,
    }
}

/// Whether a session may do this from where it is: other sites may have a browser send its cookie, too.
fn may_come_from(request: &Request) -> bool {
    request.method().is_safe() || browser::is_from_us(request.headers())
}

/// Other ways to sign in are a proxy's, and say nothing to us.
fn of_program(headers: &HeaderMap) -> Shown {
    let token = |value: &HeaderValue| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(Sort::Program, token.trim()))
    };
    let mut tokens = headers.get_all(header::AUTHORIZATION).iter().filter_map(token);
    match (tokens.next(), tokens.next()) {
        (None, _) => Shown::Nothing,
        (Some(Some(token)), None) => Shown::Token(token),
        _ => Shown::Other,
    }
}

fn missing() -> ApiError {
    let message =
        "A token is required: Authorization: Bearer pbk_…; or the session of a browser that is signed in at /sign-in";
    ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

/// Only who holds a token of ours learns what is wrong with it.
fn wrong(denial: &Denial) -> ApiError {
    let message = match denial {
        Denial::Unknown => "The token is none of ours",
        Denial::Revoked(_) => "The token was revoked",
        Denial::Expired(_) => "The token has expired: `pricebook user token add` makes a new one",
        Denial::Disabled(_) => "The user of the token is disabled",
        Denial::Ended => "The session has ended: sign in again at /sign-in",
    };
    ApiError::new(StatusCode::UNAUTHORIZED, INVALID_TOKEN, message)
}

fn cross_site() -> ApiError {
    let message = "This was not sent by a page of this server";
    ApiError::new(StatusCode::FORBIDDEN, "cross_site", message)
}

fn too_little(Asked { roles, scope }: Asked) -> ApiError {
    let roles: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let message =
        format!("This needs the token or session of an {}, with the scope {} or all", roles.join(" or "), scope.name());
    ApiError::new(StatusCode::FORBIDDEN, INSUFFICIENT, message)
}
