//! Whether a server could work here: each thing that it needs, how it is, and what to do about it.

mod alerts;
mod encryption;
mod stripe;

use std::path::Path;
use std::time::SystemTime;

use pricebook_types::{Artifacts, Dialect, Stream};
use serde::Serialize;

use super::record::last_run;
use super::verify;
use super::whose::oddity;
use crate::config::{DatabaseUrl, SettingErrors, Settings};
use crate::db::encryption::protocol;
use crate::db::migrate::{Applied, history_to_serve};
use crate::db::{Database, Session, said};
use crate::stripe::SecretKey;

pub use alerts::of_alerts;
pub use encryption::of_encryption;
pub use stripe::of_stripe;

/// Clocks that differ by more are told.
const CLOCK_SECS: u64 = 5;
/// With less, backups and logs may not fit.
const LITTLE_SPACE_BYTES: u64 = 1024 * 1024 * 1024;
/// With less, a sync may not fit.
const NO_SPACE_BYTES: u64 = 64 * 1024 * 1024;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Good,
    /// A server works, but not with everything or not for long.
    Doubtful,
    /// A server does not work.
    Bad,
}

/// How one thing is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `settings`, `database` …
    pub what: &'static str,
    /// How it is.
    pub health: Health,
    /// What was seen.
    pub says: String,
    /// What to do; empty where there is nothing to do.
    pub help: String,
}

impl Finding {
    fn good(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, health: Health::Good, says: says.into(), help: String::new() }
    }

    fn doubtful(what: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what, health: Health::Doubtful, says: says.into(), help: help.into() }
    }

    fn bad(what: &'static str, says: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what, health: Health::Bad, says: says.into(), help: help.into() }
    }
}

/// How the database of an environment is brought up to date.
pub fn up_to_date(environment: &str) -> String {
    match environment {
        Settings::DEVELOPMENT => "run `pricebook` once".to_owned(),
        name => format!("run `pricebook migrate up {name}`, then `pricebook services sync {name}`"),
    }
}

/// Looks at everything and changes nothing; `stand_in` is the account of the local Stripe, where one stands in for Stripe.
pub async fn examine(
    artifacts: &Artifacts,
    streams: &[Stream],
    url: &DatabaseUrl,
    settings: Result<&Settings, &SettingErrors>,
    stand_in: Option<&Path>,
) -> Vec<Finding> {
    let mut findings = of_settings(settings);
    let environment = settings.map_or(Settings::DEVELOPMENT, |settings| &*settings.environment);
    findings.extend(of_database(artifacts, streams, url, environment).await);
    if let Ok(settings) = settings {
        let key = SecretKey::of_process(&settings.environment, artifacts);
        findings.push(match stand_in {
            Some(file) => stripe::of_stand_in(file),
            None => of_stripe(key, artifacts, settings).await,
        });
    }
    findings.push(of_disk(url));
    findings
}

fn of_settings(settings: Result<&Settings, &SettingErrors>) -> Vec<Finding> {
    match settings {
        Ok(settings) => vec![Finding::good(
            "settings",
            format!("every one is right; the server answers at {} as {}", settings.listen, settings.environment),
        )],
        Err(errors) => errors
            .0
            .iter()
            .map(|error| Finding::bad("settings", error.to_string(), "set it right, or take it out"))
            .collect(),
    }
}

async fn of_database(artifacts: &Artifacts, streams: &[Stream], url: &DatabaseUrl, environment: &str) -> Vec<Finding> {
    let remedy = up_to_date(environment);
    let database = match Database::open_read_only(url).await {
        Ok(Some(database)) => database,
        Ok(None) => {
            let says = format!("there is no file {url}");
            let help = format!("{remedy}, or name another database with --database");
            return vec![Finding::bad("database", says, help)];
        }
        Err(error) => return vec![Finding::bad("database", error.to_string(), error.fault().help())],
    };
    let findings = match database.session().await {
        Ok(mut session) => of_session(artifacts, streams, url, &mut session, &database.shown, environment).await,
        Err(error) => vec![Finding::bad("database", error.to_string(), error.fault().help())],
    };
    database.close().await;
    findings
}

