//! Who calls: programs by their bearer tokens. What is refused is counted for its address, and told to the audit log.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::limits::Counted;
use super::request_id::RequestId;
use super::{ApiError, App};
use crate::audit::{self, Actor, Call, Entry};
use crate::auth::{Denial, Identity, Role, Scope, Token, identify, touch};

/// Why a good token is refused, which is no attempt to find one.
const INSUFFICIENT_SCOPE: &str = "insufficient-scope";

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

/// Who calls, once their token was looked up.
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
}

/// A request that is not let through.
struct Refused {
    error: ApiError,
    token_id: Option<String>,
    reason: &'static str,
}

/// Lets a token with the role and the scope through, and adds the [`Caller`] to the request.
pub(super) async fn admit(State((app, asked)): State<Gate>, mut request: Request, next: Next) -> Response {
    let call = call(&app, request.extensions().get(), request.headers());
    let route = format!("{} {}", request.method(), request.uri().path());
    // Nothing that is borrowed from the request may be held while something is waited for: its body is not shared.
    let headers = request.headers().clone();
    let admitted = match look_up(&app, &headers).await {
        Ok(identity) if identity.administers(asked.roles, asked.scope) => Ok(identity),
        Ok(identity) => {
            Err(Refused { error: too_little(asked), token_id: Some(identity.token_id), reason: INSUFFICIENT_SCOPE })
        }
        Err(refused) => Err(refused),
    };
    match admitted {
        Ok(identity) => {
            let actor = Actor::of_token(Some(&identity.token_id), call);
            request.extensions_mut().insert(Caller { identity, actor });
            next.run(request).await
        }
        Err(refused) => tell(&app, &headers, call, &route, refused).await.into_response(),
    }
}

/// Who calls a route that anybody may call: nobody where no token was sent, and a wrong one is refused as elsewhere.
pub(super) async fn caller(
    app: &App,
    headers: &HeaderMap,
    call: &Call,
    route: &str,
) -> Result<Option<Caller>, ApiError> {
    if matches!(shown(headers), Shown::Nothing) {
        return Ok(None);
    }
    match look_up(app, headers).await {
        Ok(identity) => {
            let actor = Actor::of_token(Some(&identity.token_id), call.clone());
            Ok(Some(Caller { identity, actor }))
        }
        Err(refused) => Err(tell(app, headers, call.clone(), route, refused).await),
    }
}

/// The request, for the audit log.
pub(super) fn call(app: &App, request_id: Option<&RequestId>, headers: &HeaderMap) -> Call {
    let request_id = request_id.and_then(|RequestId(id)| id.to_str().ok()).map(str::to_owned);
    Call { request_id, address: Some(app.limits.caller(headers).to_string()) }
}

async fn look_up(app: &App, headers: &HeaderMap) -> Result<Identity, Refused> {
    let refused =
        |error, token_id: Option<&str>, reason| Refused { error, token_id: token_id.map(str::to_owned), reason };
    let unread = |error: ApiError| refused(error, None, "database");
    let token = match shown(headers) {
        Shown::Nothing => return Err(refused(missing(), None, "missing")),
        Shown::Other => return Err(refused(wrong(&Denial::Unknown), None, "malformed")),
        Shown::Token(token) => token,
    };
    let mut session = app.reads.session().await.map_err(|cause| unread(cause.into()))?;
    let found = identify(&mut session, &token).await.map_err(|cause| unread(cause.into()))?;
    drop(session);
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
    touch(&mut session, &identity.token_id).await.map_err(|cause| app.writes.failed("write", cause))
}

/// Counts and audits a refusal, for its address or, of a good token, for that token. Beyond the limit it is not audited, so that nobody can
/// fill the log.
async fn tell(app: &App, headers: &HeaderMap, call: Call, route: &str, refused: Refused) -> ApiError {
    let Refused { error, token_id, reason } = refused;
    if error.status.is_server_error() {
        return error;
    }
    match (token_id.as_deref(), reason) {
        (Some(id), INSUFFICIENT_SCOPE) => {
            if !app.limits.is_told(id) {
                return error;
            }
        }
        _ => {
            if let Err(too_many) = app.limits.count(Counted::Failure, headers) {
                return too_many;
            }
        }
    }
    let actor = Actor::of_token(token_id.as_deref(), call);
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

/// Other ways to sign in are a proxy's, and say nothing to us.
fn shown(headers: &HeaderMap) -> Shown {
    let token = |value: &HeaderValue| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(token.trim()))
    };
    let mut tokens = headers.get_all(header::AUTHORIZATION).iter().filter_map(token);
    match (tokens.next(), tokens.next()) {
        (None, _) => Shown::Nothing,
        (Some(Some(token)), None) => Shown::Token(token),
        _ => Shown::Other,
    }
}

fn missing() -> ApiError {
    let message = "A token is required: Authorization: Bearer pbk_…";
    ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

/// Only who holds a token of ours learns what is wrong with it.
fn wrong(denial: &Denial) -> ApiError {
    let message = match denial {
        Denial::Unknown => "The token is none of ours",
        Denial::Revoked(_) => "The token was revoked",
        Denial::Expired(_) => "The token has expired: `pricebook user token add` makes a new one",
        Denial::Disabled(_) => "The user of the token is disabled",
    };
    ApiError::new(StatusCode::UNAUTHORIZED, "invalid_token", message)
}

fn too_little(Asked { roles, scope }: Asked) -> ApiError {
    let roles: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let message = format!("This needs the token of an {}, with the scope {} or all", roles.join(" or "), scope.name());
    ApiError::new(StatusCode::FORBIDDEN, "insufficient_scope", message)
}
