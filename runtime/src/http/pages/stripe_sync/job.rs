//! What was asked for and how it is; once it has ended, its run.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Frame;
use crate::http::error::not_found;
use crate::http::pages::{notice, scripted, see_other};
use crate::http::{ApiError, App};
use crate::jobs::{self, Kept};
use crate::stripe::product_sync::record::{Progress, state_of_run};
use crate::stripe::sync_queue::{Ask, KIND};

#[derive(Template)]
#[template(path = "stripe-sync/job.html")]
struct JobPage {
    company: &'static str,
    frame: Frame,
    job: Kept,
    ask: Ask,
    progress: Progress,
}

/// The page. Without scripts it is asked for anew every few seconds.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match read(&app, &id).await {
        Ok(shown) if shown.has_ended() && shown.ask.run.is_some() => {
            see_other(&format!("{}/runs/{}", shown.frame.base, shown.ask.run.unwrap_or_default()))
        }
        Ok(shown) => scripted(StatusCode::OK, &shown),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, id: &str) -> Result<JobPage, ApiError> {
    let mut session = app.reads.session().await?;
    let found = match uuid::Uuid::try_parse(id) {
        Ok(_) => jobs::find(&mut session, KIND, id).await?,
        Err(_) => None,
    };
    let found = found.and_then(|job| Some((serde_json::from_value::<Ask>(job.payload.clone()).ok()?, job)));
    let Some((ask, job)) = found else { return Err(not_found().await) };
    let progress = match &ask.run {
        Some(run) => state_of_run(&mut session, run).await?.map(|run| run.progress),
        None => None,
    };
    let frame = Frame::new(app, "/history");
    Ok(JobPage { company: app.artifacts.title, frame, job, ask, progress: progress.unwrap_or_default() })
}

impl JobPage {
    fn has_ended(&self) -> bool {
        matches!(self.job.status.as_str(), "succeeded" | "dead")
    }
}
