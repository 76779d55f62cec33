//! What the command writes, and what it does not.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

const ONE: &str = "export const services = [{ id: 'a', name: 'A', price: { value: 5 } }];";

/// A folder with a source, in which the command runs.
struct Place(tempfile::TempDir);

impl Place {
    fn with(source: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("services.config.ts"), source).expect("a file");
        Self(folder)
    }

    fn catalog(&self) -> PathBuf {
        self.0.path().join("catalog")
    }

    fn import(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cargo-catalog"))
            .args(["catalog", "import", "services.config.ts", "--out", "catalog"])
            .args(more)
            .current_dir(self.0.path())
            .output()
            .expect("the command runs")
    }
}

#[test]
fn the_folder_is_written_whole() {
    let place = Place::with(ONE);
    let output = place.import(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries = fs::read_dir(place.catalog()).expect("the catalog");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["catalog.yaml", "services.yaml"]);
    assert_eq!(fs::read_dir(place.0.path()).expect("the folder").count(), 2, "nothing is left beside it");
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::with(ONE);
    fs::create_dir(place.catalog()).expect("a folder");
    let theirs = place.catalog().join("plans.yaml");
    fs::write(&theirs, "plans: {}\n").expect("a file");
    let output = place.import(&[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not empty"));
    assert_eq!(fs::read_dir(place.catalog()).expect("the catalog").count(), 1);
    fs::remove_file(theirs).expect("a removed file");
    assert!(place.import(&[]).status.success(), "an empty folder is taken");
}

#[test]
fn other_files_are_refused_by_their_names() {
    let place = Place::with(ONE);
    fs::write(place.0.path().join("plans.yaml"), "plans: {}\n").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-catalog"))
        .args(["import", "plans.yaml"])
        .current_dir(place.0.path())
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("plans.yaml is neither TypeScript"));
}

#[test]
fn a_source_that_cannot_be_read_leaves_nothing() {
    let place = Place::with("export const services = [{ id: x, name: 'A', price: { value: 5 } }];");
    let output = place.import(&[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("services.config.ts:1:32"));
    assert!(!place.catalog().exists());
}

#[test]
fn the_report_in_json_lists_what_was_not_taken_over() {
    let place = Place::with("export const services = [{ id: 'a', name: 'A', price: { value: 5 }, icon: 'star' }];");
    let report: Value = serde_json::from_slice(&place.import(&["--json"]).stdout).expect("JSON");
    assert_eq!((&report["products"], &report["prices"]), (&1.into(), &1.into()));
    assert_eq!(report["written"].as_array().map(Vec::len), Some(2));
    let lost = &report["not_imported"][0];
    assert_eq!((&lost["place"], &lost["what"]), (&"services.config.ts:1:75".into(), &"icon".into()), "{report}");
}

#[test]
fn what_is_for_sale_and_not_imported_is_said_loudly_and_fails() {
    let place = Place::with(
        "export const services = [{ id: 'a', name: 'A', price: { value: 5 } }, { id: 'a', name: 'Twin', price: { value: 5 } },\n\
         { id: 'b', name: 'B', price: { value: 5 }, billingType: 'hourly' }];",
    );
    let output = place.import(&[]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
    fs::remove_dir_all(place.catalog()).expect("a removed folder");
    let output = place.import(&["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["products"], 1);
    assert_eq!(report["not_imported"][1]["what"], "service b: billingType");
    assert_eq!(report["notes"], serde_json::json!([]));
}

#[test]
fn a_name_that_no_catalog_takes_is_wrong_usage() {
    let place = Place::with(ONE);
    for (arguments, why) in [
        (["--kind", "Fax"], "invalid value 'Fax' for '--kind <KIND>': `Fax` cannot be an id"),
        (["--kind", "price"], "invalid value 'price' for '--kind <KIND>': `price` has a meaning of its own in rust"),
        (["--name", "Acme Inc."], "invalid value 'Acme Inc.' for '--name <NAME>': `Acme Inc.` is no slug"),
        (["--name", ""], "invalid value '' for '--name <NAME>': a text must stand here"),
    ] {
        let output = place.import(&arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(why) && stderr.contains("try '--help'"), "{arguments:?}: {stderr}");
    }
    let fax = String::from_utf8_lossy(&place.import(&["--kind", "Fax"]).stderr).into_owned();
    assert!(fax.contains("write `fax`"), "{fax}");
    assert!(!place.catalog().exists());
}
