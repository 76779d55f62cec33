//! Several writers at once, and writers that are killed.

use std::process::Stdio;
use std::time::Duration;

use pricebook_emit::Artifact;
use pricebook_emit::build::history::{History, Writer};
use pricebook_emit::build::{Package, Stream};
use pricebook_model::Lock;

use crate::scratch::{Ran, Scratch};

/// Two catalogs that differ in many files, with what each becomes.
struct Sides {
    scratch: Scratch,
    addons: [String; 2],
    generated: [Vec<(String, String)>; 2],
}

fn sides() -> Sides {
    let scratch = Scratch::new();
    let (first, before) = (scratch.read("catalog/addons.yaml"), scratch.generated());
    let second = first.replace("monthly: 19.00", "monthly: 21.00").replace("Sales PowerPack", "Sales Power");
    scratch.write("catalog/addons.yaml", &second);
    assert_eq!(scratch.run(&["generate"]).code, 0);
    let after = scratch.generated();
    Sides { scratch, addons: [first, second], generated: [before, after] }
}

#[test]
fn two_writers_tear_neither_a_file_nor_the_set() {
    let Sides { scratch, addons, generated } = sides();
    for round in 0..cases(6) {
        // Both read the same catalog or, as in an editor, one still the old.
        scratch.write("catalog/addons.yaml", &addons[round % 2]);
        let first = scratch.command(&["generate"]).stdout(Stdio::null()).spawn().unwrap();
        if round % 3 == 2 {
            std::thread::yield_now();
            scratch.write("catalog/addons.yaml", &addons[(round + 1) % 2]);
        }
        let second = scratch.command(&["generate"]).stdout(Stdio::null()).spawn().unwrap();
        for mut writer in [first, second] {
            assert!(writer.wait().unwrap().success());
        }
        let found = scratch.generated();
        assert!(generated.contains(&found), "round {round}: the files are of both catalogs");
    }
}

#[test]
fn a_killed_writer_leaves_whole_files_and_the_next_one_mends_the_set() {
    let Sides { scratch, addons, generated } = sides();
    for round in 0..cases(12) {
        scratch.write("catalog/addons.yaml", &addons[round % 2]);
        let mut writer = scratch.command(&["generate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From before the first byte to after the last; which moment it hits does not matter, only that they differ.
        std::thread::sleep(Duration::from_micros(1000 + 4000 * (round as u64 % 25)));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let found = scratch.generated();
        assert_eq!(found.len(), generated[0].len(), "round {round}");
        for (index, file) in found.iter().enumerate() {
            let whole = generated.iter().any(|side| side[index] == *file);
            assert!(whole, "round {round}: {} is torn", file.0);
        }
        let ran = scratch.run(&["generate"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(scratch.generated(), generated[round % 2], "round {round}");
        assert!(!scratch.path("generated/.pricebook/staged").exists());
    }
}

/// A catalog whose next migration adds a column, with the migrations that it has.
fn to_migrate() -> (Scratch, Vec<String>) {
    let scratch = Scratch::new();
    let column = "        billing_type: { type: text?, from: billing_type }\n";
    scratch.edit(
        "catalog/kinds.yaml",
        column,
        &format!("{column}        region: {{ type: text(20)?, default: world }}\n"),
    );
    let migrations = migrations(&scratch);
    (scratch, migrations)
}

fn migrations(scratch: &Scratch) -> Vec<String> {
    scratch.generated().into_iter().map(|(path, _)| path).filter(|path| path.contains("/migrations/")).collect()
}

#[test]
fn of_two_migrations_at_once_one_is_written_whole() {
    for _ in 0..cases(4) {
        let (scratch, before) = to_migrate();
        let run = |name: &str| {
            let mut command = scratch.command(&["migrate", name]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [run("first"), run("second")].map(|writer| Ran::from(writer.wait_with_output().unwrap()));
        assert!(both.iter().all(|ran| ran.code == 0), "{} {}", both[0].stderr, both[1].stderr);
        let late = both.iter().filter(|ran| ran.stdout.contains("nothing to write")).count();
        assert_eq!(late, 1, "{} {}", both[0].stdout, both[1].stdout);
        assert_eq!(migrations(&scratch).len(), before.len() + 3);
        let ran = scratch.run(&["generate", "--check"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}

#[test]
fn a_migration_that_cannot_be_written_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let package = Package::new(scratch.path(""), Stream::Catalog);
    let lock = History::read(&package.generated()).unwrap().lock.unwrap();
    let before = scratch.generated();
    // Not even the superuser can write a file below a file.
    let files = ["sql/sqlite/migrations/0009_region.sql", "sql/postgres/schema.sql/0009_region.sql"];
    let files = files.map(|path| Artifact::new(path, "SELECT 1;\n"));
    let lock = Lock { version: lock.version + 1, ..lock };
    Writer::enter(&package).unwrap().write(&files, &lock).unwrap_err();
    assert_eq!(scratch.generated(), before);
    assert_eq!(scratch.run(&["generate", "--check"]).code, 0);

    Writer::enter(&package).unwrap().write(&files[..1], &lock).unwrap();
    assert_eq!(scratch.generated().len(), before.len() + 1);
}

fn cases(default: usize) -> usize {
    std::env::var("PRICEBOOK_CASES").ok().and_then(|number| number.parse().ok()).map_or(default, |number: usize| {
        // A case starts processes; the number is meant for cases in memory.
        default.max(number / 20)
    })
}
