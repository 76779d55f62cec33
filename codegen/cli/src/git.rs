//! Runs git, and says why it refuses: in its words, with what to do about it.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::outcome::Stop;

/// What git answers in a folder.
pub(crate) fn text(folder: &Path, arguments: &[&str]) -> Result<String, Stop> {
    bytes(folder, arguments, b"").map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The same, where it reads something.
pub(crate) fn bytes(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut command = Command::new("git");
    // Its words are read here, so they are English ones.
    command.env("LC_ALL", "C").arg("-C").arg(folder).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_run(&error))?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let mut output = Vec::new();
    // git answers while it reads, so both ends are served at once.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.stdout.take().expect("standard output is piped").read_to_end(&mut output)
    })
    .map_err(|_| unreadable(arguments[0]))?;
    let mut words = String::new();
    let _ = child.stderr.take().expect("standard error is piped").read_to_string(&mut words);
    match child.wait() {
        Ok(status) if status.success() => Ok(output),
        _ => Err(refusal(folder, arguments[0], words.trim())),
    }
}

pub(crate) fn unreadable(command: &str) -> Stop {
    Stop::refused(format!("the answer of git {command} cannot be read"), "see what `git fsck` says")
}

fn not_run(error: &std::io::Error) -> Stop {
    let none_needed = "`cargo catalog check` needs none";
    match error.kind() {
        ErrorKind::NotFound => Stop::refused(
            "there is no git on PATH, and the catalog to compare with is read from it",
            format!("install git, or put the folder that it is in on PATH; {none_needed}"),
        ),
        _ => Stop::refused(
            format!("cannot run git, from which the catalog to compare with is read: {error}"),
            format!("see whether you may run the git on PATH; {none_needed}"),
        ),
    }
}

fn refusal(folder: &Path, command: &str, words: &str) -> Stop {
    let shown = folder.display();
    let said = words.lines().next().unwrap_or("it says nothing").trim_start_matches("fatal: ");
    if words.contains("dubious ownership") {
        // git names the folder as it must be written, at the end of the command that it advises.
        let advised = words.lines().map(str::trim).find(|line| line.starts_with("git config "));
        let advised = advised.unwrap_or("git config --global --add safe.directory <the repository>");
        return Stop::refused(
            format!("git reads no repository that belongs to somebody else: {said}"),
            format!("if you trust it: `{advised}`; in a container, where the checkout has another owner, too"),
        );
    }
    if words.contains("not a git repository") {
        return Stop::refused(
            format!("there is no repository to compare with in {shown}: {said}"),
            "commit the catalog to git; `cargo catalog check` needs none",
        );
    }
    Stop::refused(format!("git {command} failed in {shown}: {said}"), "mend what git says, or run it there by hand")
}
