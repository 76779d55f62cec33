//! Who may import whom: between the packages, between the emitters, and inside the runtime.

use std::path::Path;

use serde_json::Value;

use crate::imports::imported_modules;
use crate::project::{cargo, code_lines, rust_files};

/// What each package's own code, and its build script, may import of the others.
const MAY_IMPORT: [(&str, &[&str], &[&str]); 11] = [
    ("pricebook-types", &[], &[]),
    ("pricebook-records", &[], &[]),
    ("pricebook-model", &["pricebook-types"], &[]),
    ("pricebook-emit", &["pricebook-model", "pricebook-records", "pricebook-types"], &[]),
    ("pricebook-macros", &["pricebook-emit", "pricebook-model", "pricebook-types"], &[]),
    ("pricebook-cli", &["pricebook-emit", "pricebook-model", "pricebook-records", "pricebook-types"], &[]),
    ("pricebook", &["pricebook-types"], &["pricebook-emit"]),
    ("pricebook-app", &["pricebook", "pricebook-macros", "pricebook-sandbox", "pricebook-types"], &["pricebook-emit"]),
    ("pricebook-sandbox", &["pricebook-types"], &[]),
    ("pricebook-benches", &[], &[]),
    ("adopter", &["pricebook", "pricebook-macros", "pricebook-types"], &["pricebook-emit"]),
];

/// The runtime's modules; each may import those before it.
const RUNTIME: [&str; 16] = [
    "config", "clock", "crypto", "outgoing", "records", "db", "audit", "auth", "jobs", "alerts", "stripe", "services",
    "portal", "http", "commands", "lib",
];

#[test]
fn packages_import_only_from_their_left() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let (_, normal, build) = MAY_IMPORT
            .iter()
            .find(|(known, ..)| *known == name)
            .unwrap_or_else(|| panic!("{name} has no place in the order of packages"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            // Only packages of the workspace have a path.
            let Some(imported) = dependency["path"].as_str().and(dependency["name"].as_str()) else { continue };
            match dependency["kind"].as_str() {
                None => assert!(normal.contains(&imported), "{name} imports {imported}"),
                Some("build") => assert!(build.contains(&imported), "the build script of {name} imports {imported}"),
                Some(_) => {}
            }
        }
    }
    assert_eq!(packages.len(), MAY_IMPORT.len(), "a package is gone");
}

#[test]
fn runtime_modules_import_only_from_their_left() {
    let place = |module: &str| RUNTIME.iter().position(|known| *known == module);
    for path in rust_files("runtime/src") {
        let module = module_of(&path);
        let own = place(&module).unwrap_or_else(|| panic!("{} has no place in the order of modules", path.display()));
        for (number, imported) in imported_modules("runtime/src", &path) {
            let allowed = place(&imported).is_some_and(|imported| imported <= own);
            assert!(allowed, "{}:{number}: {module} imports {imported}", path.display());
        }
    }
}

#[test]
fn emitters_do_not_import_each_other() {
    let targets = ["docs", "rust", "schema", "sql", "stripe", "typescript", "validation"];
    for target in targets {
        for path in rust_files(&format!("codegen/emit/src/{target}")) {
            for (number, imported) in imported_modules("codegen/emit/src", &path) {
                let own = imported == target || !targets.contains(&imported.as_str());
                assert!(own, "{}:{number}: {target} imports {imported}", path.display());
            }
        }
    }
}

#[test]
fn emitters_read_no_files_time_or_environment() {
    let outside = ["std::fs", "std::env", "std::io", "std::net", "std::process", "std::time", "SystemTime", "::now("];
    for target in ["docs", "rust", "schema", "sql", "stripe", "typescript", "validation"] {
        for path in rust_files(&format!("codegen/emit/src/{target}")) {
            for (number, line) in code_lines(&path) {
                let found = outside.iter().find(|outside| line.contains(**outside));
                assert_eq!(found, None, "{}:{number}: {line}", path.display());
            }
        }
    }
}

/// Stripe is the exception: the catalog's own terms are Stripe's, and a kind says what is a product there.
#[test]
fn the_model_names_no_target() {
    let targets = ["sqlite", "postgres", "mysql", "mariadb", "typescript", "javascript", "rustc"];
    for path in rust_files("codegen/model/src") {
        for (number, line) in code_lines(&path) {
            let found = targets.iter().find(|target| line.to_lowercase().contains(**target));
            assert_eq!(found, None, "{}:{number}: {line}", path.display());
        }
    }
}

/// `runtime/src/db/open.rs` is of the module `db`.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix("runtime/src").expect("a file of the runtime");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.strip_suffix(".rs").unwrap_or(&first).to_owned()
}
