//! `stripe sync`: plan, ask where it matters, apply, look again, and leave a report.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{fs, io};

use chrono::{DateTime, Utc};

use super::account::{Access, Account, open};
use super::{Asking, EQUAL, FAILED, Manner, Sync, plan, validate};
use crate::audit::Actor;
use crate::clock;
use crate::commands::failure::unless_unread;
use crate::commands::services::confirm;
use crate::commands::target::Choice;
use crate::commands::{Context, Failure, show};
use crate::db::Database;
use crate::stripe::product_sync::plan::{Known, Plan};
use crate::stripe::product_sync::record::{self, Begun, New, Run};
use crate::stripe::product_sync::{Applied, ChainResult, Ran, Report, Saved, Status, apply, reports};

pub(super) async fn run(context: Context<'_>, arguments: &Sync) -> Result<u8, Failure> {
    let saved = saved(arguments)?;
    let target = match &saved {
        Some(saved) => Choice::of(Some(&saved.environment)),
        None => arguments.target.clone(),
    };
    if arguments.validate_only {
        return validate::run(context, &target).await;
    }
    let mut account = Account::of(&context, &target).await?;
    let earlier = saved.as_ref().and_then(|saved| saved.back_to.as_ref());
    if let Some(earlier) = earlier {
        account = account.back_to(earlier)?;
    }
    let force = saved.as_ref().map_or(arguments.manner.force_update, |saved| saved.force);
    let manner = Manner { force_update: force, ..arguments.manner };
    if context.dry_run {
        let known = account.read_known(&context).await?;
        let found = account.plan(&known, manner, None).await?;
        unless_unread(plan::print(context, &account, &found))?;
        return Ok(plan::code(&found));
    }
    let database = open(&context, &account.target, Access::Write).await?;
    let known = account.known(&database).await?;
    let found = account.plan(&known, manner, None).await?;
    if let Some(saved) = &saved {
        saved.must_still_hold(&found).map_err(|refused| {
            Failure::failed(format!("{refused}; nothing was written"), "make and read a new plan")
        })?;
    }
    let mode = match (earlier.is_some(), force) {
        (true, _) => "revert",
        (false, true) => "force_update",
        (false, false) => "sync",
    };
    Syncing { context, account, database: &database, asking: &arguments.asking, mode }.run(found).await
}

/// Does what a plan of the local Stripe says: asks nobody, tells nothing and leaves no report. Whoever `is_alone` with it knows that a sync
/// which has not ended was interrupted.
pub(in crate::commands) async fn sync_local(
    context: &Context<'_>,
    account: Account,
    database: &Database,
    plan: &Plan,
    is_alone: bool,
) -> Result<Applied, Failure> {
    let (mut out, mut err) = (io::sink(), io::sink());
    let quiet = Context { database: context.database.clone(), out: &mut out, err: &mut err, ..*context };
    let folder = PathBuf::new();
    let asking = Asking { yes: true, most_change: u64::MAX, most_archived: usize::MAX, take_over: is_alone, folder };
    let mut syncing = Syncing { context: quiet, account, database, asking: &asking, mode: "sync" };
    let done = syncing.sync(plan, clock::now()).await?;
    done.kept.map(|()| done.applied)
}

/// The plan in the file that stands in the place of an environment.
fn saved(arguments: &Sync) -> Result<Option<Saved>, Failure> {
    let Some(file) = arguments.target.environment.as_deref().map(Path::new) else { return Ok(None) };
    if file.extension().is_none_or(|extension| extension != "json") {
        return Ok(None);
    }
    let text = fs::read_to_string(file).map_err(|cause| {
        Failure::failed(format!("the plan {} cannot be read: {cause}", file.display()), "make one: stripe plan --out")
    })?;
    let saved = Saved::parse(&text);
    saved
        .map(Some)
        .map_err(|refused| Failure::failed(refused.to_string(), "make one: pricebook stripe plan --out FILE"))
}

/// A sync that may write.
pub(super) struct Syncing<'a, 'c> {
    pub(super) context: Context<'c>,
    pub(super) account: Account,
    pub(super) database: &'a Database,
    pub(super) asking: &'a Asking,
    /// As `stripe_sync_runs` has it.
    pub(super) mode: &'static str,
}

/// What became of a sync.
struct Done {
    applied: Applied,
    report: Report,
    /// Whether the database remembers it.
    kept: Result<(), Failure>,
}

impl Syncing<'_, '_> {
    pub(super) async fn run(mut self, plan: Plan) -> Result<u8, Failure> {
        if !self.context.json {
            unless_unread(plan::print(self.context.again(), &self.account, &plan))?;
        }
        self.must_be_wanted(&plan)?;
        let time = clock::now();
        let Done { applied, mut report, kept } = self.sync(&plan, time).await?;
        let verified = report.verified;
        let written = reports::write(&self.asking.folder, time, self.mode, &report.lines(), &report);
        match &written {
            Ok(path) => self.say(&format!("report: {}", path.display())),
            Err(cause) => self.context.warn(&format!("the report cannot be written: {cause}")),
        }
        if !verified && applied.is_done() && self.mode != "adopt" {
            report.notes.push("the account is not yet as the catalog says; look at the plan again".to_owned());
        }
        let told = self.tell(&report);
        self.context.told("the sync was done", told);
        kept?;
        Ok(if applied.is_done() && (verified || self.mode == "adopt") { EQUAL } else { FAILED })
    }

