//! Working the queue off: one job after the other, and of all servers only one at a time for each account.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Query};

use super::event::Starting;
use super::keep::Held;
use super::run::{Outcome, Work};
use super::{Ask, Clock, KIND};
use crate::Artifacts;
use crate::alerts::{Alerts, alert_title};
use crate::config::{Settings, StripeSyncSettings};
use crate::db::{self, Database, Session, text_type};
use crate::jobs::{self, Job, backoff, not_before};
use crate::stripe::product_sync::plan::Options;
use crate::stripe::product_sync::{Plan, desired, look, record};
use crate::stripe::{Pace, Requests, SecretKey, StripeClient, StripeError, WrongAccount};

/// Until a command's sync has ended, it is looked for that often.
const BUSY_PAUSE: Duration = Duration::from_secs(30);
/// Stripe asks for no more than this, or does not mean it.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Works the queue off with one key.
pub struct SyncWorker {
    pub(super) artifacts: &'static Artifacts,
    pub(super) environment: String,
    pub(super) settings: StripeSyncSettings,
    pub(super) pace: Pace,
    pub(super) alerts: Alerts,
    pub(super) title: String,
    /// Names this server among several.
    pub(super) owner: String,
    client: StripeClient,
    clock: Clock,
    account: Mutex<Option<String>>,
    has_noticed: AtomicBool,
}

