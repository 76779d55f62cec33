//! The file of a backup: a head that says what it is, the statements, and an end that says that nothing is missing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use pricebook_types::Dialect;
use sha2::{Digest, Sha256};

use super::{Backup, BackupError, Dump, Place, Reason};
use crate::clock;

const FIRST_LINE: &str = "-- Backup of pricebook, form 1";
const END: &str = "-- End of the backup; SHA-256 of everything above: ";
/// More than the lines of a head that are looked at without the rest.
const HEAD_BYTES: u64 = 4096;
/// Backups of the same second that get a name of their own.
const SAME_SECOND: u32 = 100;

/// How the names of files begin and end that are being written.
pub(super) const UNFINISHED: (&str, &str) = (".backup-", ".tmp");

/// What the head says.
pub(super) struct Head<'a> {
    pub(super) catalog: &'a str,
    pub(super) catalog_hash: Option<&'a str>,
    pub(super) dialect: Dialect,
    pub(super) environment: &'a str,
    pub(super) kept_in: &'a str,
    pub(super) time: DateTime<Utc>,
}

/// What was read from a backup whose end is there and whose bytes are those that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The catalog's name.
    pub catalog: String,
    /// The hash of the catalog whose rows they are, or `none`.
    pub catalog_hash: String,
    /// The name of the dialect.
    pub database: String,
    /// The environment that it was taken of.
    pub environment: String,
    /// The database that it was taken of ([`crate::config::DatabaseUrl::identity`]).
    pub kept_in: String,
    /// When it was taken, in UTC.
    pub taken: String,
    /// The tables, in order, and how many rows they have.
    pub counts: Vec<(String, usize)>,
    /// The statements, a transaction.
    pub script: String,
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub checksum: String,
}

impl Head<'_> {
    fn text(&self, counts: &[(&str, usize)]) -> String {
        let counts: Vec<_> = counts.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        format!(
            "{FIRST_LINE}\n-- Catalog: {}\n-- Catalog hash: {}\n-- Database: {}\n-- Environment: {}\n-- Kept in: {}\n\
             -- Taken: {}\n\
             -- Rows: {}\n-- Put it back with: pricebook services restore <this file> {}\n\n",
            self.catalog,
            self.catalog_hash.unwrap_or("none"),
            self.dialect.name(),
            self.environment,
            self.kept_in,
            clock::iso(self.time),
            counts.join(", "),
            self.environment,
        )
    }
}

/// Writes a new file, whole or not at all, that only its owner can read.
pub(super) fn write(reason: Reason, place: Place<'_>, head: &Head<'_>, dump: &Dump) -> Result<Backup, BackupError> {
    let mut text = head.text(&dump.counts) + &dump.script;
    let sum = hexadecimal(text.as_bytes());
    text.push_str(&format!("{END}{sum}\n"));
    let stem = format!("{}-{}", reason.stem(), clock::stamp(place.time));
    let file = persist(place.folder, &stem, text.as_bytes())
        .map_err(|cause| BackupError::File { file: place.folder.to_path_buf(), cause })?;
    Ok(Backup {
        id: uuid::Uuid::now_v7().to_string(),
        file,
        size_bytes: text.len() as u64,
        checksum: hexadecimal(text.as_bytes()),
        catalog_hash: head.catalog_hash.map(str::to_owned),
        rows: dump.counts.iter().map(|(_, rows)| rows).sum(),
    })
}

/// Under a name that no file has: `<stem>.sql`, or `<stem>-2.sql` where that is there.
fn persist(folder: &Path, stem: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such folder"));
    }
    let mut file = tempfile::Builder::new().prefix(UNFINISHED.0).suffix(UNFINISHED.1).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    for number in 1..=SAME_SECOND {
        let name = if number == 1 { format!("{stem}.sql") } else { format!("{stem}-{number}.sql") };
        let path = folder.join(name);
        match file.persist_noclobber(&path) {
            Ok(_) => {
                sync_folder(folder)?;
                return std::path::absolute(path);
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.file,
            Err(error) => return Err(error.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// So that the name, too, is there after a power cut; where folders cannot be opened the system sees to it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reads a backup.
///
/// # Errors
/// [`BackupError`] where it cannot be read, is none, lacks its end or was changed.
pub fn read(path: &Path) -> Result<Contents, BackupError> {
    let failed = |cause| BackupError::File { file: path.to_path_buf(), cause };
    let bytes = std::fs::read(path).map_err(failed)?;
    let no_backup = || BackupError::NoBackup(path.to_path_buf());
    let damaged = |what| BackupError::Damaged { file: path.to_path_buf(), what };
    let text = std::str::from_utf8(&bytes).map_err(|_| no_backup())?;
    if !is_backup(text) {
        return Err(no_backup());
    }
    let (above, sum) = text.rsplit_once(END).ok_or_else(|| damaged("lacks its end"))?;
    let sum = sum.strip_suffix('\n').ok_or_else(|| damaged("lacks its end"))?;
    if sum != hexadecimal(above.as_bytes()) {
        return Err(damaged("was changed after it was written"));
    }
    contents(above, hexadecimal(&bytes)).ok_or_else(no_backup)
}

fn contents(above: &str, checksum: String) -> Option<Contents> {
    let (head, script) = above.split_once("\n\n")?;
    let field =
        |name: &str| head.lines().find_map(|line| line.strip_prefix("-- ")?.strip_prefix(name)).map(str::to_owned);
    let count = |entry: &str| {
        let (table, rows) = entry.split_once(' ')?;
        Some((table.to_owned(), rows.parse().ok()?))
    };
    Some(Contents {
        catalog: field("Catalog: ")?,
        catalog_hash: field("Catalog hash: ")?,
        database: field("Database: ")?,
        environment: field("Environment: ")?,
        kept_in: field("Kept in: ")?,
        taken: field("Taken: ")?,
        counts: field("Rows: ")?.split(", ").map(count).collect::<Option<_>>()?,
        script: script.to_owned(),
        checksum,
    })
}

/// Whether a text begins as a backup does.
pub(super) fn is_backup(text: &str) -> bool {
    text.lines().next() == Some(FIRST_LINE)
}

/// What a file's head says of a field; `None` where it is no backup.
pub(super) fn field(path: &Path, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut bytes).ok()?;
    let head = String::from_utf8_lossy(&bytes);
    let line = head.lines().take_while(|line| line.starts_with("--")).find_map(|line| line.strip_prefix(name))?;
    is_backup(&head).then(|| line.to_owned())
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
