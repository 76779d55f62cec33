//! How the sync of products stands, from the database alone: whoever wants to know what Stripe says now asks for a look.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::schedule::turn_name;
use super::{KIND, Mode};
use crate::Artifacts;
use crate::config::Settings;
use crate::db::Session;
use crate::jobs::{self, Counts, Kept, Turn};
use crate::stripe::product_sync::record::{self, Last, MappingCounts, Validated};

/// What says which time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// All Synced, Needs Sync or Sync Errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The last sync made the account what this catalog says, and no look has found otherwise since.
    AllSynced,
    /// Something is to be synced.
    NeedsSync,
    /// The last sync failed.
    SyncErrors,
}

/// When the server does what nobody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedules {
    /// Looks.
    pub validate: Option<Turn>,
    /// Full syncs.
    pub sync: Option<Turn>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// In short.
    pub state: State,
    /// The last sync.
    pub last: Option<Last>,
    /// What was found last.
    pub validation: Option<Validated>,
    /// Whether that was so short a time ago that it counts as how the account is.
    pub validation_is_fresh: bool,
    /// The prices in Stripe.
    pub mappings: MappingCounts,
    /// What waits, is under way, and was given up.
    pub queue: Counts,
    /// The job that is under way.
    pub current: Option<Kept>,
    /// What comes by itself.
    pub schedules: Schedules,
}

impl State {
    /// Of the last sync and the last look, for a program with this catalog.
    pub fn of(last: Option<&Last>, validation: Option<&Validated>, catalog_hash: &str) -> Self {
        // Ids begin with the time.
        let found_since = validation.filter(|found| last.is_none_or(|last| found.id > last.id));
        let found_since = found_since.filter(|found| found.catalog_hash == catalog_hash);
        match (last, found_since) {
            (Some(last), _) if last.status == "failed" => Self::SyncErrors,
            (_, Some(found)) => {
                if found.equal {
                    Self::AllSynced
                } else {
                    Self::NeedsSync
                }
            }
            (Some(last), None) if last.status == "succeeded" && last.catalog_hash == catalog_hash => Self::AllSynced,
            _ => Self::NeedsSync,
        }
    }
}

/// Reads how it stands.
///
/// # Errors
/// What the database said.
pub async fn overview(
    session: &mut Session,
    artifacts: &Artifacts,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Result<Overview, sqlx::Error> {
    let environment = settings.environment_of_runs();
    let last = record::last(session, environment).await?;
    let validation = record::last_validation(session, environment).await?;
    let cache = settings.stripe_sync.validation_cache;
    Ok(Overview {
        state: State::of(last.as_ref(), validation.as_ref(), artifacts.catalog_hash),
        validation_is_fresh: validation.as_ref().is_some_and(|found| {
            found.catalog_hash == artifacts.catalog_hash
                && now - found.at <= chrono::TimeDelta::from_std(cache).unwrap_or_default()
        }),
        last,
        validation,
        mappings: record::counts(session).await?,
        queue: jobs::counts(session, KIND).await?,
        current: jobs::newest(session, KIND, Some("running"), 1).await?.pop(),
        schedules: Schedules {
            validate: jobs::turn(session, &turn_name(Mode::Validate, environment)).await?,
            sync: jobs::turn(session, &turn_name(Mode::Sync, environment)).await?,
        },
    })
}
