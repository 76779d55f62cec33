//! `POST /api/admin/stripe/queue/{id}/replay`: a sync that was given up is tried again.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::{self, Entry};
use crate::clock;
use crate::db::transaction;
use crate::http::auth::Caller;
use crate::http::body::{Json, Success};
use crate::http::error::not_found;
use crate::http::{ApiError, App};
use crate::jobs;
use crate::stripe::sync_queue::KIND;

/// It waits again.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncReplayed)]
pub(in crate::http) struct Replayed {
    id: String,
    /// Always `queued`.
    status: &'static str,
}

/// It waits again.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncReplayedAnswer)]
pub(in crate::http) struct ReplayedAnswer {
    /// Always true.
    success: bool,
    data: Replayed,
}

/// Has it tried again, as often as a new one.
#[utoipa::path(post, path = "/api/admin/stripe/queue/{id}/replay", tag = "administrators", operation_id = "replay_sync",
    summary = "Tries a sync again that was given up", security(("token" = [])),
    params(("id" = String, Path, description = "The sync's id")),
    responses((status = 200, description = "It waits again", body = ReplayedAnswer),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 404, description = "There is none", body = crate::http::error::Body),
        (status = 409, description = "It was not given up", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn replay(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Success<'static, Replayed>>, ApiError> {
    again(&app, &caller, &id).await?;
    Ok(Json(Success("data", Replayed { id, status: "queued" })))
}

/// Has a sync tried again that was given up, and tells the audit log.
pub(in crate::http) async fn again(app: &App, caller: &Caller, id: &str) -> Result<(), ApiError> {
    if uuid::Uuid::try_parse(id).is_err() {
        return Err(not_found().await);
    }
    let mut session = app.writes.session().await?;
    let replayed: Result<bool, sqlx::Error> = transaction(&mut session, async |session| {
        let replayed = jobs::replay(session, KIND, id, clock::now()).await?;
        if replayed {
            let entry = Entry {
                actor: &caller.actor,
                action: "stripe.sync.replay",
                object_type: "job",
                object_id: id,
                result: "succeeded",
                details: json!({}),
            };
            audit::record(session, entry).await?;
        }
        Ok(replayed)
    })
    .await;
    if replayed.map_err(|cause| app.writes.failed("write", cause))? {
        app.sync_wanted.notify_one();
        return Ok(());
    }
    match jobs::find(&mut session, KIND, id).await? {
        Some(_) => {
            let message = "Only what was given up is tried again";
            Err(ApiError::new(StatusCode::CONFLICT, "not_given_up", message))
        }
        None => Err(not_found().await),
    }
}
