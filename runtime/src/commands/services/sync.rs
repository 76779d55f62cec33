//! `services sync`: plan, back up, write, verify, and let servers drop their caches.

use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::afterwards::{self, Afterwards};
use super::journal::Journal;
use super::{EQUAL, PENDING, Sync, after, confirm, plan, ready, table};
use crate::audit::Actor;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::db::Session;
use crate::services::backup::{Backup, Place, Reason, rotate};
use crate::services::record::{self, Run};
use crate::services::{self, Outcome, Plan, Request, Step, SyncError, check_generated};
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
    unknown: &'a [services::UnknownRow],
    #[serde(flatten)]
    afterwards: &'a Afterwards,
    log: String,
}

pub(super) async fn run(context: Context<'_>, arguments: &Sync) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    if arguments.no_backup && target.is_live {
        return Err(Failure::Usage(format!("{} is not written without a backup", target.environment)));
    }
    if context.dry_run {
        return rehearse(context, &target).await;
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
    let (syncing, done) = syncing.run(&mut journal).await;
    if let Err(failure) = &done {
        journal.note(&format!("{FAILED}: {}", failure.message()));
    }
    let problem = done.as_ref().ok().and_then(|done| done.afterwards.problem(syncing.target.environment));
    if let Some(problem) = &problem {
        journal.note(&format!("{NOT_LIVE}: {}", problem.message()));
    }
    let log = journal.path.display().to_string();
    journal.end()?;
    let Done { outcome, plan, afterwards } = done.map_err(|failure| syncing.with_backup(failure))?;
    if json {
        let report = Report {
            environment: syncing.target.environment,
            database: syncing.target.database.to_string(),
            catalog_hash: syncing.context.artifacts.catalog_hash,
            changed: !outcome.rows.is_none(),
            outcome: &outcome,
            unknown: &plan.unknown,
            afterwards: &afterwards,
            log,
        };
        show::json(out, &report)?;
    }
    problem.map_or(Ok(EQUAL), |problem| Err(syncing.with_backup(problem)))
}

/// A sync with nothing kept: on a copy where there can be one, otherwise in a transaction that is taken back, and on D1,
/// which has neither, the plan alone.
async fn rehearse(context: Context<'_>, target: &Target) -> Result<u8, Failure> {
    let actor = Actor::of_command();
    let run = Run { environment: target.environment, actor: &actor };
    let database = ready::open_copy(&context, target).await?;
    let mut session = database.session().await?;
    let plan = services::plan(&mut session, context.artifacts).await.map_err(SyncError::Database)?;
    if session.shows_its_writes() {
        let request = Request { run, planned: None, backup: None, must_be_recorded: false };
        services::rehearse(&mut session, context.artifacts, request).await?;
    }
    drop(session);
    database.close().await;
    plan::print(context, target, &plan)?;
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
    outcome: Outcome,
    afterwards: Afterwards,
}

impl Syncing<'_> {
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
            after::must_be_synced(&self.context, after, &self.arguments.target).await?;
            journal.say(&format!("After: {after}, which was synced with the same catalog"));
        }
        self.check_sql(journal)?;
        let database = ready::open(&self.context, &self.target).await?;
        let mut session = database.session().await?;
        let done = self.with(&mut session, journal).await;
        drop(session);
        database.close().await;
        let mut done = done?;
        self.rotate(journal)?;
        let changed = &done.outcome.differences;
        let skip = self.arguments.no_validate;
        done.afterwards = afterwards::validate(&self.context, &self.target, changed, skip, journal).await?;
        journal.say("");
        journal.say("Synchronization Complete!");
        Ok(done)
    }

    fn check_sql(&self, journal: &mut Journal<'_>) -> Result<(), Failure> {
        journal.say("Step 1: Generating sync SQL...");
        let artifacts = self.context.artifacts;
        let checkout = check_generated(artifacts, self.target.database.dialect(), Path::new("."))?;
        let hash = artifacts.catalog_hash.get(..12).unwrap_or(artifacts.catalog_hash);
        let agrees = if checkout { "; generated/ agrees" } else { "" };
        journal.say(&format!("  generated when this program was built, from catalog {hash}{agrees}"));
        Ok(())
    }

    async fn with(&mut self, session: &mut Session, journal: &mut Journal<'_>) -> Result<Done, Failure> {
        let artifacts = self.context.artifacts;
        let plan = services::plan(session, artifacts).await.map_err(SyncError::Database)?;
        for line in table::plan(&plan) {
            journal.say(&format!("  {line}"));
        }
        let environment = self.target.environment;
        let known = record::is_on_record(session, artifacts.catalog_hash, environment).await;
        let known = known.map_err(SyncError::Database)?;
        if plan.differences.is_empty() {
            journal.say("  nothing to do: every row is as the catalog says");
        } else {
            confirm::confirm(&self.target, self.arguments.yes, self.context.json)?;
        }
        let actor = Actor::of_command();
        let run = Run { environment, actor: &actor };
        let place = Place { folder: &self.arguments.files.folder, environment, time: self.time };
        let request = Request {
            run,
            planned: Some(&plan),
            backup: (!self.arguments.no_backup).then_some(place),
            must_be_recorded: !known,
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
        Ok(Done { plan, outcome, afterwards: Afterwards::default() })
    }

    fn rotate(&self, journal: &mut Journal<'_>) -> Result<(), Failure> {
        if self.backup.is_some() {
            let files = &self.arguments.files;
            for old in rotate(&files.folder, Reason::BeforeSync, self.target.environment, files.keep)? {
                journal.say(&format!("  removed {}, beyond the newest {}", old.display(), files.keep));
            }
        }
        Ok(())
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
