//! Writing a set of artifacts into a folder, so that nobody ever sees half a file and no two writers mix their sets.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{Difference, Failure, compare, manifest::MANIFEST};
use crate::Artifact;

/// The lock file and the files on their way into their place. It ignores itself in git.
const WORKSHOP: &str = ".pricebook";

/// Makes the folder hold `artifacts`, whose last is the manifest, and returns the paths that changed.
///
/// Only what differs is written: first everything into a folder beside, then each file by rename into its place, the
/// manifest last. Files that the previous manifest lists and that are no longer made are removed; others are left alone.
///
/// # Errors
/// Where the system refuses. A file is then either as it was or as it should be.
pub fn write(folder: &Path, artifacts: &[Artifact]) -> Result<Vec<String>, Failure> {
    if compare(folder, artifacts)?.is_empty() {
        return Ok(Vec::new());
    }
    let workshop = Workshop::enter(folder)?;
    // Somebody else may have written between the first look and the lock.
    let mut changes = compare(folder, artifacts)?;
    changes.sort_by_key(|change| change.path == MANIFEST);
    for change in &changes {
        workshop.stage(change)?;
    }
    for change in &changes {
        workshop.put(folder, change)?;
    }
    Ok(changes.into_iter().map(|change| change.path).collect())
}

/// The right to write to a folder, held until it is dropped.
#[derive(Debug)]
pub(super) struct Workshop {
    staged: PathBuf,
    _lock: File,
}

impl Workshop {
    /// Waits for whoever writes now.
    pub(super) fn enter(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(WORKSHOP);
        fs::create_dir_all(&path).map_err(Failure::io("create", &path))?;
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(Failure::io("create", &lock_path))?;
        lock.lock().map_err(Failure::io("lock", &lock_path))?;
        let ignore = path.join(".gitignore");
        fs::write(&ignore, "*\n").map_err(Failure::io("write", &ignore))?;
        let staged = path.join("staged");
        // What a killed run left.
        remove_folder(&staged)?;
        Ok(Self { staged, _lock: lock })
    }

    /// Writes files that are new and, last of all, one that may be there: all of them or none.
    pub(super) fn write_new(&self, folder: &Path, new: &[Artifact], last: Artifact) -> Result<(), Failure> {
        let change = |file: Artifact| Difference { path: file.path, found: None, wanted: Some(file.text) };
        let changes: Vec<Difference> = new.iter().cloned().chain([last]).map(change).collect();
        changes.iter().try_for_each(|change| self.stage(change))?;
        for (index, change) in changes.iter().enumerate() {
            if let Err(failure) = self.put(folder, change) {
                // The first failure is what is told; a file that stays is named by the next command.
                changes[..index].iter().for_each(|put| drop(fs::remove_file(folder.join(&put.path))));
                return Err(failure);
            }
        }
        Ok(())
    }

    fn stage(&self, change: &Difference) -> Result<(), Failure> {
        let Some(text) = &change.wanted else { return Ok(()) };
        let path = self.staged.join(&change.path);
        create_parent(&path)?;
        fs::write(&path, text).map_err(Failure::io("write", &path))
    }

    fn put(&self, folder: &Path, change: &Difference) -> Result<(), Failure> {
        let path = folder.join(&change.path);
        if change.wanted.is_some() {
            create_parent(&path)?;
            return fs::rename(self.staged.join(&change.path), &path).map_err(Failure::io("write", &path));
        }
        fs::remove_file(&path).map_err(Failure::io("remove", &path))?;
        // Folders that held nothing else go too; `remove_dir` refuses the others.
        for parent in path.ancestors().skip(1).take_while(|parent| *parent != folder) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What is left here is removed by the next writer.
        let _ = remove_folder(&self.staged);
    }
}

fn create_parent(path: &Path) -> Result<(), Failure> {
    let parent = path.parent().expect("an artifact lies in a folder");
    fs::create_dir_all(parent).map_err(Failure::io("create", parent))
}

fn remove_folder(path: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::io("remove", path)(error)),
        _ => Ok(()),
    }
}
