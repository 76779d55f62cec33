//! What differs between a folder and the artifacts that belong there.

use std::collections::HashSet;
use std::path::Path;
use std::{fmt, fs};

use similar::TextDiff;

use super::{
    Failure, History,
    history::read_if_there,
    manifest::{MANIFEST, Manifest},
};
use crate::Artifact;

/// One file that is not what the catalog says; a foreign one is neither found nor wanted, whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Relative to the folder.
    pub path: String,
    /// What stands there; `None` where there is no such file, or a foreign one.
    pub found: Option<String>,
    /// What the catalog says; `None` where the file should not be there.
    pub wanted: Option<String>,
}

/// Every file of `folder` that differs from `artifacts`, and every file that its manifest lists and that is no longer made.
///
/// # Errors
/// Where a file cannot be read.
pub fn compare(folder: &Path, artifacts: &[Artifact]) -> Result<Vec<Difference>, Failure> {
    let mut differences = Vec::new();
    for Artifact { path, text } in artifacts {
        let found = read_if_there(&folder.join(path))?;
        if found.as_ref() != Some(text) {
            differences.push(Difference { path: path.clone(), found, wanted: Some(text.clone()) });
        }
    }
    for path in obsolete(folder, artifacts)? {
        if let Some(found) = read_if_there(&folder.join(&path))? {
            differences.push(Difference { path, found: Some(found), wanted: None });
        }
    }
    Ok(differences)
}

/// Every file below `folder` that neither the catalog nor its history makes: whoever imports the folder takes it for the
/// catalog's.
///
/// Notes for people (`README.md`), hidden files and installed packages (`node_modules`) are none.
///
/// # Errors
/// Where a folder cannot be read.
pub fn foreign(folder: &Path, artifacts: &[Artifact], history: &History) -> Result<Vec<Difference>, Failure> {
    let known: HashSet<&str> = artifacts.iter().chain(&history.files).map(|file| file.path.as_str()).collect();
    let obsolete = obsolete(folder, artifacts)?;
    let mut foreign = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        let path = folder.join(&inside);
        for entry in fs::read_dir(&path).map_err(Failure::io("read", &path))? {
            let entry = entry.map_err(Failure::io("read", &path))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().map_err(Failure::io("read", &path))?.is_dir();
            let below = format!("{inside}{name}");
            match is_folder {
                _ if name.starts_with('.') || name == "node_modules" => {}
                true => folders.push(format!("{below}/")),
                false if name == "README.md" || known.contains(&*below) || obsolete.contains(&below) => {}
                false => foreign.push(below),
            }
        }
    }
    foreign.sort_unstable();
    Ok(foreign.into_iter().map(|path| Difference { path, found: None, wanted: None }).collect())
}

/// What the folder's manifest lists and `artifacts` no longer hold.
fn obsolete(folder: &Path, artifacts: &[Artifact]) -> Result<Vec<String>, Failure> {
    let listed = read_if_there(&folder.join(MANIFEST))?.map_or_else(Vec::new, |text| Manifest::paths(&text));
    Ok(listed.into_iter().filter(|path| artifacts.iter().all(|artifact| artifact.path != *path)).collect())
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, found, wanted } = self;
        if found.is_none() && wanted.is_none() {
            return write!(
                f,
                "error[stale-artifact]: generated/{path} is no file that the catalog makes\n  = help: move it elsewhere: who reads \
                 `generated/` takes it for a part of the catalog"
            );
        }
        let what = match (found, wanted) {
            (None, _) => "is missing",
            (_, None) => "is no longer made from the catalog",
            _ => "is not what the catalog says",
        };
        writeln!(f, "error[stale-artifact]: generated/{path} {what}")?;
        let (found, wanted) = (found.as_deref().unwrap_or(""), wanted.as_deref().unwrap_or(""));
        let diff = TextDiff::from_lines(found, wanted);
        let text =
            diff.unified_diff().context_radius(2).header(&format!("generated/{path}"), "from the catalog").to_string();
        write_shortened(f, &text)?;
        write!(f, "  = help: `cargo catalog generate` writes what the catalog says; commit the result")
    }
}

/// A new file of thousands of lines tells no more than its beginning.
fn write_shortened(f: &mut fmt::Formatter<'_>, diff: &str) -> fmt::Result {
    const MOST_LINES: usize = 60;
    for line in diff.lines().take(MOST_LINES) {
        writeln!(f, "{line}")?;
    }
    match diff.lines().count().saturating_sub(MOST_LINES) {
        0 => Ok(()),
        more => writeln!(f, "… {more} more lines"),
    }
}
