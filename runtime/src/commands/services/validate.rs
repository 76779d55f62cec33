//! `services validate`: whether a live API answers what the catalog says.

use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;
use url::Url;

use super::live::{self, Found, Live};
use super::{DIFFERENT, EQUAL, Validate, history};
use crate::commands::{Context, Failure, show};
use crate::services::live::LiveError;
use crate::services::whose::PRODUCTION;

pub(super) async fn run(context: Context<'_>, arguments: &Validate) -> Result<u8, Failure> {
    if arguments.history {
        return history::run(context, arguments.target.as_deref()).await;
    }
    let (environment, url) = address(&context, arguments.target.as_deref())?;
    let live =
        Live::new(&context, environment, url, Duration::from_secs(arguments.timeout))?.with_database(&context)?;
    match arguments.watch {
        true => watch(context, &live, arguments).await,
        false => once(context, live, arguments.payments).await,
    }
}

/// The environment's, or what was given.
pub(super) fn address(context: &Context<'_>, target: Option<&str>) -> Result<(Option<&'static str>, Url), Failure> {
    let environments = context.artifacts.environments;
    let target = target.unwrap_or(PRODUCTION);
    if target.contains("://") {
        let url = Url::parse(target).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| Failure::Usage(format!("{target} is no address such as https://shop.example")))?;
        let text = url.as_str().trim_end_matches('/');
        let known = environments.iter().find(|environment| environment.live_url == Some(text));
        return Ok((known.map(|environment| environment.id), url));
    }
    let Some(environment) = environments.iter().find(|environment| environment.id == target) else {
        let known: Vec<_> = environments.iter().map(|environment| environment.id).collect();
        let known = known.join(", ");
        return Err(Failure::Usage(format!("there is no environment {target}; the catalog has {known}")));
    };
    match environment.live_url.and_then(|url| Url::parse(url).ok()) {
        Some(url) => Ok((Some(environment.id), url)),
        None => Err(Failure::Usage(format!(
            "the catalog names no live API for {target}: write `live_url:` at the environment, or give an address"
        ))),
    }
}

async fn once(context: Context<'_>, live: Live, payments: bool) -> Result<u8, Failure> {
    let Context { json, out, err, .. } = context;
    if !json {
        writeln!(out, "Validating Service Synchronization...")?;
        writeln!(out, "{}\n", live.api.shown())?;
        out.flush()?;
    }
    let (waits, mut told) = unbounded_channel();
    let live = live.telling(waits);
    let look = live.look(payments);
    tokio::pin!(look);
    let (found, error) = loop {
        tokio::select! {
            Some(wait) = told.recv() => {
                let secs = usize::try_from(wait.as_secs()).unwrap_or(usize::MAX);
                // That it cannot be told is no reason not to wait.
                let _ = writeln!(err, "waiting {}, as the API asks", show::counted(secs, "second"));
            }
            found = &mut look => break found,
        }
    };
    if json {
        show::json(out, &found)?;
    } else if error.is_none() {
        print(out, &found, live.environment)?;
    }
    match error {
        Some(error) => Err(error.into()),
        None => Ok(if found.is_equal() { EQUAL } else { DIFFERENT }),
    }
}

fn print(out: &mut dyn std::io::Write, found: &Found, environment: Option<&str>) -> Result<(), Failure> {
    for line in found.checked.iter().flat_map(live::told) {
        writeln!(out, "{line}")?;
    }
    match &found.price_tables {
        Some(database) => writeln!(out, "the rows of {database} were compared, too")?,
        None => writeln!(out, "the rows of the database were left out: name it with --database")?,
    }
    let tests = found.payments.iter().flat_map(|payments| &payments.tests);
    for test in tests.filter(|test| test.passed) {
        writeln!(out, "payment of {}: {}", test.id, test.message)?;
    }
    if let Some(payments) = found.payments.as_ref().filter(|payments| payments.left_out > 0) {
        writeln!(out, "{}", live::left_out(payments.left_out))?;
    }
    writeln!(out)?;
    if found.is_equal() {
        writeln!(out, "All services are properly synchronized!")?;
        writeln!(out, "Frontend and backend are in perfect sync")?;
        return Ok(());
    }
    writeln!(out, "Synchronization Issues Found:")?;
    for issue in found.issues() {
        writeln!(out, "{issue}")?;
    }
    writeln!(out, "\nRun sync script: {}", live::sync_command(environment))?;
    Ok(())
}

/// Looks until somebody stops the program.
async fn watch(context: Context<'_>, live: &Live, arguments: &Validate) -> Result<u8, Failure> {
    let Context { json, out, .. } = context;
    let mut ticks = tokio::time::interval(Duration::from_secs(arguments.every));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (found, error) = live.look(arguments.payments).await;
        match json {
            true => writeln!(out, "{}", serde_json::to_string(&found).unwrap_or_default())?,
            false => line(out, &found, error)?,
        }
        out.flush()?;
    }
}

/// A round of a watch: one line where nothing is wrong.
fn line(out: &mut dyn std::io::Write, found: &Found, error: Option<LiveError>) -> std::io::Result<()> {
    let time = &found.checked_at;
    match error {
        Some(error) => writeln!(out, "{time} Validation failed: {error}; {}", error.help()),
        None if found.is_equal() => writeln!(out, "{time} All services are properly synchronized!"),
        None => {
            let issues = found.issues();
            writeln!(out, "{time} Synchronization Issues Found: {}", live::counted(issues.len()))?;
            issues.iter().try_for_each(|issue| writeln!(out, "  {issue}"))
        }
    }
}
