//! The catalog as it was at a commit, read from git.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use pricebook_emit::build::{Failure, History, Package, compile};
use pricebook_model::source::is_catalog_file;
use pricebook_model::{Catalog, Source, Sources, nearest, remember};

use crate::outcome::Stop;

/// A catalog with the texts that it was compiled from.
pub(crate) struct Compiled {
    pub(crate) catalog: Catalog,
    pub(crate) sources: Sources,
}

/// The catalog of a package at a commit, under the runtime's records of today.
pub(crate) fn at(package: &Package, revision: &str) -> Result<Compiled, Stop> {
    let sources = Package::with_base(files(package, revision)?);
    match compile(package, sources.clone(), None) {
        Ok(catalog) => Ok(Compiled { catalog, sources }),
        Err(Failure::Catalog(report)) => Err(Stop::BrokenRevision { revision: revision.to_owned(), report }),
        Err(failure) => Err(failure.into()),
    }
}

/// The catalog of a package as it stands on disk, held against no history: what breaks it is for the caller to say. It
/// knows of former ids, and of what is sold no more, what the lock remembers.
pub(crate) fn now(package: &Package) -> Result<Compiled, Stop> {
    let sources = package.sources()?;
    let mut catalog = compile(package, sources.clone(), None)?;
    if let Some(lock) = History::read(&package.generated())?.lock {
        remember(&mut catalog, Some(&lock));
    }
    Ok(Compiled { catalog, sources })
}

fn files(package: &Package, revision: &str) -> Result<Vec<Source>, Stop> {
    let commit = commit(package, revision)?;
    let listing = git(package, &["ls-tree", "-r", "-z", &commit, "--", "catalog/"], b"")?;
    let entries: Vec<(&str, &str)> = listing.split('\0').filter_map(entry).collect();
    if entries.is_empty() {
        let message = format!("there is no catalog/ at {revision}");
        return Err(Stop::refused(message, "name a commit that has one with --against"));
    }
    let wanted: String = entries.iter().map(|(object, _)| format!("{object}\n")).collect();
    let mut rest = git_bytes(package, &["cat-file", "--batch"], wanted.as_bytes())?;
    let mut sources = Vec::new();
    for (_, path) in entries {
        let (text, after) = object(&rest).ok_or_else(|| unreadable("cat-file"))?;
        sources.push(Source { path: path.to_owned(), text, base: false });
        rest = after;
    }
    Ok(sources)
}

/// The full id of a commit, so that nothing that a user types is read as an option.
fn commit(package: &Package, revision: &str) -> Result<String, Stop> {
    // Says why where it cannot look into the folder at all: no repository, or somebody else's.
    git(package, &["rev-parse", "--git-dir"], b"").map_err(|stop| match stop {
        Stop::Refused { message, .. } => {
            let root = package.root().display();
            let message = format!("there is no repository to compare with: git cannot read one in {root}\n{message}");
            Stop::refused(message, "commit the catalog to git; `cargo catalog check` needs none")
        }
        other => other,
    })?;
    let name = format!("{revision}^{{commit}}");
    let found = git(package, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name], b"");
    found.map(|id| id.trim().to_owned()).map_err(|_| unknown(package, revision))
}

/// What to do about a commit that is not there.
fn unknown(package: &Package, revision: &str) -> Stop {
    let message = format!("git knows no commit {revision} in {}", package.root().display());
    let answer = |arguments: &[&str]| git(package, arguments, b"").unwrap_or_default();
    if answer(&["rev-parse", "--is-shallow-repository"]).trim() == "true" {
        let help = "this clone is shallow: `git fetch --unshallow`; in GitHub Actions, check out with `fetch-depth: 0`";
        return Stop::refused(message, help);
    }
    let names = answer(&["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"]);
    if names.is_empty() && revision == "HEAD" {
        return Stop::refused(message, "there is no commit yet: make the first one, then compare with it");
    }
    let remote = format!("origin/{revision}");
    let meant = names.lines().find(|name| *name == remote).or_else(|| nearest::nearest(revision, names.lines()));
    match meant {
        Some(meant) => Stop::refused(message, format!("did you mean `--against {meant}`?")),
        None => {
            Stop::refused(message, "name a commit, branch or tag with --against; `git fetch` brings those of others")
        }
    }
}

/// Object id and path of a line of `ls-tree`, for YAML files.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (attributes, path) = line.split_once('\t')?;
    let object = attributes.rsplit(' ').next()?;
    is_catalog_file(Path::new(path)).then_some((object, path))
}

/// The first object of `cat-file --batch` (`<id> blob <bytes>`, a newline, the content, a newline), and what follows.
fn object(batch: &[u8]) -> Option<(String, Vec<u8>)> {
    let end_of_head = batch.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&batch[..end_of_head]).ok()?;
    let bytes: usize = head.rsplit(' ').next()?.parse().ok()?;
    let content = batch.get(end_of_head + 1..end_of_head + 1 + bytes)?;
    let rest = batch.get(end_of_head + 2 + bytes..)?;
    Some((String::from_utf8_lossy(content).into_owned(), rest.to_vec()))
}

fn git(package: &Package, arguments: &[&str], input: &[u8]) -> Result<String, Stop> {
    git_bytes(package, arguments, input).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn git_bytes(package: &Package, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut command = Command::new("git");
    command.arg("-C").arg(package.root()).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        Stop::refused(format!("cannot run git: {error}"), "install git; it holds the catalog to compare with")
    })?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let mut output = Vec::new();
    // git answers while it reads, so both ends are served at once.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.stdout.take().expect("standard output is piped").read_to_end(&mut output)
    })
    .map_err(|_| unreadable(arguments[0]))?;
    let mut message = String::new();
    let _ = child.stderr.take().expect("standard error is piped").read_to_string(&mut message);
    match child.wait() {
        Ok(status) if status.success() => Ok(output),
        _ => Err(Stop::refused(format!("git {} failed: {}", arguments[0], message.trim()), "see what git says")),
    }
}

fn unreadable(command: &str) -> Stop {
    Stop::refused(format!("the answer of git {command} cannot be read"), "see what `git fsck` says")
}
