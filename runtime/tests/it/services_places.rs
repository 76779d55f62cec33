//! Which database it is: backups are put back and removed where they were taken, and production is told by its record, too.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use pricebook_types::Dialect;

use crate::databases::{Database, SOUND, on_every_database};
use crate::services_environments::with_variable;
use crate::shop::{Place, SHOP};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_backup_goes_back_to_another_environment_only_by_its_name() {
    on_every_database(|database| {
        database.services(0, &["sync", "staging", "--no-backup"]);
        database.services(0, &["backup", "staging"]);
        let backup = database.only_file("backup-", ".sql");
        database.execute("UPDATE teas SET minor = 1");
        let restore = ["restore", text(&backup), "production", "--yes"];
        for arguments in [&restore[..], &[&restore[..], &["--from", "local"]].concat()] {
            let refused = database.services(1, arguments);
            assert!(
                refused.err.contains("the backup is of staging, and this is production; nothing was"),
                "{}",
                refused.err
            );
            assert_eq!(database.teas()[0], "green Green tea 1 1");
        }
        database.services(0, &[&restore[..], &["--from", "staging"]].concat());
        assert_eq!(database.teas(), SOUND);
    });
}

#[test]
fn a_backup_goes_back_to_another_database_only_by_its_name() {
    on_every_database(|database| {
        database.services(0, &["sync", "--no-backup"]);
        database.services(0, &["backup"]);
        let backup = database.only_file("backup-", ".sql");
        let head = fs::read_to_string(&backup).expect("the backup");
        let kept_in = head.lines().find_map(|line| line.strip_prefix("-- Kept in: ")).expect("it says where");
        assert!(!kept_in.contains('@'), "{kept_in}");

        let other = Database::with_tables(database.dialect);
        for from in [&[][..], &["--from", "local"]] {
            let refused = other.services(1, &[&["restore", text(&backup)], from].concat());
            assert!(refused.err.contains(&format!("the backup is of {kept_in}, and this is ")), "{}", refused.err);
            assert_eq!(other.teas(), [""; 0]);
        }
        other.services(0, &["restore", text(&backup), "--from", kept_in]);
        assert_eq!(other.teas(), SOUND);
    });
}

#[test]
fn backups_of_another_database_stay_and_what_goes_is_told() {
    on_every_database(|database| {
        let other = Database::with_tables(database.dialect);
        let folder = text(database.folder());
        let backup = |of: &Database| {
            let ran = of.run(&SHOP, &["services", "backup", "--keep", "1", "--folder", folder]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            ran.out
        };
        backup(database);
        let first = database.only_file("backup-", ".sql");
        let told = backup(&other);
        assert!(!told.contains("removed") && first.exists(), "{told}");
        let second: PathBuf = told.split(": ").next().expect("a file").into();
        let told = backup(&other);
        assert!(told.contains(&format!("removed {}, an old backup", second.display())), "{told}");
        assert!(first.exists() && !second.exists());
    });
}

#[test]
fn what_a_killed_backup_left_is_removed_once_nobody_can_be_writing_it() {
    let database = Database::with_tables(Dialect::Sqlite);
    let [left, at_work] = [".backup-aaaaaa.tmp", ".backup-bbbbbb.tmp"].map(|name| database.folder().join(name));
    for file in [&left, &at_work] {
        fs::write(file, "-- Backup of pricebook, form 1").expect("a file");
    }
    let long_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    File::options().write(true).open(&left).expect("the file").set_modified(long_ago).expect("it is old");
    let ran = database.services(0, &["backup"]);
    assert!(ran.out.contains(&format!("removed {}", left.display())), "{}", ran.out);
    assert!(!left.exists() && at_work.exists());
}

#[test]
fn the_bare_command_writes_nothing_where_the_environment_is_production() {
    let test = "services_places::the_bare_command_writes_nothing_where_the_environment_is_production";
    with_variable(test, "PRICEBOOK_ENVIRONMENT", "production", || {
        let place = Place::new();
        let ran = place.run(&SHOP, &[]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("is the database of production"), "{}", ran.err);
        assert!(!place.file().exists());
    });
}

#[test]
fn tables_of_production_are_changed_only_when_confirmed() {
    for dialect in Dialect::ALL {
        let database = Database::new(dialect);
        let refused = database.run(&SHOP, &["migrate", "up", "production"]);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("production is written only after somebody confirmed it"), "{}", refused.err);
        assert!(!database.file().is_some_and(|file| file.exists()));
        assert_eq!(database.run(&SHOP, &["migrate", "up", "production", "--dry-run"]).code, 0);
        let status = database.run(&SHOP, &["migrate", "status", "production"]);
        assert!(status.out.contains("due: shop 0001_initial"), "{}", status.out);
        assert_eq!(database.run(&SHOP, &["migrate", "up", "production", "--yes"]).code, 0);
        // There is nothing to confirm where nothing is due.
        assert_eq!(database.run(&SHOP, &["migrate", "up", "production"]).code, 0);
    }
}
