//! What the command writes, and what it does not.

use std::fs;
use std::process::ExitCode;

use pricebook_cli::import::{Args, run};

const ONE: &str = "export const services = [{ id: 'a', name: 'A', price: { value: 5 } }];";

fn args(folder: &tempfile::TempDir, text: &str) -> Args {
    let file = folder.path().join("services.config.ts");
    fs::write(&file, text).expect("a file");
    let out = folder.path().join("catalog");
    Args { files: vec![file], stripe: false, out, name: None, kind: None, currency: None, json: false }
}

fn succeeded(code: ExitCode) -> bool {
    format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)
}

#[test]
fn the_folder_is_written_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = args(&folder, ONE);
    assert!(succeeded(run(&args)));
    let mut names: Vec<_> =
        fs::read_dir(&args.out).expect("the catalog").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["catalog.yaml", "services.yaml"]);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left beside it");
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = args(&folder, ONE);
    fs::create_dir(&args.out).expect("a folder");
    fs::write(args.out.join("plans.yaml"), "plans: {}\n").expect("a file");
    assert!(!succeeded(run(&args)));
    assert_eq!(fs::read_dir(&args.out).expect("the catalog").count(), 1);
    fs::remove_file(args.out.join("plans.yaml")).expect("a removed file");
    assert!(succeeded(run(&args)), "an empty folder is taken");
}

#[test]
fn a_source_that_cannot_be_read_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = args(&folder, "export const services = [{ id: x, name: 'A', price: { value: 5 } }];");
    assert!(!succeeded(run(&args)));
    assert!(!args.out.exists());
}
