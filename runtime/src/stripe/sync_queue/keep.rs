//! Holding what this server works at: the job and its account, for as long as it works, and showing how far it is.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::SyncWorker;
use super::run::Outcome;
use crate::db::{self, Database};
use crate::jobs::{self, Job};
use crate::stripe::product_sync::record::{self, Progress};
use crate::stripe::product_sync::{ChainResult, Status};

/// Whoever is not heard of for so long has died.
const LEASE: Duration = Duration::from_secs(60);
/// How often it is looked whether there is more to show.
const TICK: Duration = Duration::from_millis(500);
/// Ticks between two renewals: several may fail before the lease is over.
const TICKS: u32 = 20;

/// How far the run of a job is.
#[derive(Debug, Default)]
pub(super) struct Progressing(Mutex<(Option<String>, Progress)>);

/// A job, and its account where that is known.
pub(super) struct Held<'a> {
    worker: &'a SyncWorker,
    database: &'a Database,
    job: &'a Job,
    account_lease: Option<String>,
    /// How far the work is.
    pub(super) progress: Progressing,
}

impl Progressing {
    pub(super) fn begin(&self, run: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(run.to_owned());
    }

    /// Counts what became of a product.
    pub(super) fn count(&self, result: &ChainResult) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = &mut held.1;
        match result.status {
            Status::Error => counts.errors += 1,
            _ if result.sort != crate::stripe::product_sync::plan::Sort::Product => {}
            Status::Created => counts.created += 1,
            Status::Updated => counts.updated += 1,
            Status::Synced => counts.synced += 1,
        }
    }

    fn now(&self) -> (Option<String>, Progress) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<'a> Held<'a> {
    /// Takes both; `None` where another server has one of them.
    pub(super) async fn take(
        worker: &'a SyncWorker,
        database: &'a Database,
        job: &'a Job,
        account_lease: Option<String>,
    ) -> Result<Option<Self>, db::Error> {
        let failed = |cause| database.failed("write", cause);
        let mut session = database.session().await?;
        let held = Self { worker, database, job, account_lease, progress: Progressing::default() };
        let (owner, now) = (&worker.owner, worker.now());
        if let Some(name) = &held.account_lease
            && !jobs::acquire(&mut session, name, owner, LEASE, now).await.map_err(failed)?
        {
            return Ok(None);
        }
        if jobs::claim(&mut session, job, owner, LEASE, now).await.map_err(failed)? {
            return Ok(Some(held));
        }
        drop(session);
        held.give_back().await?;
        Ok(None)
    }

    /// Does the work, unless what is held gets lost meanwhile.
    pub(super) async fn during(
        &self,
        work: impl Future<Output = Result<Outcome, db::Error>>,
    ) -> Result<Outcome, db::Error> {
        tokio::select! {
            outcome = work => outcome,
            () = self.keep() => {
                tracing::error!("the product sync was interrupted: another server has taken it up");
                Ok(Outcome::Lost)
            }
        }
    }

    pub(super) async fn give_back(&self) -> Result<(), db::Error> {
        let Some(name) = &self.account_lease else { return Ok(()) };
        let mut session = self.database.session().await?;
        let released = jobs::release(&mut session, name, &self.worker.owner, self.worker.now()).await;
        released.map_err(|cause| self.database.failed("write", cause))
    }

    /// Ends only where something is ours no more.
    async fn keep(&self) {
        let mut ticks = tokio::time::interval(TICK);
        let mut shown = Progress::default();
        for tick in 1_u32.. {
            ticks.tick().await;
            let (run, so_far) = self.progress.now();
            if let Some(run) = run.filter(|_| so_far != shown) {
                match self.show(&run, so_far).await {
                    Ok(()) => shown = so_far,
                    Err(cause) => tracing::debug!(error = %cause, "the progress of the product sync is shown later"),
                }
            }
            if tick % TICKS == 0 {
                match self.renew().await {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(cause) => tracing::warn!(error = %cause, "the lease of the product sync is renewed later"),
                }
            }
        }
    }

    async fn show(&self, run: &str, so_far: Progress) -> Result<(), db::Error> {
        let shown = record::progress(&mut self.database.session().await?, run, so_far).await;
        shown.map_err(|cause| self.database.failed("write", cause))
    }

    async fn renew(&self) -> Result<bool, db::Error> {
        let failed = |cause| self.database.failed("write", cause);
        let (owner, now) = (&self.worker.owner, self.worker.now());
        let mut session = self.database.session().await?;
        let has_account = match &self.account_lease {
            Some(name) => jobs::renew_lease(&mut session, name, owner, LEASE, now).await.map_err(failed)?,
            None => true,
        };
        Ok(has_account && jobs::renew(&mut session, self.job, owner, LEASE, now).await.map_err(failed)?)
    }
}
