//! One run: how it goes, and what became of everything.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Frame;
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::dashboard::runs::{self, Run, Told};
use crate::stripe::product_sync::{ProductResult, Status};

#[derive(Template)]
#[template(path = "stripe-sync/run.html")]
struct RunPage {
    company: &'static str,
    frame: Frame,
    run: Run,
    told: Told,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match read(&app, &id).await {
        Ok(shown) => page(StatusCode::OK, &shown),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, id: &str) -> Result<RunPage, ApiError> {
    let mut session = app.reads.session().await?;
    let found =
        runs::one(&mut session, id).await?.filter(|(run, _)| run.environment == app.settings.environment_of_runs());
    let (run, told) =
        found.ok_or_else(|| ApiError::new(StatusCode::NOT_FOUND, "not_found", "There is no such sync"))?;
    Ok(RunPage { company: app.artifacts.title, frame: Frame::new(app, "/history"), run, told })
}

impl RunPage {
    /// What has a status, by groups in the order in which people look.
    fn groups(&self) -> Vec<(&'static str, &'static str, Vec<&ProductResult>)> {
        let groups = [
            (Status::Error, "Errors", "bad"),
            (Status::Created, "Created in Stripe", "good"),
            (Status::Updated, "Updated in Stripe", "good"),
            (Status::Synced, "Already synced", "plain"),
        ];
        let groups = groups.into_iter().map(|(status, title, class)| {
            let results = self.told.results.iter().filter(|result| result.status == status);
            (title, class, results.collect::<Vec<_>>())
        });
        groups.filter(|(_, _, results)| !results.is_empty()).collect()
    }
}
