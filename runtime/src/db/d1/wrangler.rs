//! The command `wrangler d1 execute`, from the PATH or by way of npx.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

use super::D1Error;
use super::answer::{self, Results};
use crate::config::D1Database;

/// Ways to start it, the first that is there.
const PROGRAMS: [(&str, &[&str]); 2] = [("wrangler", &[]), ("npx", &["wrangler"])];

/// Wrangler, for one database.
#[derive(Debug)]
pub(super) struct Wrangler {
    database: D1Database,
}

impl Wrangler {
    pub(super) fn new(database: D1Database) -> Self {
        Self { database }
    }

    /// The rows of each query.
    pub(super) fn query(&self, command: &str) -> Result<Results, D1Error> {
        // In one word: what begins with a comment, `--`, would be taken for an option.
        let output = self.execute(&[&format!("--command={}", without_transaction(command))])?;
        answer::results(&output.stdout).map_err(D1Error::Refused)
    }

    /// Runs statements, all or none.
    pub(super) fn run_file(&self, script: &str) -> Result<(), D1Error> {
        let failed = |cause: io::Error| D1Error::Refused(format!("a file for wrangler cannot be written: {cause}"));
        let mut file = tempfile::Builder::new().prefix("pricebook-").suffix(".sql").tempfile().map_err(failed)?;
        file.write_all(without_transaction(script).as_bytes()).and_then(|()| file.flush()).map_err(failed)?;
        let path = file.path().to_string_lossy().into_owned();
        self.execute(&[&format!("--file={path}")]).map(drop)
    }

    fn execute(&self, arguments: &[&str]) -> Result<Output, D1Error> {
        let D1Database { name, environment, local, config } = &self.database;
        let mut all = vec!["d1", "execute", name, "--json", "--yes", if *local { "--local" } else { "--remote" }];
        if let Some(environment) = environment {
            all.extend(["--env", environment]);
        }
        let config = config.as_ref().map(|config| config.to_string_lossy().into_owned());
        if let Some(config) = &config {
            all.extend(["--config", config]);
        }
        all.extend(arguments);
        let output = start(&all)?;
        match output.status.success() {
            true => Ok(output),
            false => Err(D1Error::Refused(answer::error(&output.stdout, &output.stderr))),
        }
    }
}

/// Wrangler takes these words for the begin of a transaction and cuts them out, even in the middle of a text. Outside of
/// texts our statements never have them.
fn without_transaction(script: &str) -> String {
    script.replace("BEGIN TRANSACTION", "BEGIN' || ' TRANSACTION")
}

/// Whether npx has no wrangler, which it would fetch only if somebody could be asked.
fn asks_to_install(output: &Output) -> bool {
    !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("canceled due to missing packages")
}

fn start(arguments: &[&str]) -> Result<Output, D1Error> {
    for (program, first) in PROGRAMS {
        let started = Command::new(program)
            .args(first)
            .args(arguments)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output();
        match started {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(D1Error::Refused(format!("{program} cannot be started: {cause}"))),
            Ok(output) if asks_to_install(&output) => {}
            Ok(output) => return Ok(output),
        }
    }
    Err(D1Error::NoWrangler)
}
