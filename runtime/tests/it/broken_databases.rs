//! Databases that cannot be used: each gets an error that says what to do, and is left as it was.

use std::fs;

use sqlx::Connection;

use crate::databases::on_every_database;
use crate::shop::{FIRST, Place, SHOP, migration, with_migrations};

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let place = Place::new();
    fs::write(place.file(), "Dear diary, today I opened a tea shop. ".repeat(40)).expect("a file");
    let before = fs::read(place.file()).expect("the file");
    for arguments in [&[][..], &["--dry-run"], &["prices"], &["migrate"], &["migrate", "status"]] {
        let ran = place.run(&SHOP, arguments);
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert!(ran.err.contains("file is not a database"), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("help: the file is something else"), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
    }
    assert_eq!(fs::read(place.file()).expect("the file"), before);
}

#[test]
fn a_damaged_database_is_told_apart() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    let mut bytes = fs::read(place.file()).expect("the database");
    for byte in &mut bytes[100..] {
        *byte = 0xa5;
    }
    fs::write(place.file(), bytes).expect("the database");
    let ran = place.run(&SHOP, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("help: restore the file from a backup"), "{}", ran.err);
}

#[test]
fn a_lock_that_a_migration_meets_is_what_is_reported() {
    let place = Place::new();
    place.run(&SHOP, &["migrate"]);
    let next = with_migrations(vec![FIRST, migration(2, "more", "ALTER TABLE teas ADD COLUMN origin TEXT;", "bb")]);
    place.with(async |connection| {
        let lock = connection.begin_with("BEGIN IMMEDIATE").await.expect("the lock");
        let ran = std::thread::scope(|scope| scope.spawn(|| place.run(next, &["migrate"])).join().expect("a run"));
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("database is locked"), "{}", ran.err);
        assert!(ran.err.contains("help: another program is writing to it"), "{}", ran.err);
        lock.rollback().await.expect("the lock is given back");
    });
}

#[test]
fn a_locked_database_is_waited_for_and_then_reported() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1");
    place.with(async |connection| {
        let lock = connection.begin_with("BEGIN IMMEDIATE").await.expect("the lock");
        let ran = std::thread::scope(|scope| scope.spawn(|| place.run(&SHOP, &[])).join().expect("a run"));
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("database is locked"), "{}", ran.err);
        assert!(ran.err.contains("help: another program is writing to it"), "{}", ran.err);
        lock.rollback().await.expect("the lock is given back");
    });
    assert_eq!(place.run(&SHOP, &[]).code, 0);
}

#[test]
fn a_folder_in_place_of_the_file_is_reported() {
    let place = Place::new();
    fs::create_dir(place.file()).expect("a folder");
    for arguments in [&[][..], &["--dry-run"], &["prices"], &["migrate", "status"], &["services", "plan", "local"]] {
        let ran = place.run(&SHOP, arguments);
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert!(ran.err.contains("shop.db: ") && ran.err.contains(": it is a folder\n"), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("help: name a file, which may be in that folder"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_missing_folder_is_reported_and_not_made() {
    let place = Place::new();
    let url = format!("sqlite:{}/missing/shop.db", place.folder().display());
    let ran = crate::shop::run(&SHOP, &["--database", &url]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("help: make the folder"), "{}", ran.err);
    assert!(!place.folder().join("missing").exists());
}

#[test]
fn a_database_that_may_only_be_read_is_reported_when_it_must_change() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1");
    // A write version in the header that this SQLite does not know makes the file read-only, to the administrator too.
    let mut bytes = fs::read(place.file()).expect("the database");
    bytes[18] = 3;
    fs::write(place.file(), &bytes).expect("the database");
    let ran = place.run(&SHOP, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("readonly database"), "{}", ran.err);
    assert!(ran.err.contains("help: make the file and its folder writable"), "{}", ran.err);
    assert_eq!(fs::read(place.file()).expect("the database"), bytes);
}

#[test]
fn a_file_where_the_folder_should_be_is_reported() {
    let place = Place::new();
    fs::write(place.folder().join("missing"), "").expect("a file");
    let url = format!("sqlite:{}/missing/shop.db", place.folder().display());
    let ran = crate::shop::run(&SHOP, &["--database", &url]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("help: make the folder"), "{}", ran.err);
}

#[test]
fn a_column_or_a_table_that_somebody_took_away_is_told_with_what_to_do() {
    on_every_database(|database| {
        database.services(0, &["sync", "local"]);
        for change in ["ALTER TABLE teas DROP COLUMN minor", "DROP TABLE teas"] {
            database.execute(change);
            for command in ["plan", "verify"] {
                let ran = database.services(1, &[command, "local"]);
                assert!(ran.err.contains("help: somebody changed the tables: put"), "{change}: {}", ran.err);
            }
        }
    });
}
