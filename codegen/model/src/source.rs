//! The texts of a catalog and places in them.

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::parse::MAX_FILE_BYTES;

/// A file of the catalog.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as diagnostics show it, with `/` between its parts.
    pub path: String,
    /// The content.
    pub text: String,
    /// Part of the runtime's records rather than of this catalog.
    pub base: bool,
}

/// The files of a catalog, in the order in which they are read: the base first, then by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// The first byte of each line of each file, once it was asked for.
    lines: Vec<OnceLock<Vec<u32>>>,
}

/// A file of [`Sources`] by its position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// A place for people: 1-based line and column, the column counted in characters.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The file's path.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
}

/// Why a catalog's files could not be read.
#[derive(Debug)]
pub struct LoadError {
    /// The file or folder.
    pub path: PathBuf,
    /// The same as diagnostics show it: `catalog/plans.yaml`.
    pub shown: String,
    /// What the system said.
    pub cause: std::io::Error,
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.cause)
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl Sources {
    /// Sorts the files: the base first, then by path.
    pub fn new(mut files: Vec<Source>) -> Self {
        files.sort_by(|a, b| b.base.cmp(&a.base).then_with(|| a.path.cmp(&b.path)));
        Self { lines: files.iter().map(|_| OnceLock::new()).collect(), files }
    }

    /// The files in order.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// One file.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }

    /// Line and column of a span's start; the start of `catalog` where there is no file at all.
    pub fn position(&self, span: Span) -> Position {
        let Some(file) = self.files.get(span.file.0 as usize) else {
            return Position { file: "catalog".to_owned(), line: 1, column: 1 };
        };
        let line_index = self.line_index(span.file, span.start);
        let line_start = self.line_bytes(span.file, line_index..line_index + 1).start;
        let before = &file.text[line_start..span.start as usize];
        Position { file: file.path.clone(), line: line_index + 1, column: before.chars().count() + 1 }
    }

    /// The 0-based line of a byte.
    pub(crate) fn line_index(&self, file: FileId, byte: u32) -> usize {
        self.lines(file).partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// The bytes of some 0-based lines, with their line breaks.
    pub(crate) fn line_bytes(&self, file: FileId, lines: Range<usize>) -> Range<usize> {
        let starts = self.lines(file);
        let length = self.files.get(file.0 as usize).map_or(0, |file| file.text.len());
        let at = |line: usize| starts.get(line).map_or(length, |start| *start as usize);
        at(lines.start)..at(lines.end)
    }

    fn lines(&self, file: FileId) -> &[u32] {
        let Some(lines) = self.lines.get(file.0 as usize) else { return &[] };
        lines.get_or_init(|| {
            let breaks = self.files[file.0 as usize].text.match_indices('\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// Whether a file is part of the catalog, by its name: `*.yaml` or `*.yml`, in capitals too.
pub fn is_catalog_file(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// Reads every `*.yaml` and `*.yml` file below `folder`, shown in diagnostics as `shown_as/…`.
///
/// Hidden files and folders are left out. Links to folders are not followed, so that no cycle is entered, and refused, so that
/// nothing is missed.
/// Bytes that are not UTF-8 are kept as U+FFFD and found by the parser as `invalid-utf8`; of a file that is too large no more
/// is read than the parser needs to find that.
///
/// # Errors
/// [`LoadError`] where a file or folder cannot be read, or something else stands where a file should.
pub fn load(folder: &Path, shown_as: &str, base: bool) -> Result<Vec<Source>, LoadError> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), shown_as.to_owned())];
    while let Some((folder, shown)) = folders.pop() {
        let error = |cause| LoadError { path: folder.clone(), shown: shown.clone(), cause };
        for entry in std::fs::read_dir(&folder).map_err(error)? {
            let entry = entry.map_err(error)?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let shown = format!("{shown}/{name}");
            let file_type = entry.file_type().map_err(error)?;
            if file_type.is_dir() {
                folders.push((path, shown));
            } else if file_type.is_symlink() && path.is_dir() {
                let cause = std::io::Error::new(std::io::ErrorKind::InvalidInput, LINKED_FOLDER);
                return Err(LoadError { path, shown, cause });
            } else if is_catalog_file(&path) {
                let bytes = read(&path).map_err(|cause| LoadError { path, shown: shown.clone(), cause })?;
                files.push(Source { path: shown, text: String::from_utf8_lossy(&bytes).into_owned(), base });
            }
        }
    }
    Ok(files)
}

const LINKED_FOLDER: &str = "it is a link to a folder, which is not followed; link its files one by one";

/// The bytes of a file, but for those far behind the most that are read of one.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    // Asked before it is opened, for opening a pipe waits for somebody who writes into it.
    if !std::fs::metadata(path)?.is_file() {
        let cause = "it is no file, but a folder, a pipe, a socket or a device";
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, cause));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
