//! Builds the storefront: with npm, in the checkout, and only when something that it is made of has changed.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

/// How much of what a failed step says is kept.
const LAST_LINES: usize = 20;

/// Where a storefront is built. Paths are in the checkout.
#[derive(Clone, Copy, Debug)]
pub struct StorefrontSources<'a> {
    /// The checkout that the program was compiled in.
    pub checkout: &'a str,
    /// The npm package: `frontend`. Its script `build` writes `dist` there.
    pub package: &'a str,
    /// Files and folders that it is built of.
    pub inputs: &'a [&'a str],
}

/// Why a storefront is not built.
#[derive(Debug, thiserror::Error)]
pub enum NotBuilt {
    /// There is nothing to build it with.
    #[error("npm is not found; install Node.js 20.19 or later with npm, and run this again")]
    NoNpm,
    /// Npm failed.
    #[error("`npm {step}` in {package}/ failed:\n{said}")]
    Failed {
        /// The npm package.
        package: String,
        /// What npm was to do.
        step: &'static str,
        /// The end of what it said.
        said: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// Why.
        cause: io::Error,
    },
}

/// What is done next, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildStep {
    /// The packages of the lock file.
    Install,
    /// The pages.
    Build,
}

impl StorefrontSources<'_> {
    /// Whether this process was started in the checkout. One that runs elsewhere builds nothing.
    pub fn are_here(&self) -> bool {
        let here = std::env::current_dir().and_then(fs::canonicalize);
        here.is_ok_and(|here| fs::canonicalize(self.checkout).is_ok_and(|checkout| checkout == here))
    }

    /// Builds with `npm` what is not built of these inputs yet, and tells each step before it is done.
    ///
    /// # Errors
    /// [`NotBuilt`].
    pub fn build(&self, npm: &OsStr, tell: &mut dyn FnMut(BuildStep)) -> Result<(), NotBuilt> {
        let (stamp, file) = (self.stamp()?, self.stamp_file());
        if fs::read_to_string(&file).is_ok_and(|built| built == stamp) {
            return Ok(());
        }
        if !self.is_installed() {
            tell(BuildStep::Install);
            self.npm(npm, "ci", &["ci", "--no-audit", "--no-fund"])?;
        }
        tell(BuildStep::Build);
        self.npm(npm, "run build", &["run", "build"])?;
        fs::write(&file, stamp).map_err(|cause| at(&file, cause))
    }

    fn package(&self) -> PathBuf {
        Path::new(self.checkout).join(self.package)
    }

    /// Beside what was built. Every build empties the folder, so that one which fails leaves no stamp.
    fn stamp_file(&self) -> PathBuf {
        self.package().join("dist/.inputs")
    }

    /// A hash of everything that the storefront is made of.
    fn stamp(&self) -> Result<String, NotBuilt> {
        let checkout = Path::new(self.checkout);
        let mut files = Vec::new();
        for input in self.inputs {
            collect(&checkout.join(input), &mut files)?;
        }
        let mut hash = Sha256::new();
        for file in files {
            let bytes = fs::read(&file).map_err(|cause| at(&file, cause))?;
            let name = file.strip_prefix(checkout).unwrap_or(&file).as_os_str().as_encoded_bytes();
            for part in [name, &bytes] {
                hash.update(part.len().to_be_bytes());
                hash.update(part);
            }
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether the packages of the lock file are there: npm leaves a file of its own when it has installed them.
    fn is_installed(&self) -> bool {
        let time = |path: &str| fs::metadata(self.package().join(path)).and_then(|file| file.modified()).ok();
        let installed = time("node_modules/.package-lock.json");
        installed.is_some_and(|installed| time("package-lock.json").is_some_and(|lock| lock <= installed))
    }

    fn npm(&self, npm: &OsStr, step: &'static str, arguments: &[&str]) -> Result<(), NotBuilt> {
        let failed = |said: String| NotBuilt::Failed { package: self.package.to_owned(), step, said };
        match Command::new(npm).args(arguments).current_dir(self.package()).stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(failed(last_lines(&[output.stdout, output.stderr].concat()))),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(NotBuilt::NoNpm),
            Err(cause) => Err(failed(cause.to_string())),
        }
    }
}

fn last_lines(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines: Vec<_> = said.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

fn at(path: &Path, cause: io::Error) -> NotBuilt {
    NotBuilt::File { path: path.display().to_string(), cause }
}

/// Every file of a file or folder, in an order that stays.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), NotBuilt> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut paths: Vec<_> = entries.map_err(|cause| at(path, cause))?.into_iter().map(|entry| entry.path()).collect();
    // What editors leave behind.
    paths.retain(|path| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")));
    paths.sort();
    paths.iter().try_for_each(|path| collect(path, files))
}
