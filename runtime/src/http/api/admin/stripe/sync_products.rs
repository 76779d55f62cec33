//! `POST /api/admin/stripe/sync-products`: a sync or a look is queued; a dry run is answered at once and writes nothing.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::shown::{CountsShown, ResultShown, results};
use crate::audit::{self, Entry};
use crate::clock;
use crate::db::transaction;
use crate::http::auth::Caller;
use crate::http::body::{Json, Success};
use crate::http::limits::Counted;
use crate::http::{ApiError, App};
use crate::stripe::product_sync::{Applied, ProductResult, Status};
use crate::stripe::sync_queue::{Ask, Mode, PreviewError, SyncWorker, Trigger, ask};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = StripeSyncAction)]
pub(in crate::http) enum Action {
    /// What differs is written to Stripe.
    Sync,
    /// It is looked whether the account is as the catalog says.
    Validate,
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = StripeSyncRequest)]
pub(in crate::http) struct SyncRequest {
    action: Action,
    /// Only show what would be done; for `sync`.
    #[serde(default)]
    dry_run: bool,
    /// Write everything again, and make again what was deleted in Stripe; for `sync`.
    #[serde(default)]
    force_update: bool,
    /// Yes to what else is refused: a live account, amounts that move far, many objects that leave.
    #[serde(default)]
    confirmed: bool,
}

/// A sync or a look that is queued.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSyncQueued)]
pub(in crate::http) struct Queued {
    /// Who asks for the same while it waits gets the same.
    id: String,
    action: Action,
    dry_run: bool,
    force_update: bool,
    /// Always `queued`.
    status: &'static str,
    /// Where it is told how it is.
    status_url: String,
    /// Where that is told as it changes.
    events_url: String,
}

/// What a sync would do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSyncPreview)]
pub(in crate::http) struct Preview {
    action: Action,
    dry_run: bool,
    force_update: bool,
    /// Whether nothing would be done.
    equal: bool,
    #[serde(flatten)]
    counts: CountsShown,
    results: Vec<ResultShown>,
    /// What people should know.
    notes: Vec<String>,
}

/// A sync that is queued.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncQueuedAnswer)]
pub(in crate::http) struct QueuedAnswer {
    /// Always true.
    success: bool,
    data: Queued,
}

/// What a sync would do.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncPreviewAnswer)]
pub(in crate::http) struct PreviewAnswer {
    /// Always true.
    success: bool,
    data: Preview,
}

/// Starts a sync or a look, or shows what a sync would do.
#[utoipa::path(post, path = "/api/admin/stripe/sync-products", tag = "administrators", operation_id = "sync_products",
    summary = "Syncs products with Stripe, or looks whether they are",
    description = "A sync or a look is queued and goes on when the caller has gone. A dry run is answered at once.",
    security(("token" = [])), request_body = SyncRequest,
    responses((status = 200, description = "What a sync would do", body = PreviewAnswer),
        (status = 202, description = "It is queued", body = QueuedAnswer),
        (status = 400, description = "No JSON", body = crate::http::error::Body),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 409, description = "It must be confirmed", body = crate::http::error::Body),
        (status = 413, description = "Too large", body = crate::http::error::Body),
        (status = 415, description = "Another media type", body = crate::http::error::Body),
        (status = 422, description = "A field that is missing, unknown or not so", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 502, description = "Stripe does not answer", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer, or no key is set", body = crate::http::error::Body)))]
pub(in crate::http) async fn sync(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Json(request): Json<SyncRequest>,
) -> Result<Response, ApiError> {
    app.limits.count(Counted::Sync, &headers)?;
    let mode = match (request.action, request.force_update) {
        (Action::Sync, false) => Mode::Sync,
        (Action::Sync, true) => Mode::ForceUpdate,
        (Action::Validate, false) if !request.dry_run => Mode::Validate,
        (Action::Validate, _) => {
            return Err(ApiError::invalid(
                "dryRun and forceUpdate are for the action sync; validate never writes to Stripe",
            ));
        }
    };
    let worker = app.sync.as_ref().ok_or_else(no_key)?;
    if request.dry_run {
        return preview(&app, worker, &request).await;
    }
    if mode != Mode::Validate && worker.is_live() && !request.confirmed {
        return Err(must_be_confirmed());
    }
    let id = queue(&app, &caller, Wish { mode, trigger: Trigger::Api, confirmed: request.confirmed }).await?;
    let status_url = format!("/api/admin/stripe/sync-products/{id}");
    let location = HeaderValue::from_str(&status_url).map_err(|_| ApiError::internal())?;
    let queued = Queued {
        id,
        action: request.action,
        dry_run: false,
        force_update: request.force_update,
        status: "queued",
        events_url: format!("{status_url}/events"),
        status_url,
    };
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(Success("data", queued))).into_response())
}

