//! Asking before production is written.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::commands::Failure;
use crate::commands::target::Target;

/// Goes on only when somebody typed the name of the environment; at once where nobody needs to be asked.
pub(in crate::commands) fn confirm(target: &Target, yes: bool, json: bool) -> Result<(), Failure> {
    let Some(name) = target.live.filter(|_| !yes) else { return Ok(()) };
    let refused = |message: String| Err(Failure::failed(message, "look at what would change, then add --yes"));
    if json || !io::stdin().is_terminal() {
        return refused(format!("{name} is written only after somebody confirmed it; nothing was written"));
    }
    // On standard error: standard output may go to a file.
    let mut err = io::stderr();
    write!(err, "Type {name} to write this to {}: ", target.database)?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    if line.trim() == name { Ok(()) } else { refused(format!("{name} was not confirmed; nothing was written")) }
}
