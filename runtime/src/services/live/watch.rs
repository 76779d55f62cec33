//! The watch over live APIs: every so often one of the servers looks, keeps what it saw, and opens or closes an incident.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use pricebook_types::Artifacts;
use pricebook_types::validation::Validation;
use url::Url;

use super::found::{FAILED, Found, notice};
use super::kept::{self, Record};
use super::{LiveApi, LiveError, Patience, check, price_tables};
use crate::alerts::{self, Alerts, Incident, alert_title};
use crate::config::Settings;
use crate::db::{self, Database};
use crate::jobs::take_turn;

/// Watches the live APIs of some environments.
#[derive(Debug)]
pub struct Watcher {
    artifacts: &'static Artifacts,
    validation: Validation<'static>,
    targets: Vec<Target>,
    every: Duration,
    keep: Option<Duration>,
    title: String,
    alerts: Alerts,
    /// Names this server among several.
    owner: String,
}

#[derive(Debug)]
struct Target {
    environment: String,
    api: LiveApi,
    /// Whether it serves from the database of this server.
    has_our_database: bool,
}

/// Why there is nothing to watch with.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// It has no live API.
    #[error("live_check_environments: the catalog names no live_url for {0}")]
    NoUrl(String),
    /// No client can be made.
    #[error(transparent)]
    Live(#[from] LiveError),
}

/// How an environment was when somebody last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The environment.
    pub environment: String,
    /// Whether the API answered what the catalog says.
    pub equal: bool,
    /// How many differences were kept of it.
    pub differences: usize,
    /// When, in seconds since 1970.
    pub unix_secs: i64,
}

impl Watcher {
    /// The watch that the settings ask for, with the usual patience; `None` where they ask for none, or where the server's
    /// own environment has no live API.
    ///
    /// # Errors
    /// [`WatchError`].
    pub fn new(artifacts: &'static Artifacts, settings: &Settings, alerts: Alerts) -> Result<Option<Self>, WatchError> {
        let patience = Patience::of(settings.live_check.timeout);
        let Some(every) = settings.live_check.every else { return Ok(None) };
        let url = |name: &str| {
            let found = artifacts.environments.iter().find(|environment| environment.id == name);
            found.and_then(|environment| environment.live_url?.parse::<Url>().ok())
        };
        let named = &settings.live_check.environments;
        let own = [settings.environment.clone()];
        let names = if named.is_empty() { &own[..] } else { named };
        let mut targets = Vec::new();
        for environment in names {
            match url(environment) {
                Some(url) => targets.push(Target {
                    environment: environment.clone(),
                    api: LiveApi::new(url, patience)?,
                    has_our_database: *environment == settings.environment,
                }),
                None if named.is_empty() => return Ok(None),
                None => return Err(WatchError::NoUrl(environment.clone())),
            }
        }
        let validation =
            serde_json::from_str(artifacts.validation_json).map_err(|cause| LiveError::Client(cause.to_string()))?;
        let title = settings.alerts.subject.clone().unwrap_or_else(|| alert_title(artifacts));
        let owner = uuid::Uuid::now_v7().to_string();
        let keep = settings.live_check.keep;
        Ok(Some(Self { artifacts, validation, targets, every, keep, title, alerts, owner }))
    }

    /// The environments that are watched.
    pub fn environments(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(|target| &*target.environment)
    }

    /// Whether anybody is told of what is found.
    pub fn tells_somebody(&self) -> bool {
        !self.alerts.channels().is_empty()
    }

    /// Looks where it is our turn, sends the alerts that are due, and says how every environment was last.
    ///
    /// # Errors
    /// Where the database does not answer; what was not done is done in a later round.
    pub async fn round(&self, database: &Database, now: DateTime<Utc>) -> Result<Vec<Status>, db::Error> {
        for target in &self.targets {
            let ours = take_turn(&mut database.session().await?, &target.subject(), self.every, now).await;
            if ours.map_err(|cause| database.failed("write", cause))? {
                self.look(target, database, now).await?;
            }
        }
        self.alerts.send_due(database, &self.owner, now).await?;
        let mut statuses = Vec::new();
        for target in &self.targets {
            let newest = kept::newest(&mut database.session().await?, Some(&target.environment), 1).await;
            statuses.extend(newest.map_err(|cause| database.failed("read", cause))?.iter().filter_map(Status::of));
        }
        Ok(statuses)
    }

    async fn look(&self, target: &Target, database: &Database, now: DateTime<Utc>) -> Result<(), db::Error> {
        let begun = Instant::now();
        let day = || now.date_naive().to_string();
        let mut seen = check(&target.api, self.artifacts, &self.validation, now.timestamp(), day).await;
        if let (Ok(checked), true) = (&mut seen, target.has_our_database) {
            let mut session = database.session().await?;
            checked.differences.extend(price_tables(&mut session, self.artifacts, &self.validation).await);
        }
        let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let found = Found::of(seen);
        let url = target.api.shown();
        let record = Record {
            environment: &target.environment,
            url: &url,
            catalog_hash: self.artifacts.catalog_hash,
            result: found.result,
            differences: &found.differences,
            error: found.error.as_deref(),
            duration_ms,
            checked_at: now,
        };
        let mut session = database.session().await?;
        let noted = async {
            kept::keep(&mut session, &record).await?;
            if let Some(keep) = self.keep {
                kept::forget(&mut session, &target.environment, now - keep).await?;
            }
            let notice = notice(&self.title, &record);
            let channels = self.alerts.channels();
            let incident = Incident { subject: &target.subject(), notice: &notice, channels: &channels, now };
            match found.result {
                "equal" => alerts::close(&mut session, incident).await,
                _ => alerts::open(&mut session, incident, &found.summary()).await,
            }
        };
        let changed = noted.await.map_err(|cause| database.failed("write", cause))?;
        let environment = &target.environment;
        match (found.result, changed) {
            ("equal", true) => tracing::info!(environment, "the live API is as the catalog says again"),
            ("equal", false) => tracing::debug!(environment, "the live API is as the catalog says"),
            _ => tracing::error!(environment, summary = found.summary(), "{FAILED}"),
        }
        Ok(())
    }
}

impl Target {
    fn subject(&self) -> String {
        format!("live-check/{}", self.environment)
    }
}

impl Status {
    fn of(kept: &kept::Kept) -> Option<Self> {
        let unix_secs = db::read_moment(&kept.checked_at)?.timestamp();
        let (environment, differences) = (kept.environment.clone(), kept.differences.len());
        Some(Self { environment, equal: kept.result == "equal", differences, unix_secs })
    }
}
