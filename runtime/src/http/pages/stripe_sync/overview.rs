//! The first page of the dashboard: one word for everything, what can be done, and how the last syncs went.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::Frame;
use super::chart::Chart;
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::dashboard::runs::{self, Run};
use crate::stripe::dashboard::{Overall, overall};
use crate::stripe::product_sync::record::{self, MappingCounts};

#[derive(Template)]
#[template(path = "stripe-sync/overview.html")]
struct Overview {
    company: &'static str,
    frame: Frame,
    overall: Overall,
    mappings: MappingCounts,
    /// The newest first.
    runs: Vec<Run>,
    chart: Chart,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>) -> Response {
    match read(&app).await {
        Ok(overview) => page(StatusCode::OK, &overview),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App) -> Result<Overview, ApiError> {
    let environment = app.settings.environment_of_runs();
    let mut session = app.reads.session().await?;
    let last = record::last(&mut session, environment).await?;
    let validation = record::last_validation(&mut session, environment).await?;
    let mappings = record::counts(&mut session).await?;
    let runs = runs::list(&mut session, environment, None).await?.rows;
    Ok(Overview {
        company: app.artifacts.title,
        frame: Frame::new(app, ""),
        overall: overall(last.as_ref(), validation.as_ref(), app.artifacts.catalog_hash),
        mappings,
        chart: Chart::of(&runs),
        runs,
    })
}

impl Overview {
    /// How the state looks.
    fn class(&self) -> &'static str {
        match self.overall {
            Overall::AllSynced => "good",
            Overall::NeedsSync => "attention",
            Overall::SyncErrors => "bad",
        }
    }
}
