//! The account in a file, so that it is there again after the next start.

use std::io::{self, Write};
use std::path::Path;

use crate::state::State;

/// The account of the file; none where there is no file yet.
///
/// # Errors
/// Where the file cannot be read, or holds something else.
pub(crate) fn load(file: &Path) -> io::Result<Option<State>> {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    let mut state: State = serde_json::from_slice(&text).map_err(|cause| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{} is no saved sandbox: {cause}", file.display()))
    })?;
    state.index();
    Ok(Some(state))
}

/// Writes the account beside the file and renames it into place, so that the file is always a whole one.
///
/// # Errors
/// Where the folder cannot be written to.
pub(crate) fn save(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(text)?;
    beside.as_file().sync_all()?;
    beside.persist(file)?;
    Ok(())
}
