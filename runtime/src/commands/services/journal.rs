//! What a sync tells: on the console, and with the time in front of each line in `sync-services-<time>.log`.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::clock;
use crate::commands::Failure;

/// Logs of the same second that get a name of their own.
const SAME_SECOND: u32 = 100;

/// The console and the log.
pub(super) struct Journal<'a> {
    console: Option<&'a mut dyn Write>,
    log: File,
    /// The log's file.
    pub(super) path: PathBuf,
    trouble: Option<String>,
}

impl<'a> Journal<'a> {
    /// Begins a log, in a file that was not there.
    pub(super) fn begin(
        folder: &Path,
        time: DateTime<Utc>,
        console: Option<&'a mut dyn Write>,
    ) -> Result<Self, Failure> {
        if !folder.is_dir() {
            let message = format!("there is no folder {}", folder.display());
            return Err(Failure::failed(message, "make it; --folder names another folder"));
        }
        let stem = format!("sync-services-{}", clock::stamp(time));
        let names = (1..=SAME_SECOND).map(|number| match number {
            1 => format!("{stem}.log"),
            _ => format!("{stem}-{number}.log"),
        });
        for path in names.map(|name| folder.join(name)) {
            let path = std::path::absolute(path)?;
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(log) => return Ok(Self { console, log, path, trouble: None }),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => {
                    let message = format!("the log {} cannot be written: {cause}", path.display());
                    return Err(Failure::failed(
                        message,
                        "see that you may write there; --folder names another folder",
                    ));
                }
            }
        }
        Err(Failure::failed(format!("there are too many logs {stem}.log"), "wait for a second"))
    }

    /// Tells a line. What cannot be told stops nothing, for rows are at work; [`Self::end`] says why.
    pub(super) fn say(&mut self, line: &str) {
        self.note(line);
        self.show(line);
    }

    /// Tells a line on the console only.
    pub(super) fn show(&mut self, line: &str) {
        if let Some(console) = &mut self.console
            && let Err(cause) = writeln!(console, "{line}").and_then(|()| console.flush())
        {
            self.console = None;
            // Who closed it wants to hear no more.
            if cause.kind() != io::ErrorKind::BrokenPipe {
                self.trouble.get_or_insert(format!("the output cannot be written: {cause}"));
            }
        }
    }

    /// Adds a line to the log only.
    pub(super) fn note(&mut self, line: &str) {
        if let Err(cause) = writeln!(self.log, "{} {line}", clock::iso(clock::now())) {
            self.trouble.get_or_insert(format!("the log {} cannot be written: {cause}", self.path.display()));
        }
    }

    /// Closes the log, and says why the first line that could not be told was not.
    pub(super) fn end(self) -> Option<String> {
        self.trouble
    }
}
