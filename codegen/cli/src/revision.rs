//! The catalog as it was at a commit, read from git.

use std::path::Path;

use pricebook_emit::build::{Failure, History, Package, compile};
use pricebook_model::source::is_catalog_file;
use pricebook_model::{Catalog, Source, Sources, nearest, remember};

use crate::git;
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
    let listing = git::text(package.root(), &["ls-tree", "-r", "-z", &commit, "--", "catalog/"])?;
    let entries: Vec<Entry<'_>> = listing.split('\0').filter_map(entry).collect();
    if entries.is_empty() {
        let message = format!("there is no catalog/ at {revision}");
        return Err(Stop::refused(message, "name a commit that has one with --against"));
    }
    let (links, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.is_link);
    let mut sources = Vec::new();
    let wanted: String = files.iter().map(|file| format!("{}\n", file.object)).collect();
    let mut rest = git::bytes(package.root(), &["cat-file", "--batch"], wanted.as_bytes())?;
    for file in files {
        let (text, after) = object(&rest).ok_or_else(|| git::unreadable("cat-file"))?;
        sources.push(Source { path: file.path.to_owned(), text, base: false });
        rest = after;
    }
    for link in links {
        let text = linked(package, &commit, link.path)?.ok_or_else(|| {
            let message = format!("{} at {revision} is a link to no file of the repository", link.path);
            Stop::refused(message, "name a commit whose catalog is whole with --against")
        })?;
        sources.push(Source { path: link.path.to_owned(), text, base: false });
    }
    Ok(sources)
}

/// The text that a link leads to within the repository, as it is followed on disk.
fn linked(package: &Package, commit: &str, path: &str) -> Result<Option<String>, Stop> {
    let prefix = git::text(package.root(), &["rev-parse", "--show-prefix"])?;
    let name = format!("{commit}:{}{path}\n", prefix.trim_end_matches('\n'));
    let answer = git::bytes(package.root(), &["cat-file", "--batch", "--follow-symlinks"], name.as_bytes())?;
    Ok(object(&answer).map(|(text, _)| text))
}

/// The full id of a commit, so that nothing that a user types is read as an option.
fn commit(package: &Package, revision: &str) -> Result<String, Stop> {
    // Says why where it cannot look into the folder at all: no repository, or somebody else's.
    git::text(package.root(), &["rev-parse", "--git-dir"])?;
    let name = format!("{revision}^{{commit}}");
    let found = git::text(package.root(), &["rev-parse", "--verify", "--quiet", "--end-of-options", &name]);
    found.map(|id| id.trim().to_owned()).map_err(|_| unknown(package, revision))
}

/// What to do about a commit that is not there.
fn unknown(package: &Package, revision: &str) -> Stop {
    let message = format!("git knows no commit {revision} in {}", package.root().display());
    let answer = |arguments: &[&str]| git::text(package.root(), arguments).unwrap_or_default();
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

/// What a commit has below `catalog/`.
struct Entry<'a> {
    object: &'a str,
    path: &'a str,
    is_link: bool,
}

/// Of a line of `ls-tree` (`<mode> <type> <object>`, a tab, the path), for the files that are read on disk, too.
fn entry(line: &str) -> Option<Entry<'_>> {
    let (attributes, path) = line.split_once('\t')?;
    let object = attributes.rsplit(' ').next()?;
    let is_hidden = path.split('/').any(|name| name.starts_with('.'));
    let is_read = is_catalog_file(Path::new(path)) && !is_hidden;
    is_read.then_some(Entry { object, path, is_link: attributes.starts_with("120000 ") })
}

/// The first object of `cat-file --batch` (`<id> blob <bytes>`, a newline, the content, a newline), and what follows.
fn object(batch: &[u8]) -> Option<(String, Vec<u8>)> {
    let end_of_head = batch.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&batch[..end_of_head]).ok()?;
    let mut words = head.rsplit(' ');
    let bytes: usize = words.next()?.parse().ok()?;
    if words.next()? != "blob" {
        return None;
    }
    let content = batch.get(end_of_head + 1..end_of_head + 1 + bytes)?;
    let rest = batch.get(end_of_head + 2 + bytes..)?;
    Some((String::from_utf8_lossy(content).into_owned(), rest.to_vec()))
}
