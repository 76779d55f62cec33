//! Whether `generated/` is what the YAML beside it says: only the catalog's tools can tell, and they are asked where they are.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What is asked.
pub const ASKED: &str = "cargo catalog generate --check";
/// How cargo ends with a command that it does not have.
const CARGO_REFUSED: i32 = 101;

/// Why `generated/` may not be what the YAML says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("catalog/ was edited since generated/ was made of it, or is not understood: {ASKED} says {0:?}")]
pub struct Edited(String);

impl Edited {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        "run it to see all that it says, build again (cargo build), and sync with that program"
    }
}

/// Asks the tools in this checkout. Tells whether there are any: a place without `catalog/`, without cargo or without its
/// command `catalog` has none.
///
/// # Errors
/// [`Edited`].
pub fn check_catalog(folder: &Path, cargo: &OsStr) -> Result<bool, Edited> {
    if !folder.join("catalog").is_dir() {
        return Ok(false);
    }
    let output = Command::new(cargo).args(ASKED.split(' ').skip(1)).current_dir(folder).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => Ok(true),
        Ok(output) if has_no_such_command(&output) => Ok(false),
        Ok(output) => Err(Edited(gist(&output))),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Edited(cause.to_string())),
    }
}

fn has_no_such_command(output: &Output) -> bool {
    output.status.code() == Some(CARGO_REFUSED) && String::from_utf8_lossy(&output.stderr).contains("no such command")
}

/// The line that says most.
fn gist(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines().find(|line| line.starts_with("error")).or_else(|| lines().next());
    line.map_or_else(|| output.status.to_string(), str::to_owned)
}
