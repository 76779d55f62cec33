//! `services sync`: plan, back up, write, verify, and let servers drop their caches.

use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::afterwards::{self, Afterwards};
use super::journal::Journal;
use super::proof::{self, Proof};
use super::table::{self, Extent};
use super::{EQUAL, PENDING, Sync, after, confirm, plan, ready, removed, unless_unread};
use crate::audit::Actor;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::db::Session;
use crate::services::backup::{Backup, Place, Reason, Rotated, rotate};
use crate::services::record::{self, Run};
use crate::services::{self, ASKED, NewRow, Outcome, Plan, Request, Step, SyncError, check_catalog, check_generated};
use crate::{Artifacts, clock};

const RULE: &str = "============================================";
/// What operators search logs for.
const FAILED: &str = "ERROR service sync failed";
const NOT_LIVE: &str = "ERROR service sync check failed";

#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    database: String,
    catalog_hash: &'static str,
    changed: bool,
    #[serde(flatten)]
    outcome: &'a Outcome,
    /// What stands in the rows that were missing.
    new_rows: &'a [NewRow],
    unknown: &'a [services::UnknownRow],
    #[serde(flatten)]
    rotated: &'a Rotated,
    #[serde(flatten)]
    afterwards: &'a Afterwards,
    log: &'a str,
}

#[derive(Serialize)]
struct FailedReport<'a> {
    environment: &'static str,
    database: String,
    catalog_hash: &'static str,
    error: String,
    help: &'a str,
    /// Where the old rows are, where it came so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<&'a Backup>,
    log: &'a str,
}

pub(super) async fn run(context: Context<'_>, arguments: &Sync) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    must_have_a_backup(&target, arguments)?;
    if let (Some(proof), Some(after)) = (&arguments.proof, &arguments.after_proof) {
        proof::must_be_another(proof, after)?;
    }
    if context.dry_run {
        return rehearse(context, &target, arguments).await;
    }
    if let Some(file) = &arguments.proof {
        proof::take_away(file)?;
    }
    let mut nowhere = std::io::sink();
    let (context, out) = context.part_with_output(&mut nowhere);
    let json = context.json;
    let time = clock::now();
    let console: Option<&mut dyn Write> = match json {
        true => None,
        false => Some(&mut *out),
    };
    let mut journal = Journal::begin(&arguments.files.folder, time, console)?;
    let syncing = Syncing { context, target, arguments, time, backup: None };
    let (mut syncing, done) = syncing.run(&mut journal).await;
    if let Err(failure) = &done {
        journal.note(&format!("{FAILED}: {}", failure.message()));
    }
    let problem = done.as_ref().ok().and_then(|done| done.problem(syncing.target.environment));
    if let Some(problem) = &problem {
        journal.note(&format!("{NOT_LIVE}: {}", problem.message()));
    }
    let log = journal.path.display().to_string();
    let untold = journal.end();
    let done = done.map_err(|failure| syncing.with_backup(failure));
    let printed = match &done {
        _ if !json => Ok(()),
        Ok(done) => show::json(out, &syncing.report(done, &log)),
        Err(failure) => show::json(out, &syncing.failed_report(failure, &log)),
    };
    let printed = printed.map_err(|cause| format!("the output cannot be written: {cause}"));
    if let Some(untold) = untold.or(printed.err()) {
        let kept = if done.is_ok() { "the rows are as the catalog says, and kept, but " } else { "" };
        syncing.context.warn(&format!("{kept}{untold}"));
    }
    done?;
    problem.map_or(Ok(EQUAL), |problem| Err(syncing.with_backup(problem)))
}

fn must_have_a_backup(target: &Target, arguments: &Sync) -> Result<(), Failure> {
    match target.live.filter(|_| arguments.no_backup) {
        Some(live) => Err(Failure::Usage(format!("{live} is not written without a backup"))),
        None => Ok(()),
    }
}

