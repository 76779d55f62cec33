//! `/account`: who is signed in, where else, and a way to end that and to choose another password.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Form, notice, page, see_other};
use crate::auth::browsers::{self, Listed, Which};
use crate::auth::password::Password;
use crate::auth::sign_in;
use crate::auth::users::{self, User};
use crate::clock;
use crate::http::limits::Counted;
use crate::http::{ApiError, App, auth};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    company: &'a str,
    user: &'a User,
    /// With whether it is the one that looks.
    sessions: Vec<(Listed, bool)>,
    problem: Option<&'a str>,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, Extension(caller): Extension<auth::Caller>) -> Response {
    shown(&app, &caller, StatusCode::OK, None).await
}

async fn shown(app: &App, caller: &auth::Caller, status: StatusCode, problem: Option<&str>) -> Response {
    let read = async {
        let mut session = app.reads.session().await?;
        let user = users::by_id(&mut session, &caller.identity.user_id).await?;
        let sessions = browsers::list(&mut session, &caller.identity.user_id).await?;
        Ok::<_, ApiError>((user.ok_or_else(ApiError::internal)?, sessions))
    };
    match read.await {
        Ok((user, sessions)) => {
            let here = caller.identity.means.id();
            let sessions = sessions.into_iter().map(|listed| (listed.id == here, listed));
            let sessions = sessions.map(|(is_here, listed)| (listed, is_here)).collect();
            page(status, &AccountPage { company: app.artifacts.title, user: &user, sessions, problem })
        }
        Err(error) => notice(app.artifacts.title, error),
    }
}

/// Ends one session, or all others.
pub(in crate::http) async fn end(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<auth::Caller>,
    form: Result<Form, ApiError>,
) -> Response {
    let ended = async {
        let id = form?.field("session");
        let which = if id.is_empty() { Which::Others(caller.identity.means.id()) } else { Which::One(&id) };
        let mut session = app.writes.session().await?;
        let ended = browsers::end(&mut session, &caller.actor, &caller.identity.user_id, which).await;
        ended.map_err(|cause| ApiError::database(&cause))
    };
    match ended.await {
        Ok(_) => see_other("/account"),
        Err(error) => notice(app.artifacts.title, error),
    }
}

/// Gives whoever is signed in another password; their other sessions end.
pub(in crate::http) async fn password(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<auth::Caller>,
    headers: HeaderMap,
    form: Result<Form, ApiError>,
) -> Response {
    let changed = async {
        let mut form = form?;
        app.limits.count(Counted::SignIn, &headers)?;
        change(&app, &caller, &mut form).await
    };
    match changed.await {
        Ok(None) => see_other("/account"),
        Ok(Some(problem)) => shown(&app, &caller, StatusCode::UNPROCESSABLE_ENTITY, Some(&problem)).await,
        Err(error) => notice(app.artifacts.title, error),
    }
}

/// What is wrong with what was typed, if something is.
async fn change(app: &App, caller: &auth::Caller, form: &mut Form) -> Result<Option<String>, ApiError> {
    let internal = |cause: &dyn std::error::Error| ApiError::internal().because(cause.to_string());
    let user_id = &caller.identity.user_id;
    let (old, chosen, again) = (form.field("old"), form.field("password"), form.field("again"));
    let mut session = app.reads.session().await?;
    let user = users::by_id(&mut session, user_id).await?.ok_or_else(ApiError::internal)?;
    drop(session);
    let password = match Password::chosen(chosen.clone(), &user.email) {
        Err(weak) => return Ok(Some(weak.to_string())),
        Ok(_) if chosen != again => return Ok(Some("The two passwords differ".to_owned())),
        Ok(password) => password,
    };
    let known = sign_in::knows(&app.writes, &user.email, Password::typed(old), clock::now()).await;
    match known.map_err(|cause| internal(&cause))? {
        sign_in::Knows::Yes(_) => {}
        sign_in::Knows::No => return Ok(Some("The password until now is another one".to_owned())),
        sign_in::Knows::Wait(secs) => return Err(ApiError::too_many(secs)),
    }
    let hash = password.hash().await.map_err(|cause| internal(&cause))?;
    let mut session = app.writes.session().await?;
    let here = Which::Others(caller.identity.means.id());
    let set = users::set_password(&mut session, &caller.actor, user_id, hash, here).await;
    set.map_err(|cause| ApiError::database(&cause))?;
    Ok(None)
}
