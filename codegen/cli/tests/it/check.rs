//! `check`: every problem, for people and for programs.

use crate::scratch::{Scratch, binary};

#[test]
fn a_sound_catalog_is_summed_up() {
    let ran = Scratch::new().run(&["check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("No problems: 24 products of 7 kinds"), "{}", ran.stdout);
}

#[test]
fn a_problem_is_shown_at_its_line_without_colours_in_a_pipe() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "forecasting: true", "forcasting: true");
    let ran = scratch.run(&["check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn programs_read_problems_as_json() {
    let scratch = Scratch::new();
    let sound: serde_json::Value = serde_json::from_str(&scratch.run(&["check", "--json"]).stdout).expect("JSON");
    assert_eq!((&sound["problems"], &sound["catalog"]), (&serde_json::json!([]), &"stratiqx".into()));
    scratch.edit("catalog/addons.yaml", "forecasting: true", "forcasting: true");
    let ran = scratch.run(&["check", "--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let problems: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let problems = &problems["problems"];
    assert_eq!(problems[0]["code"], "unknown-feature");
    assert_eq!(problems[0]["file"], "catalog/addons.yaml");
    assert_eq!(problems[0]["line"], 8);
}

#[test]
fn an_edited_or_missing_migration_is_a_problem_that_names_the_file() {
    let scratch = Scratch::new();
    let folder = scratch.path("generated/sql/postgres/migrations");
    let name = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().file_name().into_string().unwrap();
    let path = format!("generated/sql/postgres/migrations/{name}");
    let text = scratch.read(&path);
    scratch.write(&path, &format!("{text}\n-- one more line\n"));
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error[migration-edited]: ") && ran.stderr.contains(&path), "{}", ran.stderr);

    std::fs::remove_file(scratch.path(&path)).unwrap();
    let ran = scratch.run(&["check"]);
    assert!(ran.stderr.starts_with("error[migration-missing]: ") && ran.stderr.contains(&path), "{}", ran.stderr);

    scratch.write(&path, &text);
    scratch.write("generated/sql/sqlite/migrations/0099_by_hand.sql", "DROP TABLE services;\n");
    let ran = scratch.run(&["check"]);
    assert!(ran.stderr.starts_with("error[migration-not-in-lock]: "), "{}", ran.stderr);
}

#[test]
fn a_missing_lock_is_one_problem_and_no_migration_is_blamed() {
    let scratch = Scratch::new();
    std::fs::remove_file(scratch.path("generated/catalog.lock")).unwrap();
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error[lock-missing]: "), "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
}

#[test]
fn a_folder_without_files_is_no_fault_of_the_runtimes_records() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("catalog")).unwrap();
    let output = binary(&["check"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("catalog/ holds no `*.yaml` file") && !stderr.contains("pricebook/"), "{stderr}");
}

#[test]
fn a_lock_with_a_merge_conflict_is_a_problem_with_its_line() {
    let scratch = Scratch::new();
    scratch.edit("generated/catalog.lock", "  \"version\": 1,\n", "<<<<<<< main\n  \"version\": 1,\n");
    let ran = scratch.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("error[lock-unreadable]"), "{}", ran.stderr);
    assert!(ran.stderr.contains("generated/catalog.lock:3:1"), "{}", ran.stderr);
}

#[test]
fn cargos_way_of_calling_works_in_any_folder_below_the_package() {
    let scratch = Scratch::new();
    let mut command = binary(&["catalog", "check"]);
    assert!(command.current_dir(scratch.path("catalog")).output().unwrap().status.success());
    let mut command = binary(&["check", "--manifest-dir"]);
    assert!(command.arg(scratch.path("")).current_dir("/").output().unwrap().status.success());
}

#[test]
fn a_folder_without_a_catalog_is_wrong_usage() {
    let empty = tempfile::tempdir().unwrap();
    let output = binary(&["check"]).current_dir(empty.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    error: there is no folder catalog/ here or above
      = help: run it in the package of the catalog, or name that with --manifest-dir
    ");
}