async fn of_session(
    artifacts: &Artifacts,
    streams: &[Stream],
    url: &DatabaseUrl,
    session: &mut Session,
    shown: &str,
    environment: &str,
) -> Vec<Finding> {
    let remedy = up_to_date(environment);
    // The first look at a table shows whether it is a database at all.
    let (history, later) = match history_to_serve(session, streams).await {
        Ok(found) => found,
        Err(error) => return vec![Finding::bad("database", error.to_string(), error.help())],
    };
    let rows = match history.due.len() {
        0 => of_rows(artifacts, session, &remedy).await,
        due => Finding::bad("tables", format!("{due} migrations were not run"), remedy),
    };
    let written = match history.due.len() {
        0 => of_writing(url, session, shown).await,
        _ => Finding::good("database", format!("{shown} answers")),
    };
    let protocol = protocol(session).await.ok().flatten();
    let mut findings = vec![written, rows, of_clock(session).await];
    let last = last_run(session).await.ok().flatten();
    if let Some(odd) = oddity(artifacts, last.as_ref(), environment) {
        let help = "see that DATABASE_URL and PRICEBOOK_ENVIRONMENT belong together; a copy is synced with --copy-of";
        findings.push(Finding::doubtful("environment", odd, help));
    }
    if let Some(Applied { stream, number, name, .. }) = later.first() {
        let count = if later.len() == 1 { "1 migration".to_owned() } else { format!("{} migrations", later.len()) };
        let says = format!(
            "it has run {count} that this program does not know, {stream} {number:04}_{name} the first; they only add"
        );
        findings.push(Finding::doubtful("tables", says, "this program may serve; migrate and sync with the newer one"));
    }
    findings.extend(of_encryption(url, protocol.as_deref()));
    findings
}

/// Whether this user may write, too, found out without writing.
async fn of_writing(url: &DatabaseUrl, session: &mut Session, shown: &str) -> Finding {
    let refused = match url.path() {
        Some(_) if Database::may_be_written(url) => None,
        Some(_) => Some("this user may not write the file, or not its folder".to_owned()),
        // A server judges the statement before it finds that it is about no row.
        None => session
            .run("UPDATE catalog_state SET revision = revision WHERE 1 = 0")
            .await
            .err()
            .map(|cause| said(&cause)),
    };
    let consequence = match url.path() {
        Some(_) => "no server could start",
        None => "a server could show prices and take no payment",
    };
    match refused {
        None => Finding::good("database", format!("{shown} answers")),
        Some(why) => Finding::bad(
            "database",
            format!("{shown} can be read and not written, so that {consequence}: {why}"),
            "run this as the user who is to serve, and give that one the right to write",
        ),
    }
}

async fn of_rows(artifacts: &Artifacts, session: &mut Session, remedy: &str) -> Finding {
    match verify(session, artifacts).await {
        Err(cause) => Finding::bad("rows", cause.to_string(), crate::db::Fault::of(&cause).help()),
        Ok(differences) if differences.is_empty() => Finding::good("rows", "every row is as the catalog says"),
        Ok(differences) => {
            let says = format!("{} values are not as the catalog says", differences.len());
            Finding::doubtful("rows", says, format!("see them with `pricebook prices`, then {remedy}"))
        }
    }
}

/// Announced prices go by the database's day, payments by ours.
async fn of_clock(session: &mut Session) -> Finding {
    let query = match session.dialect() {
        Dialect::Sqlite => "SELECT strftime('%s', 'now')",
        Dialect::Postgres => "SELECT CAST(extract(epoch FROM clock_timestamp()) AS bigint)",
        Dialect::Mysql => "SELECT UNIX_TIMESTAMP()",
    };
    let theirs = session.text(query).await.ok().flatten().and_then(|secs| secs.parse::<u64>().ok());
    let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).ok();
    match theirs.zip(ours) {
        Some((theirs, ours)) if theirs.abs_diff(ours) <= CLOCK_SECS => {
            Finding::good("clock", "ours and the database's agree")
        }
        Some((theirs, ours)) => Finding::bad(
            "clock",
            format!("ours and the database's are {} seconds apart", theirs.abs_diff(ours)),
            "set both by NTP: announced prices begin on a day",
        ),
        None => Finding::bad("clock", "the time cannot be told", "see that the system's clock is set"),
    }
}

fn of_disk(url: &DatabaseUrl) -> Finding {
    let folder = url.path().and_then(|path| path.parent()).filter(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let free_bytes = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(cause) => return Finding::bad("disk", cause.to_string(), "see that the folder is there and readable"),
    };
    let says = format!("{} MiB are free", free_bytes / (1024 * 1024));
    let help = "make space: backups, logs and SQLite's log need it";
    match free_bytes {
        ..NO_SPACE_BYTES => Finding::bad("disk", says, help),
        NO_SPACE_BYTES..LITTLE_SPACE_BYTES => Finding::doubtful("disk", says, help),
        _ => Finding::good("disk", says),
    }
}
