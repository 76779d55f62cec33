//! Taking away old backups.

use std::fs;
use std::path::{Path, PathBuf};

use super::{BackupError, Reason, file};

/// How many backups of one sort and environment stay, unless told otherwise.
pub const KEEP: usize = 50;

/// Removes the oldest backups of the same sort and environment beyond the newest `keep`, and returns them. Only files
/// that have both the name and the head of such a backup are touched.
///
/// # Errors
/// [`BackupError::File`] where the folder cannot be read or a file cannot be removed.
pub fn rotate(folder: &Path, reason: Reason, environment: &str, keep: usize) -> Result<Vec<PathBuf>, BackupError> {
    let failed = |file: &Path, cause| BackupError::File { file: file.to_path_buf(), cause };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|cause| failed(folder, cause))? {
        let path = entry.map_err(|cause| failed(folder, cause))?.path();
        let age = path.file_name().and_then(|name| age(name.to_str()?, reason));
        if let Some(age) = age
            && file::field(&path, "-- Environment: ").as_deref() == Some(environment)
        {
            found.push((age, path));
        }
    }
    found.sort();
    let old = found.len().saturating_sub(keep);
    let old: Vec<_> = found.into_iter().take(old).map(|(_, path)| path).collect();
    for path in &old {
        fs::remove_file(path).map_err(|cause| failed(path, cause))?;
    }
    Ok(old)
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
