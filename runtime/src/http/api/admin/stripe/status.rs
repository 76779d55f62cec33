//! `GET /api/admin/stripe/sync-products`: how the sync of products stands.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::shown::CountsShown;
use crate::clock;
use crate::http::body::{Json, Success};
use crate::http::{ApiError, App};
use crate::jobs::{Counts, Turn};
use crate::stripe::dashboard::Overall;
use crate::stripe::product_sync::record::{Last, MappingCounts};
use crate::stripe::sync_queue::{Stand, stand};

/// How the sync stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSyncStatus)]
pub(in crate::http) struct StatusShown {
    /// `all_synced`, `needs_sync` or `sync_errors`.
    #[schema(value_type = String)]
    status: Overall,
    /// The same for people: All Synced, Needs Sync or Sync Errors.
    label: &'static str,
    environment: String,
    /// The catalog of this server.
    catalog_hash: &'static str,
    /// Whether this server has a key.
    configured: bool,
    last_sync: Option<LastSync>,
    last_validation: Option<LastValidation>,
    mappings: Mappings,
    queue: Queue,
    /// The sync that is under way, below `/api/admin/stripe/sync-products/`.
    current: Option<String>,
    schedule: Schedule,
}

/// The last sync.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeLastSync)]
struct LastSync {
    /// Its row of `stripe/runs`.
    id: String,
    /// `sync`, `force_update`, `adopt` …
    mode: String,
    /// `running`, `succeeded` or `failed`.
    status: String,
    catalog_hash: String,
    #[serde(flatten)]
    counts: CountsShown,
    started_at: String,
    finished_at: Option<String>,
}

/// The last look at the account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeLastValidation)]
struct LastValidation {
    /// Its row of `stripe/runs`.
    id: String,
    /// Whether the account was as the catalog says.
    in_sync: bool,
    /// What differed, in a line.
    summary: Option<String>,
    checked_at: String,
    age_secs: i64,
    /// Whether that is short enough ago to count as how the account is.
    fresh: bool,
}

/// Prices in Stripe, by what became of them.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeMappings)]
struct Mappings {
    created: u64,
    updated: u64,
    synced: u64,
    error: u64,
}

/// What waits, is under way, and was given up.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeQueue)]
struct Queue {
    queued: u64,
    running: u64,
    dead: u64,
}

/// What comes by itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSchedule)]
struct Schedule {
    /// Seconds between two looks; null for none.
    validate_every_secs: Option<u64>,
    next_validation_at: Option<String>,
    /// Seconds between two full syncs; null for none.
    sync_every_secs: Option<u64>,
    next_sync_at: Option<String>,
}

/// How the sync stands.
#[derive(Serialize, ToSchema)]
#[schema(as = StripeSyncStatusAnswer)]
pub(in crate::http) struct StatusAnswer {
    /// Always true.
    success: bool,
    data: StatusShown,
}

/// From the database alone.
#[utoipa::path(get, path = "/api/admin/stripe/sync-products", tag = "administrators", operation_id = "get_sync_status",
    summary = "How the sync of products with Stripe stands", description = "From the database alone: what Stripe says now is found out by the action validate.",
    security(("token" = [])),
    responses((status = 200, description = "How it stands", body = StatusAnswer),
        (status = 401, description = "The token is missing or not taken", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 503, description = "The database does not answer", body = crate::http::error::Body)))]
pub(in crate::http) async fn show(
    State(app): State<Arc<App>>,
) -> Result<Json<Success<'static, StatusShown>>, ApiError> {
    let now = clock::now();
    let found = stand(&mut app.reads.session().await?, app.artifacts, &app.settings, now).await?;
    Ok(Json(Success("data", StatusShown::of(&app, found, now))))
}

impl StatusShown {
    fn of(app: &App, found: Stand, now: chrono::DateTime<chrono::Utc>) -> Self {
        let Stand { state, last, validation, validation_is_fresh, mappings, queue, current, schedules } = found;
        let MappingCounts { created, updated, synced, error } = mappings;
        let Counts { queued, running, dead } = queue;
        let settings = &app.settings.stripe_sync;
        let next = |turn: Option<Turn>| turn.map(|turn| clock::iso(turn.next));
        let validate_every_secs = settings.validate_every.map(|every| every.as_secs());
        let sync_every_secs = settings.sync_every.map(|every| every.as_secs());
        Self {
            status: state,
            label: state.words(),
            environment: app.settings.environment_of_runs().to_owned(),
            catalog_hash: app.artifacts.catalog_hash,
            configured: app.sync.is_some(),
            last_sync: last.map(LastSync::of),
            last_validation: validation.map(|found| LastValidation {
                id: found.id,
                in_sync: found.equal,
                summary: found.summary,
                checked_at: clock::iso(found.at),
                age_secs: (now - found.at).num_seconds(),
                fresh: validation_is_fresh,
            }),
            mappings: Mappings { created, updated, synced, error },
            queue: Queue { queued, running, dead },
            current: current.map(|job| job.id),
            schedule: Schedule {
                next_validation_at: validate_every_secs.and(next(schedules.validate)),
                validate_every_secs,
                next_sync_at: sync_every_secs.and(next(schedules.sync)),
                sync_every_secs,
            },
        }
    }
}

impl LastSync {
    fn of(last: Last) -> Self {
        let Last { id, mode, status, catalog_hash, created, updated, synced, errors, started_at, finished_at } = last;
        let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let counts = CountsShown {
            created: count(created),
            updated: count(updated),
            synced: count(synced),
            errors: count(errors),
        };
        Self { id, mode, status, catalog_hash, counts, started_at, finished_at }
    }
}
