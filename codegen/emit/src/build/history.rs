//! The lock and the written migrations, as they stand below `generated/`.

use std::path::Path;

use pricebook_model::{Lock, lock::LockedMigration};
use pricebook_types::Dialect;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::folder::Workshop;
use super::{Failure, Package, Problem, Stream};
pub use crate::paths::{migration as migration_path, migrations as migrations_folder};
use crate::{Artifact, json};

/// The lock's path below `generated/`.
pub const LOCK: &str = "catalog.lock";

/// What was migrated and sold so far. Builds read it and never write it.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The lock; `None` for a catalog that was never recorded.
    pub lock: Option<Lock>,
    /// The lock's file and those of the migrations.
    pub files: Vec<Artifact>,
}

/// SHA-256 in lower-case hexadecimal.
pub fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lock as it is written: readers pass over its first line, which older locks do not have.
#[derive(Serialize)]
struct Headed<'a> {
    written_by: &'static str,
    #[serde(flatten)]
    lock: &'a Lock,
}

/// What writes a package's lock.
const fn written_by(stream: Stream) -> &'static str {
    match stream {
        Stream::Catalog => "cargo catalog migrate NAME, cargo catalog record; never by a build or by hand",
        Stream::Records => "cargo catalog migrate NAME --records; never by a build or by hand",
    }
}

/// The right to write a package's lock and migrations, held until it is dropped.
///
/// What is written follows from the history, so who writes enters before reading it: of two writers at once, the second
/// reads what the first has written. Dropped before the artifacts are written, which has the same lock.
#[derive(Debug)]
pub struct Writer<'a> {
    package: &'a Package,
    workshop: Workshop,
}

impl<'a> Writer<'a> {
    /// Waits for whoever writes now.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn enter(package: &'a Package) -> Result<Self, Failure> {
        Ok(Self { package, workshop: Workshop::enter(&package.generated())? })
    }

    /// Writes the lock and the migrations that are new in it: all of them, the lock last, or none.
    ///
    /// # Errors
    /// Where a migration's file is already there, or the system refuses.
    pub fn write(self, migrations: &[Artifact], lock: &Lock) -> Result<(), Failure> {
        let generated = self.package.generated();
        if let Some(taken) = migrations.iter().map(|file| generated.join(&file.path)).find(|path| path.exists()) {
            return Err(Failure::io("write", &taken)(std::io::ErrorKind::AlreadyExists.into()));
        }
        let text = json::pretty(&Headed { written_by: written_by(self.package.stream()), lock });
        self.workshop.write_new(&generated, migrations, Artifact::new(LOCK, text))
    }
}

impl History {
    /// Reads the lock and the migrations in `generated`, and holds the migrations against the lock.
    ///
    /// # Errors
    /// [`Failure::History`] naming each file that is missing, was edited, or is not in the lock.
    pub fn read(generated: &Path) -> Result<Self, Failure> {
        let Some(text) = read_if_there(&generated.join(LOCK))? else {
            return without_lock(generated);
        };
        let lock: Lock = serde_json::from_str(&text).map_err(|error| {
            Failure::History(vec![Problem {
                code: "lock-unreadable",
                // An end of file has no column.
                file: format!("generated/{LOCK}:{}:{}", error.line().max(1), error.column().max(1)),
                message: format!("the lock cannot be read: {}", without_place(&error)),
                help: "take the file from the last commit, or resolve the merge conflict in it".to_owned(),
            }])
        })?;
        let mut files = vec![Artifact::new(LOCK, text)];
        let mut problems = Vec::new();
        for migration in &lock.migrations {
            for (dialect, checksum) in Dialect::ALL.into_iter().zip(&migration.checksums) {
                let path = migration_path(dialect, migration.number, &migration.name);
                match held_against(generated, path, checksum)? {
                    Ok(file) => files.push(file),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        if problems.is_empty() {
            Self { lock: Some(lock), files }.refusing_unknown(generated)
        } else {
            Err(Failure::History(problems))
        }
    }

    /// The written migrations, in order.
    pub fn migrations(&self) -> &[LockedMigration] {
        self.lock.as_ref().map_or(&[], |lock| &lock.migrations)
    }

    fn refusing_unknown(self, generated: &Path) -> Result<Self, Failure> {
        let mut problems = Vec::new();
        for dialect in Dialect::ALL {
            let folder = migrations_folder(dialect);
            for name in file_names(&generated.join(&folder))? {
                let path = format!("{folder}/{name}");
                if name.ends_with(".sql") && !self.files.iter().any(|file| file.path == path) {
                    problems.push(Problem {
                        code: "migration-not-in-lock",
                        file: format!("generated/{path}"),
                        message: format!("the migration {name} is not in generated/{LOCK}"),
                        help: "migrations are written by `cargo catalog migrate NAME`, which records them; remove this file".to_owned(),
                    });
                }
            }
        }
        if problems.is_empty() { Ok(self) } else { Err(Failure::History(problems)) }
    }
}

/// What serde says, but for the place, which it appends.
fn without_place(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    said.strip_suffix(&place).map_or_else(|| said.clone(), str::to_owned)
}

/// A catalog that was never recorded has no migrations either.
fn without_lock(generated: &Path) -> Result<History, Failure> {
    for dialect in Dialect::ALL {
        let folder = migrations_folder(dialect);
        if let Some(name) = file_names(&generated.join(&folder))?.iter().find(|name| name.ends_with(".sql")) {
            return Err(Failure::History(vec![Problem {
                code: "lock-missing",
                file: format!("generated/{LOCK}"),
                message: format!("there are migrations ({folder}/{name}), but no generated/{LOCK}"),
                help: "take the lock from the last commit: it remembers what was migrated and sold".to_owned(),
            }]));
        }
    }
    Ok(History::default())
}

fn held_against(generated: &Path, path: String, expected: &str) -> Result<Result<Artifact, Problem>, Failure> {
    let file = format!("generated/{path}");
    Ok(match read_if_there(&generated.join(&path))? {
        None => Err(Problem {
            code: "migration-missing",
            message: format!("the migration {path} is in generated/{LOCK}, but the file is not there"),
            help: "take the file from the last commit; databases that ran it need it".to_owned(),
            file,
        }),
        Some(text) if checksum(&text) != expected => Err(Problem {
            code: "migration-edited",
            message: format!("the migration {path} was edited after it was written"),
            help: "a written migration is never rewritten: take it from the last commit, then write a new one with \
                   `cargo catalog migrate NAME`"
                .to_owned(),
            file,
        }),
        Some(text) => Ok(Artifact::new(path, text)),
    })
}

/// The text of a file, or `None` where there is none.
pub(super) fn read_if_there(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path)(error)),
    }
}

/// The names in a folder, sorted; none where the folder is not there.
fn file_names(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io("read", folder)(error)),
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(Failure::io("read", folder))?;
    names.sort();
    Ok(names)
}
