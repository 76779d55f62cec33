//! The texts of a catalog and places in them.

use std::path::{Path, PathBuf};

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
        Self { files }
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

    /// Line and column of a span's start.
    pub fn position(&self, span: Span) -> Position {
        let file = self.file(span.file);
        let before = &file.text[..span.start as usize];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            file: file.path.clone(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// Reads every `*.yaml` file below `folder`, shown in diagnostics as `shown_as/…`.
///
/// Bytes that are not UTF-8 are kept as U+FFFD and found by the parser as `invalid-utf8`.
///
/// # Errors
/// [`LoadError`] where a file or folder cannot be read.
pub fn load(folder: &Path, shown_as: &str, base: bool) -> Result<Vec<Source>, LoadError> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), shown_as.to_owned())];
    while let Some((folder, shown)) = folders.pop() {
        let error = |cause| LoadError { path: folder.clone(), cause };
        for entry in std::fs::read_dir(&folder).map_err(error)? {
            let entry = entry.map_err(error)?;
            let path = entry.path();
            let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
            if path.is_dir() {
                folders.push((path, shown));
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let bytes = std::fs::read(&path).map_err(|cause| LoadError { path: path.clone(), cause })?;
                files.push(Source { path: shown, text: String::from_utf8_lossy(&bytes).into_owned(), base });
            }
        }
    }
    Ok(files)
}
