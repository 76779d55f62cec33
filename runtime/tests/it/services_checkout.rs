//! A sync in a checkout: the tools of the catalog, where they are at hand, say whether its YAML was edited.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pricebook::services::check_catalog;

/// A program in the place of cargo, which notes what it is asked.
fn cargo(folder: &Path, script: &str) -> PathBuf {
    let file = folder.join("cargo");
    fs::write(&file, format!("#!/bin/sh\necho \"$@\" > asked\n{script}\n")).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be run");
    file
}

#[test]
fn the_tools_of_the_catalog_are_asked_in_the_checkout() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |script: &str| {
        let cargo = cargo(folder.path(), script);
        check_catalog(folder.path(), cargo.as_os_str()).map_err(|edited| edited.to_string())
    };
    assert_eq!(check("exit 1"), Ok(false), "a place without catalog/ is no checkout");
    assert!(!folder.path().join("asked").exists());
    fs::create_dir(folder.path().join("catalog")).expect("a folder");
    assert_eq!(check("echo 'generated/ is what the catalog says: 50 files.'"), Ok(true));
    assert_eq!(fs::read_to_string(folder.path().join("asked")).expect("asked"), "catalog generate --check\n");
    let told = check("echo 'Compiling' >&2; echo 'error: generated/sql/sqlite/sync.sql differs' >&2; exit 1");
    let told = told.expect_err("the YAML was edited");
    assert!(told.starts_with("catalog/ was edited since generated/ was made of it, or is not understood"), "{told}");
    assert!(told.contains("cargo catalog generate --check says \"error: generated/sql/sqlite/sync.sql differs\""));
    assert!(check("exit 1").expect_err("nothing is said").contains("exit status: 1"));
}

#[test]
fn a_checkout_without_the_tools_is_taken_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("catalog")).expect("a folder");
    assert_eq!(check_catalog(folder.path(), OsStr::new("/nowhere/cargo")), Ok(false));
    let without = cargo(folder.path(), "echo 'error: no such command: `catalog`' >&2; exit 101");
    assert_eq!(check_catalog(folder.path(), without.as_os_str()), Ok(false));
    let broken = cargo(folder.path(), "echo 'error: could not compile' >&2; exit 101");
    assert!(check_catalog(folder.path(), broken.as_os_str()).is_err());
}
