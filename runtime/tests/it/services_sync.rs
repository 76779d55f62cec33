//! `services sync`: steps, log, backup, record, and rows that are whole whatever happens.

use std::fs;
use std::sync::Barrier;

use pricebook::services::{Stale, check_generated};
use pricebook_types::{Artifacts, Dialect, PerDialect};
use serde_json::{Value, json};

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::{SHOP, with_sync};

/// The text with what differs from run to run taken out.
fn without_times(text: &str, database: &Database) -> String {
    let text = text.replace(&database.folder().display().to_string(), "<folder>");
    let url = database.url();
    let shown: Vec<_> = text
        .lines()
        .map(|line| match line {
            line if line.starts_with("Timestamp: ") => "Timestamp: <time>".to_owned(),
            line if line.starts_with("Database: ") => "Database: <url>".to_owned(),
            line => line.replace(&url, "<url>"),
        })
        .collect();
    let mut text = shown.join("\n");
    if let Some(at) = text.find("backup-before-sync-") {
        let at = at + "backup-before-sync-".len();
        text.replace_range(at..at + "20270131_235959".len(), "<time>");
    }
    text
}

#[test]
fn a_sync_tells_its_steps_and_leaves_a_log_a_backup_and_a_record() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        for name in database.files() {
            fs::remove_file(database.folder().join(name)).expect("it goes");
        }
        let synced = database.services(0, &["sync"]);
        insta::allow_duplicates! {
            insta::assert_snapshot!(without_times(&synced.out, database), @r"
            Tea Shop Service Synchronization
            Environment: local
            Timestamp: <time>
            ============================================
            Database: <url>
            Step 1: Generating sync SQL...
              generated when this program was built, from catalog 5ab0c0ffee00
              table  row    column  database → catalog
              teas   green  minor   1 → 450
              1 row would change: 0 inserted, 1 updated, 0 deactivated, 0 removed
            Step 2: Creating database backup...
              <folder>/backup-before-sync-<time>.sql (3 rows)
            Step 3: Executing service sync...
              verified: every row is as the catalog says
              0 inserted, 1 updated, 0 deactivated, 0 removed
            Step 4: Clearing caches of running servers...
              revision 2, which they look for all the time
            Step 5: Validating service synchronization...
              not validated: the catalog names no live_url for local

            Synchronization Complete!
            ");
        }
        assert_eq!(database.teas(), SOUND);
        let log = fs::read_to_string(database.only_file("sync-services-", ".log")).expect("the log");
        let lines: Vec<_> = log.lines().map(|line| line.split_once(' ').expect("a time in front").1).collect();
        assert_eq!(lines, synced.out.lines().collect::<Vec<_>>());
        assert!(log.lines().all(|line| line.as_bytes()[19] == b'Z' && line.starts_with("20")), "{log}");

        let audit = audit(database);
        assert_eq!(audit.len(), 2);
        assert_eq!(audit[1]["rows"], json!({ "inserted": 0, "updated": 1, "deactivated": 0, "removed": 0 }));
        let change = json!([{ "table": "teas", "row": "green", "column": "minor", "old": "1", "new": "450" }]);
        let run = audit[1]["run"].as_str().expect("the run that holds the changes");
        let changes = database.query(&format!("SELECT changes FROM catalog_sync_runs WHERE id = '{run}'"));
        assert_eq!(changes.iter().map(|changes| parsed(changes)).collect::<Vec<_>>(), [change]);
        let recorded = "SELECT CONCAT(r.status, ' ', b.reason, ' ', b.location) FROM catalog_sync_runs r
                        JOIN backups b ON b.id = r.backup_id ORDER BY r.id DESC LIMIT 1";
        let backup = database.only_file("backup-before-sync-", ".sql");
        assert_eq!(database.query(recorded), [format!("succeeded before_sync {}", backup.display())]);
    });
}

