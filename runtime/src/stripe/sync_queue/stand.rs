//! How the sync of products stands, from the database alone: whoever wants to know what Stripe says now asks for a look.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::schedule::turn_name;
use super::{KIND, Mode};
use crate::Artifacts;
use crate::config::Settings;
use crate::db::Session;
use crate::jobs::{self, Counts, Kept, Turn};
use crate::stripe::dashboard::{Overall, overall};
use crate::stripe::product_sync::record::{self, Last, MappingCounts, Validated};

/// What says which time it is.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

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
pub struct Stand {
    /// In short.
    pub state: Overall,
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

/// Reads how it stands.
///
/// # Errors
/// What the database said.
pub async fn stand(
    session: &mut Session,
    artifacts: &Artifacts,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Result<Stand, sqlx::Error> {
    let environment = settings.environment_of_runs();
    let last = record::last(session, environment).await?;
    let validation = record::last_validation(session, environment).await?;
    let cache = settings.stripe_sync.validation_cache;
    Ok(Stand {
        state: overall(last.as_ref(), validation.as_ref(), artifacts.catalog_hash),
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
