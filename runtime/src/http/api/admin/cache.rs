//! `POST /api/admin/cache/clear`: every server reads its lists of products anew.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::{self, Entry};
use crate::db::{self, transaction};
use crate::http::auth::Caller;
use crate::http::body::Json;
use crate::http::{ApiError, App};
use crate::services::state;

/// The caches are old.
#[derive(Serialize, ToSchema)]
#[schema(as = CacheCleared)]
pub(in crate::http) struct Cleared {
    /// Always true.
    success: bool,
    data: Revision,
}

/// What servers look at.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Revision {
    /// The new revision of the rows; 0 where they were never synced.
    revision: i64,
}

/// Makes kept lists old: here at once, elsewhere when the revision is looked at, four times a second.
#[utoipa::path(post, path = "/api/admin/cache/clear", tag = "administrators", summary = "Has every server read its lists anew",
    description = "Raises the revision of the rows, which every server looks at four times a second.",
    security(("token" = [])),
    responses((status = 200, description = "The lists are old", body = Cleared),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn clear(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Cleared>, ApiError> {
    let mut session = app.writes.session().await?;
    let artifacts = app.artifacts;
    let revision: Result<i64, sqlx::Error> = transaction(&mut session, async |session| {
        let revision = state::next(session, artifacts).await?;
        let entry = Entry {
            actor: &caller.actor,
            action: "cache.clear",
            object_type: "catalog",
            object_id: artifacts.name,
            result: "succeeded",
            details: json!({ "revision": revision }),
        };
        audit::record(session, entry).await?;
        Ok(revision)
    })
    .await;
    let revision = revision.map_err(|cause: sqlx::Error| -> db::Error { app.writes.failed("write", cause) })?;
    app.lists.forget();
    Ok(Json(Cleared { success: true, data: Revision { revision } }))
}