/// Why nobody can say what a sync would do.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The account is not ours, or does not answer.
    #[error(transparent)]
    Account(#[from] WrongAccount),
    /// The account cannot be read.
    #[error("the account cannot be read: {0}")]
    Stripe(#[from] StripeError),
    /// The program is made of no catalog.
    #[error("the program has no catalog for Stripe: {0}")]
    NoCatalog(#[from] serde_json::Error),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl std::fmt::Debug for SyncWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncWorker").field("environment", &self.environment).field("owner", &self.owner).finish()
    }
}

impl SyncWorker {
    /// # Errors
    /// Where the system's certificates cannot be read.
    pub fn new(
        artifacts: &'static Artifacts,
        settings: &Settings,
        key: SecretKey,
        alerts: Alerts,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        let pace = Pace {
            per_second: settings.stripe_requests_per_sec,
            retries: settings.stripe_retries,
            first_delay: Duration::from_millis(settings.stripe_retry_delay_ms),
        };
        Ok(Self {
            artifacts,
            environment: settings.environment_of_runs().to_owned(),
            settings: settings.stripe_sync.clone(),
            pace,
            title: settings.alerts.subject.clone().unwrap_or_else(|| alert_title(artifacts)),
            alerts,
            owner: uuid::Uuid::now_v7().to_string(),
            client: StripeClient::new(settings.stripe_api_base.clone(), key)?,
            clock,
            account: Mutex::new(None),
            has_noticed: AtomicBool::new(false),
        })
    }

    /// Whether it moves real money.
    pub fn is_live(&self) -> bool {
        self.client.is_live()
    }

    /// Requests to Stripe in a second, at most.
    pub fn per_second(&self) -> u32 {
        self.pace.most_per_second(self.is_live())
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    pub(super) fn starting(&self) -> Starting<'_> {
        let Self { artifacts, environment, settings, pace, .. } = self;
        Starting { artifacts, environment, settings, retries: pace.retries }
    }

    pub(super) fn has_noticed(&self) -> bool {
        self.has_noticed.load(Ordering::Relaxed)
    }

    pub(super) fn has_now_noticed(&self) {
        self.has_noticed.store(true, Ordering::Relaxed);
    }

    /// What is due is queued, and what is queued is done.
    ///
    /// # Errors
    /// Where the database does not answer; what was not done is done in a later round.
    pub async fn round(&self, database: &Database) -> Result<usize, db::Error> {
        self.schedule(database).await?;
        let tried = self.work(database).await?;
        // Also those that did not arrive before.
        self.alerts.send_due(database, &self.owner, self.now()).await?;
        Ok(tried)
    }

    /// Does what is due, and returns how many jobs were tried.
    ///
    /// # Errors
    /// As [`Self::round`].
    pub async fn work(&self, database: &Database) -> Result<usize, db::Error> {
        let mut tried = 0;
        while let Some((job, ask)) = self.next_due(database).await? {
            if !self.attempt(database, &job, ask).await? {
                break;
            }
            tried += 1;
        }
        if tried > 0 {
            self.alerts.send_due(database, &self.owner, self.now()).await?;
        }
        Ok(tried)
    }

    /// What a sync would do now, and with `deep`, also where only what products grant differs; nothing is written anywhere.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub async fn preview(&self, database: &Database, force: bool, deep: bool) -> Result<Plan, PreviewError> {
        let requests = self.requests();
        let account = self.account(&requests).await?;
        let now = self.now();
        let desired = desired(self.artifacts.stripe_json, &now.date_naive().to_string())?;
        let known = record::known(&mut database.session().await?, &account).await;
        let known = known.map_err(|cause| database.failed("read", cause))?;
        let options = Options { force, adoption: None, now: now.timestamp() };
        Ok(look(&requests, &desired, &known, &options, &account, deep).await?)
    }

    async fn next_due(&self, database: &Database) -> Result<Option<(Job, Ask)>, db::Error> {
        let now = self.now();
        let unfinished = jobs::unfinished(&mut database.session().await?, KIND).await;
        let unfinished = unfinished.map_err(|cause| database.failed("read", cause))?;
        let due = unfinished.into_iter().filter(|job| job.free_at <= now);
        let mut due = due.filter_map(|job| Some((serde_json::from_str::<Ask>(&job.payload).ok()?, job)));
        Ok(due.find(|(ask, _)| ask.environment == self.environment).map(|(ask, job)| (job, ask)))
    }

    /// Tries a job; `false` where another server is at work on the account, or the job is for a program of another catalog.
    async fn attempt(&self, database: &Database, job: &Job, ask: Ask) -> Result<bool, db::Error> {
        let failed = |cause| database.failed("write", cause);
        if !self.is_of_this_catalog(&mut database.session().await?).await.map_err(failed)? {
            return Ok(false);
        }
        let requests = self.requests();
        let account = self.account(&requests).await;
        // Whose it is when nobody knows the account is told by the job alone.
        let name = account.as_ref().map(|id| format!("stripe-sync/{id}")).ok();
        let held = match Held::take(self, database, job, name).await? {
            Some(held) => held,
            None => return Ok(false),
        };
        let outcome = match account {
            Ok(account) => {
                let work = Work { worker: self, database, requests: &requests, account: &account, job };
                held.during(work.run(ask.clone(), &held.progress)).await?
            }
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.note(database, job, &ask, outcome, requests.asked_to_wait()).await?;
        held.give_back().await?;
        Ok(true)
    }

    async fn note(
        &self,
        database: &Database,
        job: &Job,
        ask: &Ask,
        outcome: Outcome,
        asked_to_wait: Duration,
    ) -> Result<(), db::Error> {
        let (now, owner, tries) = (self.now(), &self.owner, job.attempts + 1);
        let mut session = database.session().await?;
        let noted = match outcome {
            Outcome::Done { problem } => match jobs::succeed(&mut session, job, owner, now).await {
                Ok(()) => self.tell(&mut session, ask.mode, problem.as_deref(), now).await,
                Err(cause) => Err(cause),
            },
            Outcome::Failed(error) if tries < job.max_attempts => {
                let wait = backoff(self.pace.first_delay, tries).max(asked_to_wait.min(LONGEST_WAIT));
                tracing::warn!(error, tries, "the product sync failed and is tried again");
                jobs::again(&mut session, job, owner, &error, not_before(now + wait)).await
            }
            Outcome::Failed(error) | Outcome::Refused(error) => {
                tracing::error!(error, tries, "the product sync failed and is given up");
                match jobs::die(&mut session, job, owner, &error, now).await {
                    Ok(()) => self.tell(&mut session, ask.mode, Some(&error), now).await,
                    Err(cause) => Err(cause),
                }
            }
            Outcome::Busy(why) => {
                tracing::info!(why, "the product sync waits");
                jobs::put_back(&mut session, job, owner, &why, not_before(now + BUSY_PAUSE)).await
            }
            // It is another's now.
            Outcome::Lost => Ok(()),
        };
        noted.map_err(|cause| database.failed("write", cause))
    }

    fn requests(&self) -> Requests {
        Requests::new(self.client.clone(), self.pace)
    }

    /// The account of the key, which is asked for once.
    async fn account(&self, requests: &Requests) -> Result<String, WrongAccount> {
        let known = self.account.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let id = requests.account_of(&self.environment, self.artifacts).await?;
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.clone());
        Ok(id)
    }

    /// Whether the database holds the rows of this program's catalog, or none: while programs are exchanged, only those of the
    /// catalog that counts write to Stripe.
    pub(super) async fn is_of_this_catalog(&self, session: &mut Session) -> Result<bool, sqlx::Error> {
        let query = Query::select()
            .expr(Expr::col("catalog_hash").cast_as(text_type(session.dialect())))
            .from("catalog_state")
            .and_where(Expr::col("catalog").eq(self.artifacts.name))
            .to_owned();
        let hash = session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten());
        Ok(hash.is_none_or(|hash| hash == self.artifacts.catalog_hash))
    }
}
