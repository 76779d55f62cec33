//! The desired state of an earlier catalog: from git, from a folder, or from a file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::commands::Failure;

/// Where every catalog writes it, seen from its checkout.
const FILE: &str = "generated/stripe/catalog.json";

/// What was found.
pub(super) struct Earlier {
    /// Where, for people.
    pub(super) from: String,
    pub(super) state: Value,
}

/// Reads it from what somebody has named; without a name, from before the last change of the file in git.
pub(super) fn read(named: Option<&str>) -> Result<Earlier, Failure> {
    let path = named.map(Path::new).filter(|path| path.exists());
    let (from, text) = match (path, named) {
        (Some(path), _) => of_disk(path)?,
        (None, Some(revision)) => of_git(&commit(revision)?, revision)?,
        (None, None) => {
            let before = before_the_last_change()?;
            of_git(&before, before.get(..12).unwrap_or(&before))?
        }
    };
    match serde_json::from_str(&text) {
        Ok(state) => Ok(Earlier { from, state }),
        Err(cause) => {
            Err(Failure::failed(format!("{from} is no JSON: {cause}"), "name generated/stripe/catalog.json of then"))
        }
    }
}

fn of_disk(path: &Path) -> Result<(String, String), Failure> {
    let places = ["", "catalog.json", "stripe/catalog.json", FILE];
    let file = places.iter().map(|place| if place.is_empty() { path.to_owned() } else { path.join(place) });
    let file: Option<PathBuf> = file.into_iter().find(|file| file.is_file());
    let Some(file) = file else {
        let message = format!("{} holds no stripe/catalog.json", path.display());
        return Err(Failure::failed(message, "name the generated/ of then, or its stripe/catalog.json"));
    };
    let text = fs::read_to_string(&file);
    let text = text.map_err(|cause| Failure::failed(format!("{} cannot be read: {cause}", file.display()), ""))?;
    Ok((file.display().to_string(), text))
}

fn of_git(commit: &str, shown: &str) -> Result<(String, String), Failure> {
    let text = git(&["show", &format!("{commit}:./{FILE}")])?;
    let text =
        text.ok_or_else(|| Failure::failed(format!("there is no {FILE} at {shown}"), "name a later revision"))?;
    Ok((shown.to_owned(), text))
}

/// The full id, so that nothing that a user types is read as an option.
fn commit(revision: &str) -> Result<String, Failure> {
    let name = format!("{revision}^{{commit}}");
    let found = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
    found.map(|id| id.trim().to_owned()).ok_or_else(|| {
        Failure::failed(
            format!("{revision} is neither a file nor a revision that git knows here"),
            "run this in the checkout of the catalog; a shallow clone has no earlier revisions: git fetch --unshallow",
        )
    })
}

fn before_the_last_change() -> Result<String, Failure> {
    let changes = git(&["log", "-n", "2", "--format=%H", "--", FILE])?.unwrap_or_default();
    changes.lines().nth(1).map(str::to_owned).ok_or_else(|| {
        Failure::failed(
            format!("git knows nothing of {FILE} from before its last change"),
            "run this in the checkout of the catalog, or name a revision, a folder or a file",
        )
    })
}

/// What git answers, or nothing where it says no.
fn git(arguments: &[&str]) -> Result<Option<String>, Failure> {
    let output = Command::new("git").args(arguments).stdin(Stdio::null()).output();
    match output {
        Ok(Output { status, stdout, .. }) if status.success() => {
            Ok(Some(String::from_utf8_lossy(&stdout).into_owned()))
        }
        Ok(_) => Ok(None),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Err(Failure::failed(
            "there is no git on PATH, which has the earlier catalog",
            "name a folder or a file instead",
        )),
        Err(cause) => Err(Failure::failed(format!("git cannot be run: {cause}"), "name a folder or a file instead")),
    }
}
