//! What was changed about products, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::{Asked, Frame};
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::dashboard::Page;
use crate::stripe::dashboard::changes::{self, Change};

#[derive(Template)]
#[template(path = "stripe-sync/changes.html")]
struct Changes {
    company: &'static str,
    frame: Frame,
    page: Page<Change>,
    /// The address of the next page.
    next: Option<String>,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, uri: Uri) -> Response {
    match read(&app, &Asked::of(&uri)).await {
        Ok(changes) => page(StatusCode::OK, &changes),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, asked: &Asked) -> Result<Changes, ApiError> {
    let mut session = app.reads.session().await?;
    let page = changes::list(&mut session, asked.text("product"), asked.text("before")).await?;
    let next = page.next.as_deref().map(|next| asked.with("before", next));
    Ok(Changes { company: app.artifacts.title, frame: Frame::new(app, "/changes"), page, next })
}
