//! `/sign-in` and `/sign-out`.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::{Form, notice, page, see_other, way_back};
use crate::auth::Means;
use crate::auth::browsers::{self, Which};
use crate::auth::password::Password;
use crate::auth::sign_in::{SignIn, SignInError, sign_in};
use crate::clock;
use crate::http::limits::Counted;
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth, browser};

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage<'a> {
    company: &'a str,
    /// What was wrong the last time.
    problem: Option<&'a str>,
    email: &'a str,
    to: &'a str,
}

/// The form.
pub(in crate::http) async fn form(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let mut asked = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let to = asked.find_map(|(name, value)| (name == "to").then_some(value));
    show(&app, StatusCode::OK, None, "", way_back(to.as_deref()))
}

/// Signs somebody in.
pub(in crate::http) async fn begin(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    form: Result<Form, ApiError>,
) -> Response {
    let mut form = match form {
        Ok(form) => form,
        Err(error) => return notice(app.artifacts.title, error),
    };
    let (email, to) = (form.field("email"), form.field("to"));
    let to = way_back(Some(&to));
    // Whoever tries one password with many addresses is counted by where they are.
    if let Err(too_many) = app.limits.count(Counted::SignIn, &headers) {
        return wait(&app, &email, to, too_many.retry_after_secs.unwrap_or(1));
    }
    let password = Password::typed(form.field("password"));
    let call = auth::call(&app, Some(&request_id), &headers);
    let from = browser::browser(&app, &headers);
    match sign_in(&app.writes, &email, password, &from, &call, clock::now()).await {
        Ok(SignIn::Begun(token)) => {
            let mut response = see_other(to);
            response.headers_mut().insert(header::SET_COOKIE, browser::keep(&app.settings, &token));
            response
        }
        Ok(SignIn::Wrong) => {
            let problem = "The address or the password is wrong.";
            show(&app, StatusCode::UNAUTHORIZED, Some(problem), &email, to)
        }
        Ok(SignIn::Wait(secs)) => wait(&app, &email, to, secs),
        Err(SignInError::Database(cause)) => notice(app.artifacts.title, ApiError::database(&cause)),
        Err(cause) => notice(app.artifacts.title, ApiError::internal().because(cause.to_string())),
    }
}

fn wait(app: &App, email: &str, to: &str, secs: u64) -> Response {
    let problem = format!("Too many attempts. Try again in {secs} seconds.");
    let mut response = show(app, StatusCode::TOO_MANY_REQUESTS, Some(&problem), email, to);
    response.headers_mut().insert(header::RETRY_AFTER, secs.into());
    response
}

fn show(app: &App, status: StatusCode, problem: Option<&str>, email: &str, to: &str) -> Response {
    page(status, &SignInPage { company: app.artifacts.title, problem, email, to })
}

/// Ends the session of this browser.
pub(in crate::http) async fn end(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<auth::Caller>,
    form: Result<Form, ApiError>,
) -> Response {
    let ended = async {
        form?;
        if let Means::Session(id) = &caller.identity.means {
            let mut session = app.writes.session().await?;
            let ended = browsers::end(&mut session, &caller.actor, &caller.identity.user_id, Which::One(id)).await;
            ended.map_err(|cause| ApiError::database(&cause))?;
        }
        Ok::<_, ApiError>(())
    };
    match ended.await {
        Ok(()) => {
            let mut response = see_other("/sign-in").into_response();
            response.headers_mut().insert(header::SET_COOKIE, browser::forget(&app.settings));
            response
        }
        Err(error) => notice(app.artifacts.title, error),
    }
}
