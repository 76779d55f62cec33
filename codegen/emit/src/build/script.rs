//! A build script's run: from cargo's environment to the artifacts in `OUT_DIR` and in the package.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pricebook_types::Dialect;

use super::generate::generate_with_rust;
use super::{Failure, Generated, LastGood, Package, Stream, compare, folder, history};

/// What a `build.rs` does: `fn main() -> ExitCode { pricebook_emit::Build::catalog().run() }`.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    stream: Stream,
}

impl Build {
    /// Compiles the package's `catalog/`.
    pub fn catalog() -> Self {
        Self { stream: Stream::Catalog }
    }

    /// Compiles the runtime's own records.
    pub fn records() -> Self {
        Self { stream: Stream::Records }
    }

    /// Runs as a build script, and fails with the report as its only output.
    pub fn run(self) -> ExitCode {
        let script = Script::from_environment(self.stream);
        match script.run() {
            Ok(warning) => {
                script.print_directives(warning);
                ExitCode::SUCCESS
            }
            Err(failure) => {
                eprintln!("{failure}");
                ExitCode::FAILURE
            }
        }
    }
}

/// What to say of ids that the lock does not know. New amounts of known prices are no reason to warn while somebody edits.
fn unrecorded(generated: &Generated) -> Option<String> {
    const MOST_NAMES: usize = 3;
    let ids = generated.history.lock.as_ref()?.never_recorded(&generated.catalog);
    let mut names = ids.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    if ids.len() > MOST_NAMES {
        names.push_str(&format!(" and {} more", ids.len() - MOST_NAMES));
    }
    (!ids.is_empty()).then(|| format!("{names} could vanish unseen; before the release, run `cargo catalog record`"))
}

/// One run, as cargo's environment asks for it.
struct Script {
    package: Package,
    out_dir: PathBuf,
    frozen: bool,
}

impl Script {
    fn from_environment(stream: Stream) -> Self {
        let folder = |name| std::env::var_os(name).map(PathBuf::from).expect("cargo sets it for build scripts");
        Self {
            package: Package::new(folder("CARGO_MANIFEST_DIR"), stream),
            out_dir: folder("OUT_DIR"),
            frozen: std::env::var_os("PRICEBOOK_FROZEN").is_some_and(|value| value == "1"),
        }
    }

    /// Makes and writes everything; returns what to warn of.
    fn run(&self) -> Result<Option<String>, Failure> {
        let sources = self.package.sources()?;
        let last_good = LastGood::new(&self.out_dir);
        match generate_with_rust(&self.package, sources.clone()) {
            Ok((generated, rust)) => {
                let warning = self.write_to_package(&generated)?;
                let copies = [generated.history.files, generated.artifacts].concat();
                folder::write(&self.out_dir.join("generated"), &copies)?;
                last_good.keep(rust, &sources)?;
                Ok(warning)
            }
            Err(failure) => last_good.above(&failure, &sources)?.map_or(Err(failure), |_| Ok(None)),
        }
    }

    /// Writes `generated/` where the package is being worked on; otherwise only compares.
    fn write_to_package(&self, generated: &Generated) -> Result<Option<String>, Failure> {
        let folder = self.package.generated();
        if self.frozen && !self.package.is_copy() {
            let differences = compare(&folder, &generated.artifacts)?;
            return if differences.is_empty() { Ok(unrecorded(generated)) } else { Err(Failure::Stale(differences)) };
        }
        if self.package.is_developed(&self.out_dir) {
            folder::write(&folder, &generated.artifacts)?;
            return Ok(unrecorded(generated));
        }
        let stale = folder.exists() && !compare(&folder, &generated.artifacts)?.is_empty();
        Ok(stale.then(|| {
            format!("{} is not what the catalog says; run `cargo catalog generate` in its package", folder.display())
        }))
    }

    /// Tells cargo when to run again: never for what a run itself writes.
    fn print_directives(&self, warning: Option<String>) {
        let watch = |path: &Path| println!("cargo::rerun-if-changed={}", path.display());
        println!("cargo::rerun-if-env-changed=PRICEBOOK_FROZEN");
        println!("cargo::rerun-if-changed=build.rs");
        if self.package.stream() == Stream::Catalog {
            watch(&self.package.catalog());
        }
        let generated = self.package.generated();
        watch(&generated.join(history::LOCK));
        // A folder that is not there would run the script in every build; the first migration also makes the lock.
        for dialect in Dialect::ALL {
            let migrations = generated.join(history::migrations_folder(dialect));
            if migrations.exists() {
                watch(&migrations);
            }
        }
        if let Some(warning) = warning {
            println!("cargo::warning={warning}");
        }
    }
}
