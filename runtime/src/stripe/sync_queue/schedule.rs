//! What is asked for by nobody: looks and full syncs in their turns, and a sync of the catalog of a new program.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ask::Debounce;
use super::{Ask, Mode, SyncWorker, Trigger, ask};
use crate::audit::{Actor, Call};
use crate::db::{self, Database, Session};
use crate::jobs::take_turn;
use crate::stripe::product_sync::record;

/// The turn's name in `schedules`.
pub(super) fn turn_name(mode: Mode, environment: &str) -> String {
    format!("stripe-{}/{environment}", mode.as_str())
}

impl SyncWorker {
    /// Queues what is due.
    ///
    /// # Errors
    /// Where the database does not answer; it is queued in a later round.
    pub async fn schedule(&self, database: &Database) -> Result<(), db::Error> {
        let failed = |cause| database.failed("write", cause);
        let now = self.now();
        let mut session = database.session().await?;
        if !self.is_of_this_catalog(&mut session).await.map_err(failed)? {
            return Ok(());
        }
        if self.starting().is_automatic() {
            self.notice_another_catalog(&mut session, now).await.map_err(failed)?;
            self.turn(&mut session, Mode::Sync, self.settings.sync_every, now).await.map_err(failed)?;
        }
        self.turn(&mut session, Mode::Validate, self.settings.validate_every, now).await.map_err(failed)
    }

    async fn turn(
        &self,
        session: &mut Session,
        mode: Mode,
        every: Option<Duration>,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let Some(every) = every else { return Ok(()) };
        if !take_turn(session, &turn_name(mode, &self.environment), every, now).await? {
            return Ok(());
        }
        let wanted = Ask {
            environment: self.environment.clone(),
            mode,
            trigger: Trigger::Schedule,
            actor: Actor::of_server(Call::default()).shown(),
            confirmed: false,
            run: None,
        };
        ask(session, &wanted, Debounce::default(), self.pace.retries, now).await.map(drop)
    }

    /// Starts a sync where the last one was of another catalog, or there was none: at the start, and after a deploy.
    async fn notice_another_catalog(&self, session: &mut Session, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
        if self.has_noticed() {
            return Ok(());
        }
        let last = record::last(session, &self.environment).await?;
        let hash = self.artifacts.catalog_hash;
        if last.is_none_or(|last| last.catalog_hash != hash) {
            tracing::info!(catalog = hash, "Stripe was last synced with another catalog; a sync is queued");
            self.starting().start(session, &Actor::of_server(Call::default()), now).await?;
        }
        self.has_now_noticed();
        Ok(())
    }
}
