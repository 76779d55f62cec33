//! `GET /api/admin/stripe/sync-products/{id}`: how a sync is that somebody asked for, once or as it goes on.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use super::shown::{CountsShown, ResultShown, results_of};
use crate::http::body::{Json, Success};
use crate::http::error::not_found;
use crate::http::{ApiError, App};
use crate::jobs::{self, Kept};
use crate::stripe::product_sync::record::state_of_run;
use crate::stripe::sync_queue::{Ask, KIND, Mode, Trigger};

/// How often it is looked whether there is something to tell.
const EVERY: Duration = Duration::from_millis(250);
/// Rounds in which nothing is told before a line says that somebody is there: proxies end connections that are still.
const STILL: u32 = 40;

/// A sync or a look.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSyncJob)]
pub(in crate::http) struct Job {
    id: String,
    /// `sync` or `validate`.
    action: &'static str,
    force_update: bool,
    /// What started it: `api`, `dashboard`, `schedule` or `change`.
    triggered_by: &'static str,
    /// Who, as the audit log names them.
    actor: String,
    /// `queued`, `running`, `succeeded`, or `failed` where it was given up.
    status: &'static str,
    attempts: u32,
    max_attempts: u32,
    /// What went wrong the last time.
    error: Option<String>,
    created_at: String,
    finished_at: Option<String>,
    /// How far it is, once it has begun.
    progress: Option<CountsShown>,
    /// What became of everything, once it has ended; of a look, what differs.
    results: Option<Vec<ResultShown>>,
}

/// A sync or a look.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncJobAnswer)]
pub(in crate::http) struct JobAnswer {
    /// Always true.
    success: bool,
    data: Job,
}

impl Job {
    fn has_ended(&self) -> bool {
        matches!(self.status, "succeeded" | "failed")
    }
}

/// How it is.
#[utoipa::path(get, path = "/api/admin/stripe/sync-products/{id}", tag = "administrators", operation_id = "get_sync",
    summary = "How a sync is", security(("token" = [])), params(("id" = String, Path, description = "The sync's id")),
    responses((status = 200, description = "How it is", body = JobAnswer),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 404, description = "There is none", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Success<'static, Job>>, ApiError> {
    match read(&app, &id).await? {
        Some(job) => Ok(Json(Success("data", job))),
        None => Err(not_found().await),
    }
}

/// How it is, told again whenever that changes, until it has ended.
#[utoipa::path(get, path = "/api/admin/stripe/sync-products/{id}/events", tag = "administrators", operation_id = "follow_sync",
    summary = "How a sync goes on", description = "Server-sent events: `progress` whenever something changes, `done` at the end; the data of both is that of the sync.",
    security(("token" = [])), params(("id" = String, Path, description = "The sync's id")),
    responses((status = 200, description = "Events, each with its name (event) and a sync (data)", body = Object, content_type = "text/event-stream"),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 404, description = "There is none", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn follow(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let Some(job) = read(&app, &id).await? else { return Err(not_found().await) };
    let following = Following { app, id, next: Some(job), told: None };
    Ok(Sse::new(stream::unfold(following, |mut following| async {
        let event = following.event().await?;
        Some((Ok::<_, Infallible>(event), following))
    })))
}

/// Somebody who follows a sync.
struct Following {
    app: Arc<App>,
    id: String,
    /// What was read and not told yet.
    next: Option<Job>,
    told: Option<Job>,
}

impl Following {
    /// What is to be told next, as soon as there is something; `None` at the end.
    async fn event(&mut self) -> Option<Event> {
        if self.told.as_ref().is_some_and(Job::has_ended) {
            return None;
        }
        let mut stopping = self.app.stopping.subscribe();
        for _ in 0..STILL {
            if let Some(job) = self.next.take().filter(|job| self.told.as_ref() != Some(job)) {
                let name = if job.has_ended() { "done" } else { "progress" };
                let event = serde_json::to_string(&job).ok().map(|json| Event::default().event(name).data(json));
                self.told = Some(job);
                return event;
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                // Whoever follows asks again, and another server answers.
                _ = stopping.wait_for(|stopping| *stopping) => return None,
            }
            self.next = read(&self.app, &self.id).await.ok()?;
        }
        Some(Event::default().comment("still here"))
    }
}

async fn read(app: &App, id: &str) -> Result<Option<Job>, ApiError> {
    if uuid::Uuid::try_parse(id).is_err() {
        return Ok(None);
    }
    let mut session = app.reads.session().await?;
    let found = jobs::find(&mut session, KIND, id).await?;
    let Some((kept, ask)) = found
        .and_then(|kept| Some((serde_json::from_value::<Ask>(kept.payload.clone()).ok()?, kept)))
        .map(|(ask, kept)| (kept, ask))
    else {
        return Ok(None);
    };
    let run = match &ask.run {
        Some(run) => state_of_run(&mut session, run).await?,
        None => None,
    };
    let results = run.as_ref().and_then(|run| run.report.as_ref()).map(results_of);
    let progress = run.map(|run| run.progress.into());
    let status = match kept.status.as_str() {
        "queued" => "queued",
        "running" => "running",
        "succeeded" => "succeeded",
        _ => "failed",
    };
    let Kept { id, attempts, max_attempts, error, created_at, finished_at, .. } = kept;
    Ok(Some(Job {
        id,
        action: if ask.mode == Mode::Validate { "validate" } else { "sync" },
        force_update: ask.mode == Mode::ForceUpdate,
        triggered_by: Trigger::as_str(ask.trigger),
        actor: ask.actor,
        status,
        attempts,
        max_attempts,
        error,
        created_at,
        finished_at,
        progress,
        results,
    }))
}
