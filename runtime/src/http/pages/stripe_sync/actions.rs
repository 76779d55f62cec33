//! What administrators have done: a sync, a full update, a look at the account, or another try of what was given up.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Frame;
use crate::http::api::admin::stripe::queue::again;
use crate::http::api::admin::stripe::sync_products::{Wish, no_key, queue};
use crate::http::limits::Counted;
use crate::http::pages::{Form, notice, page, see_other};
use crate::http::{ApiError, App, auth};
use crate::stripe::sync_queue::{Mode, Trigger};

/// Asks whether it is meant.
#[derive(Template)]
#[template(path = "stripe-sync/confirm.html")]
struct Confirm {
    company: &'static str,
    frame: Frame,
    mode: Mode,
    is_live: bool,
}

/// Queues what a button says, and goes on to where one sees how it is.
pub(in crate::http) async fn start(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<auth::Caller>,
    headers: HeaderMap,
    form: Result<Form, ApiError>,
) -> Response {
    match started(&app, &caller, &headers, form).await {
        Ok(response) => response,
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn started(
    app: &App,
    caller: &auth::Caller,
    headers: &HeaderMap,
    form: Result<Form, ApiError>,
) -> Result<Response, ApiError> {
    let mut form = form?;
    app.limits.count(Counted::Sync, headers)?;
    let mode = match form.field("mode").as_str() {
        "sync" => Mode::Sync,
        "force_update" => Mode::ForceUpdate,
        "validate" => Mode::Validate,
        _ => return Err(ApiError::invalid("mode: sync, force_update or validate")),
    };
    let is_live = app.sync.as_ref().ok_or_else(no_key)?.is_live();
    let confirmed = form.field("confirmed") == "yes";
    if !confirmed && (mode == Mode::ForceUpdate || mode == Mode::Sync && is_live) {
        let asked = Confirm { company: app.artifacts.title, frame: Frame::new(app, ""), mode, is_live };
        return Ok(page(StatusCode::OK, &asked));
    }
    let id = queue(app, caller, Wish { mode, trigger: Trigger::Dashboard, confirmed }).await?;
    Ok(see_other(&format!("{}/jobs/{id}", app.settings.dashboard_path)))
}

/// Has what was given up tried again.
pub(in crate::http) async fn replay(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<auth::Caller>,
    Path(id): Path<String>,
    form: Result<Form, ApiError>,
) -> Response {
    let replayed = async {
        form?;
        again(&app, &caller, &id).await
    };
    match replayed.await {
        Ok(()) => see_other(&format!("{}/jobs/{id}", app.settings.dashboard_path)),
        Err(error) => notice(app.artifacts.title, error),
    }
}
