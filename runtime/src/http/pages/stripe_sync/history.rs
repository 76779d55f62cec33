//! All syncs, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::{Asked, Frame};
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::dashboard::Page;
use crate::stripe::dashboard::runs::{self, Run};

#[derive(Template)]
#[template(path = "stripe-sync/history.html")]
struct History {
    company: &'static str,
    frame: Frame,
    page: Page<Run>,
    /// The address of the next page.
    next: Option<String>,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, uri: Uri) -> Response {
    match read(&app, &Asked::of(&uri)).await {
        Ok(history) => page(StatusCode::OK, &history),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, asked: &Asked) -> Result<History, ApiError> {
    let mut session = app.reads.session().await?;
    let page = runs::list(&mut session, app.settings.environment_of_runs(), asked.text("before")).await?;
    let next = page.next.as_deref().map(|next| asked.with("before", next));
    Ok(History { company: app.artifacts.title, frame: Frame::new(app, "/history"), page, next })
}
