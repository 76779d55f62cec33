//! The reports of syncs: `logs/stripe-sync/<time>-<mode>.json`, and the same for people as `.txt`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::clock;

const FOLDER: [&str; 2] = ["logs", "stripe-sync"];
/// Reports of the same second that get a name of their own.
const SAME_SECOND: u32 = 100;

/// Writes both, and returns the path of that for people.
pub(crate) fn write(
    folder: &Path,
    time: DateTime<Utc>,
    mode: &str,
    lines: &[String],
    report: &impl Serialize,
) -> io::Result<PathBuf> {
    let folder: PathBuf = FOLDER.iter().fold(folder.to_owned(), |folder, part| folder.join(part));
    fs::create_dir_all(&folder)?;
    let stem = format!("{}-{}", clock::stamp(time), mode);
    let stems = (1..=SAME_SECOND).map(|number| match number {
        1 => stem.clone(),
        _ => format!("{stem}-{number}"),
    });
    for stem in stems {
        let path = folder.join(format!("{stem}.txt"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut text) => {
                text.write_all((lines.join("\n") + "\n").as_bytes())?;
                fs::write(path.with_extension("json"), serde_json::to_string_pretty(report)? + "\n")?;
                return Ok(path);
            }
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(cause),
        }
    }
    Err(io::Error::other(format!("there are too many reports {stem}")))
}
