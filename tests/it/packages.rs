//! What an adopter needs from the registry can be published.

use std::process::Command;

use crate::project::root;

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

/// Without building the packages again: `cargo package` does that where they are published.
#[test]
fn every_crate_that_an_adopter_needs_is_packaged_without_a_warning() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO"))
        .args(["package", "--no-verify", "--offline", "--allow-dirty", "--target-dir"])
        .arg(folder.path())
        .args(PUBLISHED.map(|name| format!("--package={name}")))
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
    for name in PUBLISHED {
        let file = folder.path().join(format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION")));
        assert!(file.is_file(), "{} is missing", file.display());
    }
}
