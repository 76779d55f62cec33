//! What a command says of what happened: also where it cannot be printed, and never a failure of what was kept.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use pricebook_types::Dialect;
use serde_json::Value;

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::{SHOP, with_sync};

/// An output that takes nothing.
struct Closed(ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

/// An output that takes a folder away as soon as the rows are kept.
struct Thief(PathBuf);

impl Write for Thief {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if String::from_utf8_lossy(bytes).contains("verified: every row") {
            fs::rename(&self.0, self.0.with_extension("gone"))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a command of `services` with this output; its code, and what stands on standard error.
fn services_to(out: &mut dyn Write, database: &Database, arguments: &[&str]) -> (u8, String) {
    services_of(&SHOP, out, database, arguments)
}

fn services_of(
    artifacts: &'static pricebook::Artifacts,
    out: &mut dyn Write,
    database: &Database,
    arguments: &[&str],
) -> (u8, String) {
    let url = database.url();
    let all = [&["pricebook", "--database", &url, "services"], arguments].concat();
    let mut err = Vec::new();
    let code = pricebook::run_with(artifacts, all.into_iter().map(OsString::from), out, &mut err);
    (code, String::from_utf8(err).expect("UTF-8"))
}

#[test]
fn old_backups_that_cannot_be_removed_make_no_sync_fail() {
    on_every_database(|database| {
        let folder = database.folder().join("files");
        fs::create_dir(&folder).expect("a folder");
        let sync = ["sync", "--keep", "1", "--folder", folder.to_str().expect("UTF-8")];
        let (code, err) = services_to(&mut Thief(folder.clone()), database, &sync);
        assert_eq!((code, err.starts_with("warning: old backups stay: ")), (0, true), "{err}");
        assert_eq!(database.teas(), SOUND);
        let logs =
            fs::read_dir(folder.with_extension("gone")).expect("the folder").map(|entry| entry.expect("it").path());
        let log = logs.into_iter().find(|path| path.extension().is_some_and(|end| end == "log")).expect("the log");
        let log = fs::read_to_string(log).expect("the log");
        assert!(log.contains("WARNING old backups stay") && !log.contains("ERROR"), "{log}");
    });
}

#[test]
fn rows_that_are_kept_are_told_to_be_kept_where_nothing_can_be_printed() {
    on_every_database(|database| {
        let folder = database.folder().to_str().expect("UTF-8");
        for form in [&["--folder", folder][..], &["--folder", folder, "--json"]] {
            database.execute("DELETE FROM teas");
            let (code, err) = services_to(&mut Closed(ErrorKind::StorageFull), database, &[&["sync"], form].concat());
            assert_eq!(code, 0, "{err}");
            assert!(
                err.contains("warning: the rows are as the catalog says, and kept, but the output cannot"),
                "{err}"
            );
            assert_eq!(database.teas(), SOUND);
        }
    });
}

#[test]
fn a_failure_is_told_with_its_backup_where_nothing_can_be_printed() {
    let database = Database::with_tables(Dialect::Sqlite);
    database.services(0, &["sync"]);
    database.execute("UPDATE teas SET minor = 1");
    fs::remove_file(database.only_file("backup-", ".sql")).expect("it goes");
    let broken = with_sync("BEGIN TRANSACTION;\nUPDATE nowhere SET a = 1;\nCOMMIT;\n");
    let sync = ["sync", "--folder", database.folder().to_str().expect("UTF-8")];
    let (code, err) = services_of(broken, &mut Closed(ErrorKind::StorageFull), &database, &sync);
    assert_eq!(code, 1);
    let backup = database.only_file("backup-before-sync-", ".sql");
    assert!(err.contains("warning: the output cannot be written: "), "{err}");
    assert!(err.contains("no such table: nowhere") && err.contains(&backup.display().to_string()), "{err}");
}

#[test]
fn a_backup_and_a_restore_are_told_where_nothing_can_be_printed() {
    let database = Database::with_tables(Dialect::Sqlite);
    let folder = database.folder().to_str().expect("UTF-8");
    database.services(0, &["sync", "--no-backup"]);
    let mut full = Closed(ErrorKind::StorageFull);
    let (code, err) = services_to(&mut full, &database, &["backup", "--folder", folder]);
    let backup = database.only_file("backup-", ".sql");
    assert!(code == 0 && err.contains(&format!("the backup is {}, but", backup.display())), "{err}");
    database.execute("UPDATE teas SET minor = 1");
    let restore = ["restore", backup.to_str().expect("UTF-8"), "--folder", folder, "--json"];
    let (code, err) = services_to(&mut full, &database, &restore);
    assert!(code == 0 && err.contains("put back: ") && err.contains("backup-before-restore-"), "{err}");
    assert_eq!(database.teas(), SOUND);
}

#[test]
fn what_is_pending_is_pending_though_nobody_reads_it() {
    let database = Database::with_tables(Dialect::Sqlite);
    for arguments in [&["plan"][..], &["sync", "--dry-run"]] {
        assert_eq!(services_to(&mut Closed(ErrorKind::BrokenPipe), &database, arguments).0, 2, "{arguments:?}");
    }
    assert_eq!(services_to(&mut Closed(ErrorKind::BrokenPipe), &database, &["verify"]).0, 1);
}

#[test]
fn what_was_found_is_the_exit_code_though_nobody_reads_it() {
    let database = Database::with_tables(Dialect::Sqlite);
    let url = database.url();
    let code = |arguments: &[&str]| {
        let all = ["pricebook", "--database", &url].iter().chain(arguments).map(Into::into).collect::<Vec<_>>();
        pricebook::run_with(&SHOP, all, &mut Closed(ErrorKind::BrokenPipe), &mut Vec::new())
    };
    database.services(0, &["sync"]);
    assert_eq!(database.run(&SHOP, &["audit", "seal"]).code, 0);
    for json in [&[][..], &["--json"]] {
        assert_eq!(code(&[&["audit", "verify"], json].concat()), 0);
    }
    database.execute("UPDATE audit_log SET action = 'nothing'");
    for json in [&[][..], &["--json"]] {
        assert_eq!(code(&[&["audit", "verify"], json].concat()), 1);
    }
    database.execute("DROP TABLE teas");
    assert_eq!(database.run(&SHOP, &["doctor"]).code, code(&["doctor"]), "the rows cannot be read");
    database.execute("DROP TABLE pricebook_migrations");
    assert_eq!((code(&["doctor"]), code(&["doctor", "--json"])), (1, 1), "the tables are not there");
}

#[test]
fn a_command_that_fails_prints_one_json_object_and_its_own_words() {
    let empty = Database::new(Dialect::Sqlite);
    let refused = |database: &Database, arguments: &[&str], says: &str| {
        let ran = database.run(&SHOP, &[arguments, &["--json"]].concat());
        let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|cause| panic!("{cause}: {}", ran.out));
        let error = report["error"].as_str().expect("a text");
        assert!(ran.code == 1 && error.contains(says) && ran.err.contains(error), "{arguments:?}: {error}");
    };
    let folder = empty.folder().to_str().expect("UTF-8");
    for arguments in [&["plan"][..], &["verify"], &["sync", "--folder", folder], &["backup", "--folder", folder]] {
        refused(&empty, &[&["services"], arguments].concat(), "there is no database");
    }
    refused(&empty, &["services", "restore", "nothing.sql"], "nothing.sql");
    refused(&empty, &["migrate", "up", "production"], "production is written only after somebody confirmed it");
    let database = Database::with_tables(Dialect::Sqlite);
    database.execute("ALTER TABLE teas RENAME TO coffees");
    for arguments in [&["services", "plan"][..], &["services", "verify"], &["prices"]] {
        refused(&database, arguments, "cannot read ");
    }
}

#[test]
fn a_sync_that_fails_reports_as_json() {
    on_every_database(|database| {
        let refused = database.services(1, &["sync", "production", "--json"]);
        let report: Value = serde_json::from_str(&refused.out).expect("JSON");
        let error = report["error"].as_str().expect("a text");
        assert!(error.starts_with("production is written only after somebody confirmed it"), "{error}");
        assert_eq!(report["environment"], "production");
        assert!(refused.err.contains(error), "{}", refused.err);
        assert!(fs::metadata(report["log"].as_str().expect("a file")).is_ok());
    });
}

#[test]
fn what_a_command_has_kept_is_no_failure_where_it_cannot_be_told() {
    on_every_database(|database| {
        let url = database.url();
        let to = |kind: ErrorKind, arguments: &[&str]| {
            let all = [&["pricebook", "--database", &url], arguments].concat();
            let mut err = Vec::new();
            let all = all.into_iter().map(OsString::from);
            let code = pricebook::run_with(&SHOP, all, &mut Closed(kind), &mut err);
            (code, String::from_utf8(err).expect("UTF-8"))
        };
        for (arguments, kept) in [(&["migrate"][..], " has every table, but "), (&[], " is as the catalog says, but ")]
        {
            for json in [&[][..], &["--json"]] {
                let arguments = [arguments, json].concat();
                let (code, told) = to(ErrorKind::StorageFull, &arguments);
                assert!(
                    code == 0 && told.starts_with("warning: ") && told.contains(kept),
                    "{arguments:?}: {code} {told}"
                );
                assert_eq!(to(ErrorKind::BrokenPipe, &arguments), (0, String::new()), "{arguments:?}");
                // A dry run is there for what it says.
                assert_eq!(
                    to(ErrorKind::StorageFull, &[&arguments[..], &["--dry-run"]].concat()).0,
                    1,
                    "{arguments:?}"
                );
            }
        }
        assert_eq!(database.teas(), SOUND);
    });
}
