//! `/sign-in/{token}`: a link that works once. Looking at it changes nothing, for mail programs look first.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::{Form, notice, page, see_other};
use crate::auth::links::{self, Link, Purpose};
use crate::auth::password::Password;
use crate::auth::{Sort, Token};
use crate::http::limits::Counted;
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth, browser};

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage<'a> {
    company: &'a str,
    email: &'a str,
    /// Whether a password is to be chosen.
    chooses: bool,
    problem: Option<&'a str>,
    token: &'a str,
}

type Segment = Result<Path<String>, PathRejection>;

/// What the link is for, with the button.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, headers: HeaderMap, path: Segment) -> Response {
    match look_up(&app, &headers, path).await {
        Ok((token, link)) => shown(&app, StatusCode::OK, &token, &link, None),
        Err(error) => notice(app.artifacts.title, error),
    }
}

/// Uses it.
pub(in crate::http) async fn take(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    path: Segment,
    form: Result<Form, ApiError>,
) -> Response {
    let (token, link, mut form) = match (look_up(&app, &headers, path).await, form) {
        (Ok((token, link)), Ok(form)) => (token, link, form),
        (Err(error), _) | (_, Err(error)) => return notice(app.artifacts.title, error),
    };
    let hash = match link.purpose {
        Purpose::SignIn => None,
        Purpose::Password => {
            let (chosen, again) = (form.field("password"), form.field("again"));
            let problem = match Password::chosen(chosen.clone(), &link.email) {
                Err(weak) => weak.to_string(),
                Ok(_) if chosen != again => "The two passwords differ".to_owned(),
                Ok(password) => match password.hash().await {
                    Ok(hash) => return finish(&app, &headers, &request_id, (&token, link.purpose), Some(hash)).await,
                    Err(cause) => {
                        return notice(app.artifacts.title, ApiError::internal().because(cause.to_string()));
                    }
                },
            };
            return shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &token, &link, Some(&problem));
        }
    };
    finish(&app, &headers, &request_id, (&token, link.purpose), hash).await
}

async fn finish(
    app: &App,
    headers: &HeaderMap,
    request_id: &RequestId,
    (token, purpose): (&Token, Purpose),
    hash: Option<String>,
) -> Response {
    let to = match purpose {
        Purpose::Password => "/account",
        Purpose::SignIn => &app.settings.dashboard_path,
    };
    let call = auth::call(app, Some(request_id), headers);
    let from = browser::browser(app, headers);
    let begun = async {
        let mut session = app.writes.session().await?;
        links::take(&mut session, token, hash, &from, &call).await.map_err(|cause| ApiError::database(&cause))
    };
    match begun.await {
        Ok(Some(cookie)) => {
            let mut response = see_other(to);
            response.headers_mut().insert(header::SET_COOKIE, browser::keep(&app.settings, &cookie));
            response
        }
        Ok(None) => notice(app.artifacts.title, over()),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn look_up(app: &App, headers: &HeaderMap, path: Segment) -> Result<(Token, Link), ApiError> {
    app.limits.count(Counted::SignIn, headers)?;
    let token = path.ok().and_then(|Path(text)| Token::parse(Sort::Link, &text)).ok_or_else(over)?;
    let mut session = app.reads.session().await?;
    let link = links::find(&mut session, &token).await?.ok_or_else(over)?;
    // The demonstration's opens nothing where others are served, wherever its database has come to.
    match link.purpose == Purpose::SignIn && !app.settings.is_of_one_machine() {
        true => Err(over()),
        false => Ok((token, link)),
    }
}

fn shown(app: &App, status: StatusCode, token: &Token, link: &Link, problem: Option<&str>) -> Response {
    let chooses = link.purpose == Purpose::Password;
    page(
        status,
        &LinkPage { company: app.artifacts.title, email: &link.email, chooses, problem, token: token.reveal() },
    )
}

fn over() -> ApiError {
    let message = "This link was used before, or its time is over. Ask for a new one: pricebook user link ADDRESS";
    ApiError::new(StatusCode::GONE, "link_over", message)
}