/// Refuses a checkout beside this program that was made of another catalog, or whose YAML was edited since, and says what agrees.
fn must_be_of_this_catalog(
    context: &Context<'_>,
    target: &Target,
    arguments: &Sync,
    say: &mut dyn FnMut(&str),
) -> Result<&'static str, Failure> {
    let here = Path::new(".");
    if !check_generated(context.artifacts, target.database.dialect(), here)? {
        return Ok("");
    }
    if arguments.no_catalog_check {
        return Ok("; generated/ agrees");
    }
    say(&format!("  asking the tools of the catalog: {ASKED}"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Ok(match check_catalog(here, &cargo)? {
        true => "; generated/ and catalog/ agree",
        false => "; generated/ agrees, and nobody here can tell whether catalog/ does",
    })
}

/// A sync with nothing kept: on a copy where there can be one, otherwise in a transaction that is taken back, and on D1,
/// which has neither, the plan alone.
async fn rehearse(context: Context<'_>, target: &Target, arguments: &Sync) -> Result<u8, Failure> {
    if let Some(after) = &arguments.after {
        after::must_be_synced(&context, after, arguments).await?;
    }
    must_be_of_this_catalog(&context, target, arguments, &mut |_| {})?;
    let actor = Actor::of_command();
    let run = Run { environment: target.environment, actor: &actor };
    let database = ready::open_copy(&context, target).await?;
    let mut session = database.session().await?;
    let plan = services::plan(&mut session, context.artifacts).await.map_err(SyncError::Database)?;
    let last = record::last_run(&mut session).await.map_err(SyncError::Database)?;
    let copy_of = arguments.copy_of.as_deref();
    let is_copy = target.must_be_its_own(context.artifacts, last.as_ref(), copy_of)?;
    if session.shows_its_writes() {
        let request =
            Request { run, planned: None, backup: None, last: last.as_ref(), new_rows: &[], must_be_recorded: false };
        services::rehearse(&mut session, context.artifacts, request).await?;
    }
    drop(session);
    database.close().await;
    let new_rows = plan::new_rows(&context, &plan).await?;
    unless_unread(plan::print(context, target, &plan, &new_rows, copy_of.filter(|_| is_copy)))?;
    Ok(if plan.differences.is_empty() { EQUAL } else { PENDING })
}

/// A sync at work.
struct Syncing<'a> {
    context: Context<'a>,
    target: Target,
    arguments: &'a Sync,
    time: DateTime<Utc>,
    /// Where the old rows are, as soon as they are there.
    backup: Option<Backup>,
}

struct Done {
    plan: Plan,
    new_rows: Vec<NewRow>,
    outcome: Outcome,
    rotated: Rotated,
    afterwards: Afterwards,
    /// Why there is no proof, where one was asked for.
    unproved: Option<String>,
}

impl Done {
    /// What of that which was asked for is not done. The rows are kept all the same.
    fn problem(&self, environment: &str) -> Option<Failure> {
        let unproved = || {
            let why = self.unproved.as_ref()?;
            let message = format!("the rows are as the catalog says, and kept, but {why}");
            Some(Failure::failed(message, "see that you may write there, and sync again"))
        };
        self.afterwards.problem(environment).or_else(unproved)
    }
}

impl<'a> Syncing<'a> {
    async fn run(mut self, journal: &mut Journal<'_>) -> (Self, Result<Done, Failure>) {
        let done = self.steps(journal).await;
        (self, done)
    }

    async fn steps(&mut self, journal: &mut Journal<'_>) -> Result<Done, Failure> {
        let Artifacts { title, name, .. } = self.context.artifacts;
        let title = if title.is_empty() { name } else { title };
        journal.say(&format!("{title} Service Synchronization"));
        journal.say(&format!("Environment: {}", self.target.environment));
        journal.say(&format!("Timestamp: {}", clock::iso(self.time)));
        journal.say(RULE);
        journal.say(&format!("Database: {}", self.target.database));
        if let Some(after) = &self.arguments.after {
            journal.say(&after::must_be_synced(&self.context, after, self.arguments).await?);
        }
        self.check_sql(journal)?;
        let database = ready::open(&self.context, &self.target).await?;
        let mut session = database.session().await?;
        let done = self.with(&mut session, journal).await;
        drop(session);
        database.close().await;
        // From here on the rows are kept, and nothing makes this a sync that failed.
        let mut done = done?;
        done.rotated = self.rotate(journal);
        let changed = &done.outcome.differences;
        let skip = self.arguments.no_validate;
        done.afterwards = afterwards::validate(&self.context, &self.target, changed, skip, journal).await;
        self.prove(&mut done, journal);
        journal.say("");
        journal.say(match done.afterwards.is_sound() {
            true => "Synchronization Complete!",
            false => "The rows are synchronized; see the issues above.",
        });
        Ok(done)
    }

    fn check_sql(&self, journal: &mut Journal<'_>) -> Result<(), Failure> {
        journal.say("Step 1: Generating sync SQL...");
        let hash = show::short_hash(self.context.artifacts.catalog_hash);
        let say = &mut |line: &str| journal.say(line);
        let agrees = must_be_of_this_catalog(&self.context, &self.target, self.arguments, say)?;
        journal.say(&format!("  generated when this program was built, from catalog {hash}{agrees}"));
        Ok(())
    }

