//! House rules that no compiler checks: each invariant of `docs/ARCHITECTURE.md` has its test here or names another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under version control (or new and not ignored), relative to the workspace's folder.
pub(crate) fn rust_files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.rs"])
        .current_dir(root())
        .output()
        .expect("git lists the project's files");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let text = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    text.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect()
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

#[test]
fn every_rust_file_says_first_what_it_is_for() {
    let silent: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| !read(path).lines().next().is_some_and(|line| line.starts_with("//! ")))
        .collect();
    assert!(silent.is_empty(), "the first line is no `//!` sentence: {silent:?}");
}
