//! What a sync would change, as a plan that was made just now; nothing is written.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::{Asked, Frame};
use crate::http::api::admin::stripe::sync_products::no_key;
use crate::http::limits::Counted;
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::product_sync::plan::{Action, Chain, Change, Plan, text};

#[derive(Template)]
#[template(path = "stripe-sync/preview.html")]
struct Preview {
    company: &'static str,
    frame: Frame,
    plan: Plan,
    force: bool,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Response {
    match read(&app, &headers, &Asked::of(&uri)).await {
        Ok(preview) => page(StatusCode::OK, &preview),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, headers: &HeaderMap, asked: &Asked) -> Result<Preview, ApiError> {
    app.limits.count(Counted::Sync, headers)?;
    let worker = app.sync.as_ref().ok_or_else(no_key)?;
    let force = asked.text("mode") == Some("force_update");
    let plan = worker.preview(&app.reads, force, false).await?;
    Ok(Preview { company: app.artifacts.title, frame: Frame::new(app, ""), plan, force })
}

impl Preview {
    fn chains(&self) -> Vec<&Chain> {
        self.plan.chains().filter(|chain| !chain.steps.is_empty() || chain.problem.is_some()).collect()
    }

    fn summary(&self) -> String {
        text::summary(&self.plan)
    }

    fn changed(&self, change: &Change) -> String {
        text::changed(change)
    }

    /// What a step does, in a word and a colour.
    fn action(&self, action: Action) -> (&'static str, &'static str) {
        match action {
            Action::Create => ("create", "good"),
            Action::Update => ("change", "attention"),
            Action::Reactivate => ("bring back", "attention"),
            Action::Archive => ("archive", "bad"),
            Action::Delete => ("delete", "bad"),
        }
    }
}
