//! The project as text: its files, and the tests that its documents name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// Every Rust file below a folder (`.` for all), except what is generated or belongs to somebody else.
pub(crate) fn rust_files(below: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") {
                files.push(path.strip_prefix(root()).expect("a file of the project").to_path_buf());
            }
        }
    }
    files.sort();
    files
}

/// The files of the repository with names like these (`*.css`).
pub(crate) fn listed(patterns: &[&str]) -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "--"]).args(patterns).current_dir(root()).output();
    let output = output.expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// The lines of a file that are not comments, numbered from 1.
pub(crate) fn code_lines(path: &Path) -> Vec<(usize, String)> {
    let numbered = (1..).zip(read(path).lines().map(str::to_owned).collect::<Vec<_>>());
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// What a cargo command prints, without the network.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
/// A test that a document names as `path/to/file.rs::its_name`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedTest<'a> {
    pub(crate) file: &'a str,
    pub(crate) name: &'a str,
}

impl NamedTest<'_> {
    /// Whether the file has a test of this name.
    pub(crate) fn exists(&self) -> bool {
        let Ok(text) = fs::read_to_string(root().join(self.file)) else { return false };
        match self.file.ends_with(".rs") {
            true => {
                let before = text.split_once(&format!("fn {}(", self.name)).map(|(before, _)| before);
                let above =
                    before.and_then(|before| before.rsplit_once('\n')).map(|(above, _)| above).unwrap_or_default();
                // Other attributes and comments may stand between the mark and the function.
                let attributes = above.lines().rev().map(str::trim);
                attributes.take_while(|line| line.starts_with("#[") || line.starts_with("//")).any(is_mark)
            }
            false => text.contains(self.name),
        }
    }
}

fn is_mark(line: &str) -> bool {
    ["#[test]", "#[tokio::test"].iter().any(|mark| line.starts_with(mark))
}

/// The tests that a text names in backticks.
pub(crate) fn named_tests(text: &str) -> Vec<NamedTest<'_>> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|quoted| quoted.split_once("::"))
        .filter(|(file, _)| file.contains('/'))
        .map(|(file, name)| NamedTest { file, name })
        .collect()
}
