//! Writes a catalog's folder whole or not at all.

use std::fs;
use std::path::Path;

use super::note::Failure;

/// Fails where the folder holds anything.
pub(super) fn refuse_to_overwrite(folder: &Path) -> Result<(), Failure> {
    let occupied = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if occupied {
        let folder = folder.display();
        return Err(Failure::Disk(format!(
            "{folder} is not empty, and an import overwrites nothing; choose another --out"
        )));
    }
    Ok(())
}

/// Writes the files to a folder beside it, which then takes its place.
pub(super) fn folder(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent)?;
        let beside = tempfile::Builder::new().prefix(".import-").tempdir_in(parent)?;
        let whole = beside.path().join("catalog");
        fs::create_dir(&whole)?;
        for (path, text) in files {
            fs::write(whole.join(path), text)?;
        }
        if folder.exists() {
            fs::remove_dir(folder)?;
        }
        fs::rename(&whole, folder)
    };
    write().map_err(|cause| Failure::Disk(format!("cannot write {}: {cause}", folder.display())))
}