/// The details of every sync in the audit log.
fn audit(database: &Database) -> Vec<Value> {
    let rows = database.query("SELECT details FROM audit_log WHERE action = 'services.sync' ORDER BY id");
    rows.iter().map(|details| parsed(details)).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_sync_with_nothing_to_do_writes_nothing_but_that_it_was_the_first() {
    on_every_database(|database| {
        assert_eq!(database.run(&SHOP, &[]).code, 0);
        let ran = database.services(0, &["sync"]);
        assert!(ran.out.contains("nothing to do: every row is as the catalog says"), "{}", ran.out);
        let rows = || database.query("SELECT id FROM catalog_sync_runs UNION ALL SELECT id FROM audit_log");
        let (runs, bytes) = (rows(), database.file().map(|file| fs::read(file).expect("the database")));
        assert_eq!(database.report(0, &["sync"])["changed"], false);
        assert_eq!(rows(), runs);
        assert_eq!(database.file().map(|file| fs::read(file).expect("the database")), bytes);
        assert!(!database.files().iter().any(|name| name.ends_with(".sql")), "{:?}", database.files());
    });
}

#[test]
fn an_environment_that_something_else_synced_is_put_on_record_once() {
    on_every_database(|database| {
        assert_eq!(database.run(&SHOP, &[]).code, 0);
        let of_staging =
            || database.query("SELECT environment FROM catalog_sync_runs WHERE environment = 'staging'").len();
        for _ in 0..2 {
            database.services(0, &["sync", "staging"]);
            assert_eq!(of_staging(), 1, "{:?}", database.dialect);
        }
    });
}

#[test]
fn a_dry_run_keeps_nothing_and_tells_what_is_pending() {
    on_every_database(|database| {
        let pending = database.services(2, &["sync", "--dry-run"]);
        assert!(pending.out.contains("2 rows would change: 2 inserted"), "{}", pending.out);
        assert_eq!((database.teas().len(), database.files().len()), (0, 0));
        database.services(0, &["sync"]);
        database.services(0, &["sync", "--dry-run"]);
        database.execute("UPDATE teas SET minor = 7 WHERE id = 'green'");
        assert_eq!(database.report(2, &["sync", "--dry-run"])["differences"][0]["old"], "7");
        assert_eq!(database.teas()[0], "green Green tea 7 1");
    });
}

#[test]
fn a_sync_reports_as_json() {
    on_every_database(|database| {
        let report = database.report(0, &["sync", "--yes"]);
        assert_eq!((&report["changed"], &report["environment"]), (&json!(true), &json!("local")));
        assert_eq!(report["rows"]["inserted"], 2);
        let backup = report["backup"]["file"].as_str().expect("a file");
        assert!(
            fs::metadata(backup).expect("the backup").len() == report["backup"]["size_bytes"].as_u64().expect("a size")
        );
        assert!(fs::metadata(report["log"].as_str().expect("a file")).is_ok());
    });
}

fn with_broken_sync(dialect: Dialect, statement: &str) -> &'static Artifacts {
    let good = SHOP.sync_sql.get(dialect);
    let broken: &'static str = good.replace("COMMIT;", &format!("{statement};\nCOMMIT;")).leak();
    with_sync(broken)
}

