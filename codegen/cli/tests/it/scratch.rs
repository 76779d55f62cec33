//! A copy of the real package in a folder of its own, under git, and the real binary to run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// A copy of the real catalog with what was generated from it, committed.
pub(crate) struct Scratch {
    folder: TempDir,
}

/// What a command printed.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for part in ["catalog", "generated"] {
            copy(&repository().join(part), &scratch.path(part));
        }
        // What the checkout of somebody's work in progress left stale is not what these tests are about.
        assert_eq!(scratch.run(&["generate"]).code, 0);
        scratch.git(&["init", "--quiet", "--initial-branch=main"]);
        scratch.add_all();
        scratch.commit("As it is");
        scratch
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        // Renamed into its place, as editors do: who reads at the same time reads the whole of the old or the new.
        let beside = tempfile::NamedTempFile::new_in(self.folder.path()).expect("a file");
        fs::write(beside.path(), text).expect("written");
        beside.persist(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Replaces a text that stands in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub(crate) fn add_all(&self) {
        self.git(&["add", "--all"]);
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--all", "-m", message]);
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git").arg("-C").arg(self.folder.path()).args(arguments).output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The binary, to be called in the package's folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command.current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("the binary runs"))
    }

    /// Every file below `generated/` with its content, but not the writers' own folder.
    pub(crate) fn generated(&self) -> Vec<(String, String)> {
        files(&self.path("generated"))
    }
}

/// The binary, as a shell calls it.
pub(crate) fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-catalog"));
    command.args(arguments).env_remove("NO_COLOR");
    command
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the process ended by itself"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// Every file below a folder with its content, sorted by path.
pub(crate) fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with(".pricebook") {
                    folders.push(path);
                }
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, text) in files(from) {
        let to = to.join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("created");
        fs::write(to, text).expect("written");
    }
}
