//! The first page of the dashboard: one word for everything, what can be done, and how the last syncs went.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::Frame;
use super::chart::Chart;
use crate::clock;
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::jobs::{self, Kept, Turn};
use crate::stripe::dashboard::Overall;
use crate::stripe::dashboard::runs::{self, Run};
use crate::stripe::sync_queue::{KIND, Stand, stand};

/// Jobs that were given up, as far as they are shown.
const DEAD: u64 = 10;

#[derive(Template)]
#[template(path = "stripe-sync/overview.html")]
struct Overview {
    company: &'static str,
    frame: Frame,
    stand: Stand,
    /// Given up, the newest first.
    dead: Vec<Kept>,
    /// The newest first.
    runs: Vec<Run>,
    chart: Chart,
    /// Whether there is a key.
    configured: bool,
    /// Requests to Stripe in a second, at most.
    per_second: Option<u32>,
    now: DateTime<Utc>,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>) -> Response {
    match read(&app).await {
        Ok(overview) => page(StatusCode::OK, &overview),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App) -> Result<Overview, ApiError> {
    let now = clock::now();
    let mut session = app.reads.session().await?;
    let stand = stand(&mut session, app.artifacts, &app.settings, now).await?;
    let dead = jobs::newest(&mut session, KIND, Some("dead"), DEAD).await?;
    let runs = runs::list(&mut session, app.settings.environment_of_runs(), None).await?.rows;
    Ok(Overview {
        company: app.artifacts.title,
        frame: Frame::new(app, ""),
        stand,
        dead,
        chart: Chart::of(&runs),
        runs,
        configured: app.sync.is_some(),
        per_second: app.sync.as_ref().map(|worker| worker.per_second()),
        now,
    })
}

impl Overview {
    /// How the state looks.
    fn class(&self) -> &'static str {
        match self.stand.state {
            Overall::AllSynced => "good",
            Overall::NeedsSync => "attention",
            Overall::SyncErrors => "bad",
        }
    }

    fn ago(&self, then: &DateTime<Utc>) -> String {
        match (self.now - then).num_minutes() {
            ..=0 => "just now".to_owned(),
            1 => "a minute ago".to_owned(),
            minutes if minutes < 120 => format!("{minutes} minutes ago"),
            minutes => format!("{} hours ago", minutes / 60),
        }
    }

    fn next(&self, turn: Option<&Turn>) -> String {
        turn.map_or_else(|| "none".to_owned(), |turn| clock::iso(turn.next))
    }
}
