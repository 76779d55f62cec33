//! What a sync proves to a place that cannot look at its database: a small file that it leaves, and how it is judged there.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::commands::Failure;
use crate::commands::show::short_hash;

/// What was true longer ago may have changed since.
const GOOD_FOR: TimeDelta = TimeDelta::hours(24);
/// How far the clocks of two machines may be apart.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// That an environment was as a catalog says. Nothing seals it: whoever could forge it could as well leave `--after` out.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Proof {
    environment: String,
    catalog_hash: String,
    result: Outcome,
    served: Served,
    /// When every row was as the catalog says.
    verified_at: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Every row is as the catalog says.
    Equal,
}

/// What is known of the API that serves these rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Served {
    /// It answers as the catalog says.
    Equal,
    /// Nobody looked at it.
    #[default]
    NotLookedAt,
    /// The catalog names none.
    NoLiveUrl,
}

impl Proof {
    pub(super) fn new(environment: &str, catalog_hash: &str, served: Served) -> Self {
        Self {
            environment: environment.to_owned(),
            catalog_hash: catalog_hash.to_owned(),
            result: Outcome::Equal,
            served,
            verified_at: clock::iso(clock::now()),
        }
    }

    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        let written = fs::write(file, serde_json::to_string_pretty(self)? + "\n");
        if written.is_err() && file.is_file() {
            // A part of it proves nothing.
            let _ = fs::remove_file(file);
        }
        written
    }

    fn read(file: &Path) -> io::Result<Self> {
        Ok(serde_json::from_slice(&fs::read(file)?)?)
    }

    /// Why it does not prove that `environment` is as the catalog of this hash says.
    fn problem(&self, environment: &str, catalog_hash: &str, now: DateTime<Utc>) -> Option<String> {
        let Ok(verified_at) = DateTime::parse_from_rfc3339(&self.verified_at) else {
            return Some(format!("{:?} is no time", self.verified_at));
        };
        let age = now - verified_at.to_utc();
        if self.environment != environment {
            return Some(format!("it is of {}, and not of {environment}", self.environment));
        }
        if self.catalog_hash != catalog_hash {
            let (theirs, ours) = (short_hash(&self.catalog_hash), short_hash(catalog_hash));
            return Some(format!("it is of the catalog {theirs}, and this program of {ours}"));
        }
        if self.served == Served::NotLookedAt {
            return Some(format!("what {environment} serves was not looked at when it was made"));
        }
        if age > GOOD_FOR || age < -CLOCKS {
            let hours = GOOD_FOR.num_hours();
            return Some(format!("it is of {}, and holds for {hours} hours", self.verified_at));
        }
        None
    }
}

/// What an earlier sync has proved holds no more once another begins.
pub(super) fn take_away(file: &Path) -> Result<(), Failure> {
    if !file.is_file() && !file.is_dir() {
        // Nothing, or a device, which is not ours to remove.
        return Ok(());
    }
    match fs::remove_file(file) {
        Err(cause) => {
            let message = format!("the old proof {} cannot be taken away: {cause}", file.display());
            Err(Failure::failed(message, "see that you may write there, or name another file"))
        }
        Ok(()) => Ok(()),
    }
}

/// A sync takes its proof away first, and must not take away the one that it asks for.
pub(super) fn must_be_another(proof: &Path, after: &Path) -> Result<(), Failure> {
    let real = |file: &Path| fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    match real(proof) == real(after) {
        true => {
            Err(Failure::Usage(format!("{} is the proof to go by; name another file with --proof", proof.display())))
        }
        false => Ok(()),
    }
}

/// Goes on only with a file by which that environment is as the catalog of this hash says. Returns what is known of its API.
pub(super) fn must_prove(file: &Path, environment: &str, catalog_hash: &str) -> Result<Served, Failure> {
    let problem = match Proof::read(file) {
        Ok(proof) => match proof.problem(environment, catalog_hash, clock::now()) {
            Some(problem) => problem,
            None => return Ok(proof.served),
        },
        Err(cause) => cause.to_string(),
    };
    let message = format!("{} does not prove that {environment} was synced: {problem}", file.display());
    let help = format!("sync it first: pricebook services sync {environment} --proof {}", file.display());
    Err(Failure::failed(message, help))
}