/// What an administrator wants done.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Wish {
    pub(in crate::http) mode: Mode,
    pub(in crate::http) trigger: Trigger,
    /// Whether they said yes to what else is refused.
    pub(in crate::http) confirmed: bool,
}

/// Queues it, tells the audit log, and returns the job's id.
pub(in crate::http) async fn queue(app: &App, caller: &Caller, wish: Wish) -> Result<String, ApiError> {
    let Wish { mode, trigger, confirmed } = wish;
    let environment = app.settings.environment_of_runs();
    let wanted =
        Ask { environment: environment.to_owned(), mode, trigger, actor: caller.actor.shown(), confirmed, run: None };
    let mut session = app.writes.session().await?;
    let queued: Result<String, sqlx::Error> = transaction(&mut session, async |session| {
        let id = ask(session, &wanted, Default::default(), app.settings.stripe_retries, clock::now()).await?;
        let entry = Entry {
            actor: &caller.actor,
            action: "stripe.sync.ask",
            object_type: "environment",
            object_id: environment,
            result: "succeeded",
            details: json!({ "mode": mode.as_str(), "confirmed": confirmed, "job": id }),
        };
        audit::record(session, entry).await?;
        Ok(id)
    })
    .await;
    let id = queued.map_err(|cause| app.writes.failed("write", cause))?;
    app.sync_wanted.notify_one();
    Ok(id)
}

async fn preview(app: &App, worker: &SyncWorker, request: &SyncRequest) -> Result<Response, ApiError> {
    let plan = worker.preview(&app.reads, request.force_update, false).await?;
    let planned = Applied::as_planned(&plan);
    let count = |status| u32::try_from(planned.count(status)).unwrap_or(u32::MAX);
    let errors = planned.results.iter().filter(|result| result.status == Status::Error).count();
    let preview = Preview {
        action: request.action,
        dry_run: true,
        force_update: request.force_update,
        equal: plan.is_equal(),
        counts: CountsShown {
            created: count(Status::Created),
            updated: count(Status::Updated),
            synced: count(Status::Synced),
            errors: u32::try_from(errors).unwrap_or(u32::MAX),
        },
        results: results(&ProductResult::of(&plan, &planned)),
        notes: plan.notes.clone(),
    };
    Ok(Json(Success("data", preview)).into_response())
}

pub(in crate::http) fn no_key() -> ApiError {
    let message = "Missing Stripe credentials: STRIPE_SECRET_KEY is not set at this server";
    ApiError::not_set_up("stripe_not_configured", message)
}

fn must_be_confirmed() -> ApiError {
    let message = "This is a live account: look at a dry run, and add \"confirmed\": true";
    ApiError::new(StatusCode::CONFLICT, "confirmation_required", message)
}

impl From<PreviewError> for ApiError {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::Database(cause) => cause.into(),
            PreviewError::NoCatalog(cause) => Self::internal().because(cause.to_string()),
            PreviewError::Account(_) | PreviewError::Stripe(_) => {
                Self::new(StatusCode::BAD_GATEWAY, "stripe_unavailable", error.to_string()).because(error.to_string())
            }
        }
    }
}
