//! Taking away old backups.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::{BackupError, Place, Reason, file};

/// How many backups of one sort and database stay, unless told otherwise.
pub const KEEP: usize = 50;

/// A file that is still being written is younger than this; an older one was left by a program that was killed.
const UNFINISHED_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// What was taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// The files that are gone, the oldest backup first.
    pub removed: Vec<PathBuf>,
    /// Why others could not be removed. Whatever the backups were taken for is done all the same.
    pub warnings: Vec<String>,
}

/// Removes the oldest backups of the same sort, environment and database beyond `keep`, and what killed
/// programs left unfinished. Only files that have both the name and the head of such a backup are touched.
///
/// `taken` has just been written: it counts and stays, whatever names that a clock gave before it was set back say of its age.
pub fn rotate(reason: Reason, place: Place<'_>, taken: &Path, keep: usize) -> Rotated {
    let mut rotated = Rotated::default();
    let (mut backups, mut old) = match find(reason, place) {
        Ok(found) => found,
        Err(cause) => {
            rotated.warn(place.folder, cause);
            return rotated;
        }
    };
    backups.retain(|(_, path)| path.file_name() != taken.file_name());
    backups.sort();
    backups.truncate((backups.len() + 1).saturating_sub(keep));
    old.extend(backups.into_iter().map(|(_, path)| path));
    for path in old {
        match fs::remove_file(&path) {
            Ok(()) => rotated.removed.push(path),
            // Another program that rotates was faster.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => rotated.warn(&path, cause),
        }
    }
    rotated
}

impl Rotated {
    fn warn(&mut self, file: &Path, cause: io::Error) {
        let error = BackupError::File { file: file.to_path_buf(), cause };
        self.warnings.push(format!("old backups stay: {error}; {}", error.help()));
    }
}

/// When a backup was taken, and its file.
type Aged = ((String, u32), PathBuf);

/// The backups of this sort and place, each with its age, and what was never finished.
fn find(reason: Reason, place: Place<'_>) -> io::Result<(Vec<Aged>, Vec<PathBuf>)> {
    let (mut backups, mut unfinished) = (Vec::new(), Vec::new());
    let is_of_place = |path: &Path| {
        file::field(path, "-- Environment: ").as_deref() == Some(place.environment)
            && file::field(path, "-- Kept in: ").as_deref() == Some(place.database)
    };
    for entry in fs::read_dir(place.folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        if let Some(age) = age(name, reason).filter(|_| is_of_place(&path)) {
            backups.push((age, path));
        } else if name.starts_with(file::UNFINISHED.0) && name.ends_with(file::UNFINISHED.1) && is_left(&entry) {
            unfinished.push(path);
        }
    }
    Ok((backups, unfinished))
}

fn is_left(entry: &fs::DirEntry) -> bool {
    let changed = entry.metadata().and_then(|metadata| metadata.modified()).ok();
    let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
    age.is_some_and(|age| age > UNFINISHED_AGE)
}

/// What orders the names of one sort: the time, and the number of those of the same second.
fn age(name: &str, reason: Reason) -> Option<(String, u32)> {
    let rest = name.strip_prefix(reason.stem())?.strip_prefix('-')?.strip_suffix(".sql")?;
    let (stamp, number) = match rest.split_once('-') {
        Some((stamp, number)) => (stamp, number.parse().ok()?),
        None => (rest, 1),
    };
    let is_stamp = stamp.len() == 15
        && stamp.bytes().enumerate().all(|(at, byte)| if at == 8 { byte == b'_' } else { byte.is_ascii_digit() });
    is_stamp.then(|| (stamp.to_owned(), number))
}
