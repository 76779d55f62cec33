//! What an adopter needs from the registry can be published, and works as it is published.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::{read, root};

/// All that an application's manifest names, and what those need.
const PUBLISHED: [&str; 7] = [
    "pricebook",
    "pricebook-cli",
    "pricebook-emit",
    "pricebook-macros",
    "pricebook-model",
    "pricebook-records",
    "pricebook-types",
];

/// Files that a package forgets show only where nothing else of the repository is at hand.
///
/// Shares the workspace's build, so that only the published crates are compiled again: less than a minute on two cores.
#[test]
fn an_application_is_built_on_the_packages_alone() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    let folder = target.join("tmp/packages");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder of this test");
    }
    fs::create_dir_all(folder.join("app/src")).expect("a folder");
    let patches: String =
        packaged(&folder).iter().map(|(name, path)| format!("{name} = {{ path = {path:?} }}\n")).collect();
    application(&folder.join("app"), &patches);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--offline", "--quiet", "--target-dir"]).arg(target);
    let output = cargo.args(["--", "prices"]).current_dir(folder.join("app")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let prices = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(prices.contains("River loop"), "{prices}");
}

/// Makes the packages, and unpacks each into a folder of its own.
fn packaged(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let output = Command::new(env!("CARGO"))
        .args(["package", "--no-verify", "--offline", "--allow-dirty", "--target-dir"])
        .arg(folder)
        .args(PUBLISHED.map(|name| format!("--package={name}")))
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
    let unpack = |name| {
        let package = format!("{name}-{}", env!("CARGO_PKG_VERSION"));
        let file = folder.join(format!("package/{package}.crate"));
        // With the time of now: a package's files bear none, and cargo would take them for those of the run before.
        let status = Command::new("tar").arg("-xzmf").arg(&file).arg("-C").arg(folder).status().expect("tar runs");
        assert!(status.success(), "{}", file.display());
        (name, folder.join(package))
    };
    PUBLISHED.map(unpack).into()
}

/// The adopter's application, with the packages from the registry that it would have.
fn application(folder: &Path, patches: &str) {
    let adopter = root().join("examples/adopter");
    for part in ["catalog", "generated"] {
        let status = Command::new("cp").arg("-R").arg(adopter.join(part)).arg(folder).status().expect("cp runs");
        assert!(status.success(), "{part}");
    }
    for file in ["build.rs", "src/lib.rs", "src/main.rs", "src/tours.rs"] {
        // Under a name of its own, for it shares a folder of binaries with the adopter.
        let text = read(Path::new("examples/adopter").join(file)).replace("adopter::", "packed_adopter::");
        fs::write(folder.join(file), text).expect("a file");
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
    let version = env!("CARGO_PKG_VERSION");
    // The same profiles as here, or nothing of the workspace's build would fit.
    let manifest = read("Cargo.toml");
    let profiles =
        &manifest[manifest.find("[profile.dev]").expect("profiles")..manifest.find("[package]").expect("a package")];
    let manifest = format!(
        "[package]\nname = \"packed_adopter\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\npricebook = \"{version}\"\npricebook-cli = \"{version}\"\npricebook-macros = \"{version}\"\n\
         pricebook-types = \"{version}\"\n\n\
         [build-dependencies]\npricebook-emit = \"{version}\"\n\n[patch.crates-io]\n{patches}\n[workspace]\n\n{profiles}"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
}