    async fn with(&mut self, session: &mut Session, journal: &mut Journal<'_>) -> Result<Done, Failure> {
        let artifacts = self.context.artifacts;
        let last = record::last_run(session).await.map_err(SyncError::Database)?;
        if self.target.must_be_its_own(artifacts, last.as_ref(), self.arguments.copy_of.as_deref())? {
            journal.say(&format!(
                "  a copy of {}, whose database it was",
                self.arguments.copy_of.as_deref().unwrap_or_default()
            ));
        }
        let plan = services::plan(session, artifacts).await.map_err(SyncError::Database)?;
        let new_rows = plan::new_rows(&self.context, &plan).await?;
        table::plan(&plan, &new_rows, Extent::Screen).iter().for_each(|line| journal.show(&format!("  {line}")));
        table::plan(&plan, &new_rows, Extent::Whole).iter().for_each(|line| journal.note(&format!("  {line}")));
        let environment = self.target.environment;
        let hash = artifacts.catalog_hash;
        let is_on_record = last.as_ref().is_some_and(|last| last.is_of(environment, hash));
        if plan.differences.is_empty() {
            journal.say("  nothing to do: every row is as the catalog says");
        } else {
            confirm::confirm(&self.target, self.arguments.yes, self.context.json)?;
        }
        let actor = Actor::of_command();
        let run = Run { environment, actor: &actor };
        let identity = self.target.database.identity();
        let place = self.place(&identity);
        let request = Request {
            run,
            planned: Some(&plan),
            backup: (!self.arguments.no_backup).then_some(place),
            last: last.as_ref(),
            new_rows: &new_rows,
            must_be_recorded: !is_on_record,
        };
        let saved = &mut self.backup;
        let outcome = services::sync(session, artifacts, request, &mut |step| tell(step, saved, journal)).await;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                // What led here is what has to be told, also where this cannot be recorded.
                let saved = self.backup.as_ref();
                let _ = record::failed(session, artifacts, run, &plan.differences, saved, &error.to_string()).await;
                return Err(error.into());
            }
        };
        if let Some(revision) = outcome.revision {
            journal.say(&format!("  {}", table::changes(outcome.rows)));
            journal.say("Step 4: Clearing caches of running servers...");
            journal.say(&format!("  revision {revision}, which they look for all the time"));
        } else if !plan.differences.is_empty() {
            journal.say("  nothing left to do: another sync has done it meanwhile");
        }
        let (rotated, afterwards) = (Rotated::default(), Afterwards::default());
        Ok(Done { plan, new_rows, outcome, rotated, afterwards, unproved: None })
    }

    fn place<'b>(&self, identity: &'b str) -> Place<'b>
    where
        'a: 'b,
    {
        let folder = &self.arguments.files.folder;
        Place { folder, environment: self.target.environment, database: identity, time: self.time }
    }

    fn rotate(&mut self, journal: &mut Journal<'_>) -> Rotated {
        let Some(taken) = &self.backup else { return Rotated::default() };
        let identity = self.target.database.identity();
        let rotated = rotate(Reason::BeforeSync, self.place(&identity), &taken.file, self.arguments.files.keep);
        for line in removed(&rotated) {
            journal.say(&format!("  {line}"));
        }
        for warning in &rotated.warnings {
            journal.note(&format!("WARNING {warning}"));
            self.context.warn(warning);
        }
        rotated
    }

    /// Leaves the proof that was asked for, where there is something to prove.
    fn prove(&mut self, done: &mut Done, journal: &mut Journal<'_>) {
        let Some(file) = self.arguments.proof.as_ref().filter(|_| done.afterwards.is_sound()) else { return };
        let hash = self.context.artifacts.catalog_hash;
        let proof = Proof::new(self.target.environment, hash, done.afterwards.served());
        match proof.write(file) {
            Ok(()) => journal.say(&format!("Proof: {}", file.display())),
            Err(cause) => {
                let warning = format!("the proof {} cannot be written: {cause}", file.display());
                journal.note(&format!("WARNING {warning}"));
                done.rotated.warnings.push(warning.clone());
                done.unproved = Some(warning);
            }
        }
    }

    fn report<'b>(&self, done: &'b Done, log: &'b str) -> Report<'b> {
        Report {
            environment: self.target.environment,
            database: self.target.database.to_string(),
            catalog_hash: self.context.artifacts.catalog_hash,
            changed: !done.outcome.rows.is_none(),
            outcome: &done.outcome,
            new_rows: &done.new_rows,
            unknown: &done.plan.unknown,
            rotated: &done.rotated,
            afterwards: &done.afterwards,
            log,
        }
    }

    fn failed_report<'b>(&'b self, failure: &'b Failure, log: &'b str) -> FailedReport<'b> {
        FailedReport {
            environment: self.target.environment,
            database: self.target.database.to_string(),
            catalog_hash: self.context.artifacts.catalog_hash,
            error: failure.message(),
            help: failure.help(),
            backup: self.backup.as_ref(),
            log,
        }
    }

    /// A failure that also says where the old rows are.
    fn with_backup(&self, failure: Failure) -> Failure {
        match (failure, &self.backup) {
            (Failure::Failed { message, help }, Some(backup)) => {
                let kept = format!("the old rows are in {}", backup.file.display());
                Failure::Failed { message, help: if help.is_empty() { kept } else { format!("{help}; {kept}") } }
            }
            (failure, _) => failure,
        }
    }
}

fn tell(step: Step<'_>, saved: &mut Option<Backup>, journal: &mut Journal<'_>) {
    match step {
        Step::Saving => journal.say("Step 2: Creating database backup..."),
        Step::Saved(backup) => {
            journal.say(&format!("  {} ({})", backup.file.display(), show::counted(backup.rows, "row")));
            *saved = Some(backup.clone());
        }
        Step::Writing => journal.say("Step 3: Executing service sync..."),
        Step::Verified => journal.say("  verified: every row is as the catalog says"),
    }
}