#[test]
fn a_sync_that_fails_half_way_keeps_the_old_rows_and_names_the_backup_that_holds_them() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        database.execute("UPDATE teas SET minor = 1");
        let before = database.teas();
        fs::remove_file(database.only_file("backup-", ".sql")).expect("it goes");
        fs::remove_file(database.only_file("sync-", ".log")).expect("it goes");
        for statement in ["UPDATE nowhere SET a = 1", "UPDATE teas SET minor = 2"] {
            let ran = database.services_of(with_broken_sync(database.dialect, statement), 1, &["sync"]);
            assert_eq!(database.teas(), before, "{:?}", database.dialect);
            let backup = database.only_file("backup-before-sync-", ".sql");
            assert!(ran.err.contains(&format!("the old rows are in {}", backup.display())), "{}", ran.err);
            let log = fs::read_to_string(database.only_file("sync-services-", ".log")).expect("the log");
            assert!(log.lines().last().is_some_and(|line| line.contains("Z ERROR service sync failed: ")), "{log}");
            fs::remove_file(backup).expect("it goes");
            fs::remove_file(database.only_file("sync-", ".log")).expect("it goes");
        }
        let failed = "SELECT error_message FROM catalog_sync_runs WHERE status = 'failed' ORDER BY id";
        let failed = database.query(failed);
        assert_eq!(failed.len(), 2);
        assert!(failed[1].contains("still differs from the catalog"), "{failed:?}");
        // The files outlive the transactions that were taken back, and are on record with the runs that failed.
        let saved =
            "SELECT b.id FROM backups b JOIN catalog_sync_runs r ON r.backup_id = b.id WHERE r.status = 'failed'";
        assert_eq!(database.query(saved).len(), 2);
    });
}

#[test]
fn a_backup_that_cannot_be_written_stops_the_sync_before_it_writes() {
    on_every_database(|database| {
        let folder = database.folder().join("missing");
        let folder = folder.to_str().expect("UTF-8");
        let ran = database.run(&SHOP, &["services", "sync", "--folder", folder]);
        assert_eq!(ran.code, 1);
        assert!(
            ran.err.contains("there is no folder ") && ran.err.contains("--folder names another folder"),
            "{}",
            ran.err
        );
        assert_eq!(database.teas(), [""; 0]);
    });
}

#[test]
fn syncs_at_the_same_time_do_the_work_once() {
    on_every_database(|database| {
        let start = Barrier::new(4);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    database.services(0, &["sync"]);
                });
            }
        });
        assert_eq!(database.teas(), SOUND);
        assert_eq!(audit(database).len(), 1, "{:?}", database.dialect);
        assert_eq!(database.query("SELECT id FROM catalog_sync_runs").len(), 1);
    });
}

#[test]
fn rows_put_right_reach_servers_though_the_catalog_is_the_same() {
    on_every_database(|database| {
        let revision = || database.query("SELECT CONCAT('', revision) FROM catalog_state")[0].clone();
        database.services(0, &["sync"]);
        let before = revision();
        database.services(0, &["sync"]);
        assert_eq!(revision(), before);
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        database.services(0, &["sync"]);
        assert_ne!(revision(), before);
    });
}

#[test]
fn a_program_and_generated_files_of_different_catalogs_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |artifacts: &Artifacts| check_generated(artifacts, Dialect::Sqlite, folder.path());
    assert_eq!(check(&SHOP), Ok(false));
    let sql = folder.path().join("generated/sql/sqlite");
    fs::create_dir_all(&sql).expect("a folder");
    let manifest = |hash: &str| {
        let manifest = json!({ "catalog": "shop", "hash": hash }).to_string();
        fs::write(folder.path().join("generated/manifest.json"), manifest).expect("a file");
    };
    manifest("another");
    assert!(matches!(check(&SHOP), Err(Stale::Folder { .. })));
    manifest(SHOP.catalog_hash);
    fs::write(sql.join("sync.sql"), SHOP.sync_sql.sqlite).expect("a file");
    assert_eq!(check(&SHOP), Err(Stale::File("generated/sql/sqlite/verify.sql".to_owned())));
    fs::write(sql.join("verify.sql"), SHOP.verify_sql.sqlite).expect("a file");
    assert_eq!(check(&SHOP), Ok(true));
    fs::write(sql.join("sync.sql"), "-- by hand").expect("a file");
    assert_eq!(check(&SHOP), Err(Stale::File("generated/sql/sqlite/sync.sql".to_owned())));

    let text = "-- Catalog hash: another\nBEGIN TRANSACTION;\nCOMMIT;\n";
    let inside = Artifacts { sync_sql: PerDialect { sqlite: text, postgres: text, mysql: text }, ..SHOP };
    assert_eq!(check(&inside), Err(Stale::Inside("another".to_owned())));
}
