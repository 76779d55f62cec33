//! One job: a sync, from the plan to the report. A command does the same, and asks where this one refuses.

use std::time::Instant;

use pricebook_types::stripe::Desired;

use super::keep::Progressing;
use super::{Ask, Mode, SyncWorker, event};
use crate::audit::Actor;
use crate::db::{self, Database};
use crate::jobs::{self, Job};
use crate::stripe::product_sync::plan::{Guards, Known, Options};
use crate::stripe::product_sync::record::{self, Begun, New, Run};
use crate::stripe::product_sync::{Applied, Plan, Ran, Report, apply, desired, look, reports};
use crate::stripe::{Requests, StripeError};

/// What became of a job.
pub(super) enum Outcome {
    /// It is done.
    Done {
        /// What a look has found.
        problem: Option<String>,
    },
    /// It failed, and may not the next time.
    Failed(String),
    /// It fails until somebody does something.
    Refused(String),
    /// Something else is under way.
    Busy(String),
    /// What was held is another server's.
    Lost,
}

/// What a job is done with.
pub(super) struct Work<'a> {
    pub(super) worker: &'a SyncWorker,
    pub(super) database: &'a Database,
    pub(super) requests: &'a Requests,
    pub(super) account: &'a str,
    pub(super) job: &'a Job,
}

impl Work<'_> {
    pub(super) async fn run(&self, ask: Ask, progress: &Progressing) -> Result<Outcome, db::Error> {
        let day = self.worker.now().date_naive().to_string();
        let desired = match desired(self.worker.artifacts.stripe_json, &day) {
            Ok(desired) => desired,
            Err(cause) => return Ok(Outcome::Refused(format!("the program has no catalog for Stripe: {cause}"))),
        };
        match ask.mode {
            Mode::Validate => self.validate(&ask, &desired).await,
            Mode::Sync | Mode::ForceUpdate => self.sync(ask, &desired, progress).await,
        }
    }

    async fn sync(&self, mut ask: Ask, desired: &Desired<'_>, progress: &Progressing) -> Result<Outcome, db::Error> {
        // Once a day nothing is believed of a hash.
        let deep = ask.trigger == super::Trigger::Schedule;
        let plan = match self.plan(desired, ask.mode == Mode::ForceUpdate, deep).await? {
            Ok(plan) => plan,
            Err(error) => return Ok(Outcome::Failed(format!("the account cannot be read: {error}"))),
        };
        if let Some(refused) = refused(&ask, &plan) {
            return Ok(Outcome::Refused(refused));
        }
        let (started, began) = (self.worker.now(), Instant::now());
        let actor = Actor::of_shown(&ask.actor);
        let run = match self.begin(&ask, &actor).await? {
            Begun::Run(id) => id,
            Begun::Busy { since } => {
                return Ok(Outcome::Busy(format!("a sync that a command began at {since} has not ended")));
            }
        };
        ask.run = Some(run.clone());
        self.note(&ask).await?;
        progress.begin(&run);
        let applied = apply(self.requests, &plan, &run, |result| progress.count(result)).await;
        let verified = applied.is_done() && self.is_equal_now(desired, &applied).await?;
        let ran = Ran {
            environment: &ask.environment,
            account: self.account,
            mode: ask.mode.as_str(),
            run: &run,
            started,
            took: began.elapsed(),
            requests: self.requests.sent(),
            verified,
        };
        let report = Report::of(ran, &plan, &applied);
        let run = Run { id: &run, actor: &actor, desired, plan: &plan };
        let kept = record::finish(&mut self.database.session().await?, run, &applied, &report).await;
        kept.map_err(|cause| self.database.failed("write", cause))?;
        let folder = &self.worker.settings.report_folder;
        if let Err(cause) = reports::write(folder, started, report.mode, &report.lines(), &report) {
            tracing::warn!(error = %cause, "the report of the product sync cannot be written");
        }
        tracing::info!(environment = report.environment, mode = report.mode, verified, "{}", report.summary());
        Ok(ended(&report))
    }

    /// What would have to be done, or why Stripe does not say.
    pub(super) async fn plan(
        &self,
        desired: &Desired<'_>,
        force: bool,
        deep: bool,
    ) -> Result<Result<Plan, StripeError>, db::Error> {
        let known = record::known(&mut self.database.session().await?, self.account).await;
        let known = known.map_err(|cause| self.database.failed("read", cause))?;
        let options = Options { force, adoption: None, now: self.worker.now().timestamp() };
        Ok(look(self.requests, desired, &known, &options, self.account, deep).await)
    }

    async fn begin(&self, ask: &Ask, actor: &Actor) -> Result<Begun, db::Error> {
        let new = New {
            account: self.account,
            environment: &ask.environment,
            mode: ask.mode.as_str(),
            triggered_by: ask.trigger.as_str(),
            actor,
            catalog_hash: self.worker.artifacts.catalog_hash,
            take_over: false,
        };
        let mut session = self.database.session().await?;
        let begun = async {
            // The account's lease is ours, so that no server is at work.
            record::interrupted_on_servers(&mut session, self.account).await?;
            let begun = record::begin(&mut session, new).await?;
            if let Begun::Run(run) = &begun {
                event::taken_up_by(&mut session, run).await?;
            }
            Ok(begun)
        };
        begun.await.map_err(|cause| self.database.failed("write", cause))
    }

    /// Whoever asks for the job is told which run it is.
    pub(super) async fn note(&self, ask: &Ask) -> Result<(), db::Error> {
        let noted = jobs::note(&mut self.database.session().await?, self.job, &self.worker.owner, ask).await;
        noted.map_err(|cause| self.database.failed("write", cause))
    }

    async fn is_equal_now(&self, desired: &Desired<'_>, applied: &Applied) -> Result<bool, db::Error> {
        if applied.results.iter().all(|result| result.steps == 0) {
            return Ok(true);
        }
        let options = Options { now: self.worker.now().timestamp(), ..Options::default() };
        let left = look(self.requests, desired, &Known::new(), &options, self.account, false).await;
        Ok(left.is_ok_and(|left| left.is_equal()))
    }
}

/// What must be confirmed, where nobody has.
fn refused(ask: &Ask, plan: &Plan) -> Option<String> {
    let hazards = Guards::default().hazards(plan);
    if ask.confirmed || hazards.is_empty() {
        return None;
    }
    let hazards: Vec<_> = hazards.iter().map(ToString::to_string).collect();
    Some(format!(
        "{}; nothing was written. If that is meant: pricebook stripe sync --yes, or \"confirmed\": true",
        hazards.join("; ")
    ))
}

fn ended(report: &Report) -> Outcome {
    let first = report.results.iter().find_map(|result| Some((result, result.error.as_ref()?)));
    match first {
        Some((result, error)) => Outcome::Failed(format!(
            "{} of {} failed; {}: {error}",
            report.errors,
            report.results.len(),
            result.local_id
        )),
        None if !report.verified => Outcome::Failed("the account is not yet as the catalog says".to_owned()),
        None => Outcome::Done { problem: None },
    }
}
