//! What generated files say of where they come from, and what a pull request shows of them.

use std::process::Command;

use pricebook_emit::sql::{write_base_migration, write_migration};
use pricebook_model::Lock;

use crate::catalogs::real;
use crate::project::{read, root};

#[test]
fn the_runtimes_files_name_their_own_source_and_command() {
    for path in ["sql/sqlite/schema.sql", "sql/postgres/schema.sql", "sql/mysql/schema.sql", "manifest.json"] {
        let text = read(format!("runtime/generated/{path}"));
        let head = &text[..text.len().min(400)];
        assert!(head.contains("runtime/records/") && head.contains("cargo build -p pricebook"), "{path}: {head}");
        assert!(!head.contains("from catalog/") && !head.contains("cargo catalog generate"), "{path}: {head}");
    }
}

#[test]
fn a_lock_says_what_writes_it() {
    for (package, command) in [
        ("", "cargo catalog migrate NAME, cargo catalog record;"),
        ("examples/adopter/", "cargo catalog migrate NAME, cargo catalog record;"),
        ("runtime/", "cargo catalog migrate NAME --records;"),
    ] {
        let lock = read(format!("{package}generated/catalog.lock"));
        assert!(lock.starts_with(&format!("{{\n  \"written_by\": \"{command}")), "{package}");
    }
}

#[test]
fn a_migration_says_that_nothing_makes_it_again() {
    let catalog = real();
    let own = write_migration(&catalog, &Lock::default(), "initial").expect("a migration");
    let base = write_base_migration(&catalog, &Lock::default(), "initial").expect("a migration");
    for (written, source, command) in [
        (own, "catalog/", "cargo catalog migrate NAME`"),
        (base, "runtime/records/", "cargo catalog migrate NAME --records`"),
    ] {
        for file in written.files {
            let head = file.text.split("\n\n").next().expect("a head");
            assert!(head.contains(&format!("-- Source: {source}\n")), "{}: {head}", file.path);
            assert!(
                head.contains(&format!("-- Written by `{command}, once and never again.\n")),
                "{}: {head}",
                file.path
            );
            assert!(!head.contains("Remake"), "{}: {head}", file.path);
        }
    }
}

/// Whether code hosts fold the file away in a pull request.
fn is_folded(path: &str) -> bool {
    let asked = Command::new("git").args(["check-attr", "linguist-generated", "--", path]).current_dir(root()).output();
    let answer = String::from_utf8(asked.expect("git runs").stdout).expect("UTF-8");
    let value = answer.trim().rsplit(": ").next().expect("a value").to_owned();
    assert!(matches!(&*value, "set" | "unset" | "unspecified"), "{answer}");
    value == "set"
}

#[test]
fn a_pull_request_shows_what_reviewers_read() {
    for path in [
        "sql/sqlite/sync.sql",
        "sql/postgres/migrations/0001_initial.sql",
        "sql/mysql/schema.sql",
        "stripe/catalog.json",
        "docs/price-list.md",
        "validation/catalog.json",
        "typescript/src/products/plans.ts",
        "catalog.lock",
    ] {
        for package in ["", "examples/adopter/", "runtime/"] {
            assert!(!is_folded(&format!("{package}generated/{path}")), "{package}: {path}");
        }
    }
    for path in ["typescript/dist/index.js", "schema/catalog.schema.json", "manifest.json"] {
        for package in ["", "examples/adopter/"] {
            assert!(is_folded(&format!("{package}generated/{path}")), "{package}: {path}");
        }
    }
}