    /// Begins, applies, looks again, and has the database remember it.
    async fn sync(&mut self, plan: &Plan, time: DateTime<Utc>) -> Result<Done, Failure> {
        let (began, actor) = (Instant::now(), Actor::of_command());
        let run = self.begin(&actor).await?;
        let applied = self.apply(plan, &run).await;
        let verified = applied.is_done() && self.mode != "adopt" && self.is_equal_now(&applied).await;
        let ran = Ran {
            environment: self.account.target.environment,
            account: &self.account.id,
            mode: self.mode,
            run: &run,
            started: time,
            took: began.elapsed(),
            requests: self.account.requests.sent(),
            verified,
        };
        let report = Report::of(ran, plan, &applied);
        let kept = self.keep(plan, &applied, &run, &actor, &report).await;
        Ok(Done { applied, report, kept })
    }

    fn must_be_wanted(&self, plan: &Plan) -> Result<(), Failure> {
        let hazards = self.asking.guards().hazards(plan);
        if !self.asking.yes && !hazards.is_empty() {
            let hazards: Vec<_> = hazards.iter().map(ToString::to_string).collect();
            return Err(Failure::failed(
                format!("{}; nothing was written", hazards.join("; ")),
                "if that is meant, add --yes; --most-change and --most-archived say what goes without",
            ));
        }
        if plan.steps().next().is_none() {
            return Ok(());
        }
        confirm::confirm(&self.account.target, self.asking.yes, self.context.json)
    }

    async fn begin(&self, actor: &Actor) -> Result<String, Failure> {
        let new = New {
            account: &self.account.id,
            environment: self.account.target.environment,
            mode: self.mode,
            triggered_by: "command",
            actor,
            catalog_hash: &self.account.desired.meta.catalog_hash,
            take_over: self.asking.take_over,
        };
        let begun = record::begin(&mut self.database.session().await?, new).await;
        match begun.map_err(|cause| self.account.target.failed("write", cause))? {
            Begun::Run(id) => Ok(id),
            Begun::Busy { since } => Err(Failure::failed(
                format!("another sync of this account began at {since} and has not ended; nothing was written"),
                "wait for it; if it was interrupted, add --take-over",
            )),
        }
    }

    async fn apply(&mut self, plan: &Plan, run: &str) -> Applied {
        let mut told = Ok(());
        let Context { json, out, .. } = &mut self.context;
        let applied = apply(&self.account.requests, plan, run, |result| {
            if let Some(line) = progress(result).filter(|_| !*json && told.is_ok()) {
                told = writeln!(out, "{line}").and_then(|()| out.flush());
            }
        })
        .await;
        self.context.told("the sync was done", told);
        applied
    }

    fn say(&mut self, line: &str) {
        if !self.context.json {
            let told = writeln!(self.context.out, "{line}");
            self.context.told("the sync was done", told);
        }
    }

    async fn is_equal_now(&self, applied: &Applied) -> bool {
        if applied.results.iter().all(|result| result.steps == 0) {
            return true;
        }
        let left = self.account.plan(&Known::new(), Manner::default(), None).await;
        left.is_ok_and(|left| left.is_equal())
    }

    async fn keep(
        &self,
        plan: &Plan,
        applied: &Applied,
        run: &str,
        actor: &Actor,
        report: &Report,
    ) -> Result<(), Failure> {
        let run = Run { id: run, actor, desired: &self.account.desired, plan };
        let kept = record::finish(&mut self.database.session().await?, run, applied, report).await;
        kept.map_err(|cause| {
            let failed = self.account.target.failed("write", cause);
            let message = format!("Stripe was changed as the report says, but that is not in the database: {failed}");
            Failure::failed(message, "sync again with --take-over: mappings are made anew from Stripe")
        })
    }

    fn tell(&mut self, report: &Report) -> std::io::Result<()> {
        if self.context.json {
            return show::json(self.context.out, report);
        }
        for result in report.results.iter().filter(|result| result.error.is_some()) {
            for text in result.error.iter().chain(&result.help) {
                writeln!(self.context.out, "  {}: {text}", result.local_id)?;
            }
        }
        writeln!(self.context.out, "{}", report.summary())?;
        if report.verified {
            writeln!(self.context.out, "verified: the account is as the catalog says")?;
        }
        Ok(())
    }
}

fn progress(result: &ChainResult) -> Option<String> {
    let id = result.id.as_deref().unwrap_or_default();
    match result.status {
        Status::Synced => None,
        status => Some(format!("{:<8} {} {} {id}", status.as_str(), result.sort.noun(), result.subject)),
    }
}
