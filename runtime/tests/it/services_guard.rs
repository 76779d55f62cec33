//! Whose database it is: production's stays production's until somebody says by its name that it is so no more.

use std::fs;

use pricebook::Artifacts;

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::SHOP;

fn runs(database: &Database) -> Vec<String> {
    database.query("SELECT environment FROM catalog_sync_runs WHERE status = 'succeeded' ORDER BY id")
}

fn of_production(database: &Database) {
    database.services(0, &["sync", "production", "--yes"]);
    assert_eq!(runs(database), ["production"]);
}

/// The bare command does not write it, and a sync of production asks.
fn is_guarded(database: &Database) {
    let bare = database.run(&SHOP, &[]);
    assert_eq!(bare.code, 1);
    assert!(bare.err.contains("is the database of production, which this command does not write"), "{}", bare.err);
    assert!(bare.err.contains("run `pricebook migrate up production`, then `pricebook services sync"), "{}", bare.err);
}

#[test]
fn nothing_writes_productions_database_under_another_name() {
    on_every_database(|database| {
        of_production(database);
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        let before = database.teas();
        let backup = database.only_file("backup-before-sync-", ".sql");
        let restore = ["restore", backup.to_str().expect("UTF-8"), "local", "--from", "production", "--yes"];
        let ways: [&[&str]; 6] = [
            &["sync", "local"],
            &["sync", "local", "--yes"],
            &["sync", "staging", "--yes"],
            &["sync", "local", "--yes", "--no-backup"],
            &["sync", "local", "--dry-run"],
            &restore,
        ];
        for way in ways {
            let refused = database.services(1, way);
            assert!(refused.err.contains("is the database of production by its last sync"), "{way:?} {}", refused.err);
            assert!(refused.err.contains("help: if it is, name production instead of"), "{way:?} {}", refused.err);
        }
        is_guarded(database);
        assert_eq!(database.teas(), before);
        assert_eq!(runs(database), ["production"]);
        assert_eq!(database.run(&SHOP, &["--dry-run"]).code, 0);
        database.services(0, &["sync", "production", "--yes"]);
        assert_eq!(database.teas(), SOUND);
    });
}

#[test]
fn a_sync_that_finds_nothing_to_do_does_not_take_productions_guard() {
    on_every_database(|database| {
        of_production(database);
        for other in ["local", "staging"] {
            let proof = database.folder().join("proof.json");
            let refused = database.services(1, &["sync", other, "--yes", "--proof", proof.to_str().expect("UTF-8")]);
            assert!(refused.err.contains(&format!("and not of {other}; nothing was written")), "{}", refused.err);
            assert!(!proof.exists(), "another database proves nothing of {other}");
        }
        assert_eq!(runs(database), ["production"]);
        is_guarded(database);
    });
}

#[test]
fn a_sync_of_production_that_finds_nothing_to_do_guards_the_database() {
    on_every_database(|database| {
        database.services(0, &["sync", "staging"]);
        database.services(0, &["sync", "production"]);
        is_guarded(database);
        // A copy that was another's for a while is production's again.
        database.services(0, &["sync", "staging", "--copy-of", "production"]);
        assert_eq!(database.run(&SHOP, &[]).code, 0);
        for _ in 0..2 {
            database.services(0, &["sync", "production"]);
            is_guarded(database);
            assert_eq!(runs(database), ["staging", "production", "staging", "production"]);
        }
    });
}

#[test]
fn a_copy_of_productions_database_is_anothers_once_somebody_says_so_by_name() {
    on_every_database(|database| {
        of_production(database);
        let cases = [
            ("local", "staging", "is the database of production"),
            ("local", "prod", "there is no environment prod"),
            ("production", "production", "a copy of production is another environment's"),
        ];
        for (environment, other, why) in cases {
            let refused = database.services(1, &["sync", environment, "--copy-of", other]);
            assert!(refused.err.contains(why), "{}", refused.err);
        }
        is_guarded(database);
        let dry = ["sync", "local", "--copy-of", "production", "--dry-run"];
        let told = database.services(0, &dry).out;
        assert!(told.contains("from this sync on it is the database of local, and no longer of production"), "{told}");
        assert_eq!(database.report(0, &dry)["copy_of"], "production");
        is_guarded(database);
        let copied = database.services(0, &["sync", "local", "--copy-of", "production"]);
        assert!(copied.out.contains("a copy of production, whose database it was"), "{}", copied.out);
        assert_eq!(runs(database), ["production", "local"]);
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        assert_eq!(database.run(&SHOP, &[]).code, 0);
        // Said again of what is no copy any more, it changes nothing.
        database.services(0, &["sync", "local", "--copy-of", "production"]);
        assert_eq!(runs(database), ["production", "local", "local"]);
    });
}

#[test]
fn migrations_and_attempts_that_fail_leave_the_database_productions() {
    on_every_database(|database| {
        of_production(database);
        assert_eq!(database.run(&SHOP, &["migrate"]).code, 0);
        assert_eq!(database.run(&SHOP, &["migrate", "up", "local", "--yes"]).code, 0);
        is_guarded(database);
        let nowhere = database.folder().join("file");
        fs::write(&nowhere, "").expect("a file");
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        let folder = ["--folder", nowhere.to_str().expect("UTF-8")];
        let copy = [&["sync", "local", "--copy-of", "production"], &folder[..]].concat();
        let ran = database.run(&SHOP, &[&["services"], &copy[..]].concat());
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        is_guarded(database);
        assert_eq!(runs(database), ["production"]);
    });
}

#[test]
fn a_server_that_is_of_another_environment_than_its_database_is_doubtful() {
    on_every_database(|database| {
        // A server reads the validation tables, too.
        let validation_json = crate::http_catalog::artifacts().validation_json;
        let shop: &'static Artifacts = Box::leak(Box::new(Artifacts { validation_json, ..SHOP }));
        let doubt = || {
            let ran = database.run(shop, &["doctor"]);
            let doubt = "doubtful  environment: the last sync of this database was that of production, and the server is of \
                         development";
            ran.out.contains(doubt)
        };
        database.services(0, &["sync", "local"]);
        assert!(!doubt());
        database.services(0, &["sync", "production"]);
        assert!(doubt());
        database.services(0, &["sync", "staging", "--copy-of", "production"]);
        assert!(!doubt());
    });
}
