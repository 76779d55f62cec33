//! Which database an environment's name stands for, and what is asked before production is written.

use std::process::Command;

use pricebook_types::Dialect;
use sqlx::{Connection, SqliteConnection};

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::{SHOP, block_on, run};

#[test]
fn what_names_no_database_is_told_with_what_does() {
    let cases: [(&[&str], &str); 5] = [
        (&["plan", "prod"], "there is no environment prod; the catalog has production, staging, local"),
        (&["plan", "staging"], "the environment variable PRICEBOOK_TEST_STAGING_URL is not set"),
        (&["plan"], "the catalog names no database for production"),
        (&["sync", "production", "--no-backup"], "the catalog names no database for production"),
        (&["sync", "--keep", "0"], "at least one stays"),
    ];
    for (arguments, message) in cases {
        let ran = run(&SHOP, &[&["services"], arguments].concat());
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert!(ran.err.contains(message), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn production_is_written_only_when_confirmed_and_never_without_a_backup() {
    on_every_database(|database| {
        let refused = database.services(1, &["sync", "production"]);
        assert!(refused.err.contains("production is written only after somebody confirmed it"), "{}", refused.err);
        assert!(refused.out.contains("missing → inserted"), "the plan is shown first: {}", refused.out);
        assert_eq!(database.teas(), [""; 0]);
        let refused = database.services(1, &["sync", "production", "--yes", "--no-backup"]);
        assert!(refused.err.contains("production is not written without a backup"), "{}", refused.err);
        database.services(0, &["sync", "production", "--yes"]);
        assert_eq!(database.teas(), SOUND);
        // There is nothing to confirm where nothing changes.
        database.services(0, &["sync", "production"]);
        let backup = database.only_file("backup-before-sync-", ".sql");
        let restore = ["restore", backup.to_str().expect("UTF-8"), "production"];
        let refused = database.services(1, &restore);
        assert!(refused.err.contains("production is written only after"), "{}", refused.err);
        assert_eq!(database.teas(), SOUND);
    });
}

/// Runs this test again in a process of its own with an environment variable, in which `body` runs.
pub(crate) fn with_variable(test: &str, variable: &str, value: &str, body: impl Fn()) {
    if std::env::var_os(variable).is_some() {
        return body();
    }
    let again = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(variable, value)
        .output()
        .expect("it runs");
    let (out, err) = (String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&again.stderr));
    assert!(again.status.success() && out.contains("1 passed"), "{out}{err}");
}

#[test]
fn production_can_wait_for_staging() {
    for_staging("production_can_wait_for_staging", || {
        let production = Database::with_tables(Dialect::Sqlite);
        let sync = ["sync", "production", "--yes", "--after", "staging"];
        let refused = production.services(1, &sync);
        assert!(refused.err.contains("staging was not synced with this catalog (5ab0c0ffee00)"), "{}", refused.err);
        assert!(refused.err.contains("help: sync it first: pricebook services sync staging"), "{}", refused.err);
        assert_eq!(production.teas(), [""; 0]);

        // What brought staging up to date does not matter; that it was looked at does.
        let folder = production.folder().to_str().expect("UTF-8");
        assert_eq!(run(&SHOP, &["--database", &staging(), "services", "sync", "local", "--folder", folder]).code, 0);
        assert_eq!(production.services(1, &sync).out.matches("Step 1").count(), 0);
        assert_eq!(run(&SHOP, &["services", "sync", "staging", "--folder", folder]).code, 0);
        let synced = production.services(0, &sync);
        assert!(synced.out.contains("After: staging"), "{}", synced.out);
        assert_eq!(production.teas(), SOUND);
    });
}

#[test]
fn production_waits_for_staging_as_it_is_now() {
    for_staging("production_waits_for_staging_as_it_is_now", || {
        let production = Database::with_tables(Dialect::Sqlite);
        let folder = production.folder().to_str().expect("UTF-8");
        assert_eq!(run(&SHOP, &["services", "sync", "staging", "--folder", folder]).code, 0);
        let sync = ["sync", "production", "--yes", "--after", "staging"];
        let dry = [&sync[..], &["--dry-run"]].concat();
        production.services(2, &dry);
        on_staging("UPDATE teas SET minor = 1 WHERE id = 'green'");
        for arguments in [&sync[..], &dry] {
            let refused = production.services(1, arguments);
            assert!(refused.err.contains("staging is not as this catalog says: 1 difference"), "{}", refused.err);
        }
        on_staging("UPDATE teas SET minor = 450 WHERE id = 'green'");
        on_staging("UPDATE catalog_state SET catalog_hash = 'feedfacefeedface'");
        let refused = production.services(1, &sync);
        assert!(refused.err.contains("staging has another catalog by now (feedfacefeed)"), "{}", refused.err);
        assert_eq!(production.teas(), [""; 0]);
    });
}

#[test]
fn a_proof_stands_in_for_staging_where_its_database_cannot_be_reached() {
    let (staging, production) = (Database::with_tables(Dialect::Sqlite), Database::with_tables(Dialect::Sqlite));
    let proof = staging.folder().join("proof.json");
    let file = proof.to_str().expect("UTF-8");
    let sync = ["sync", "production", "--yes", "--after", "staging", "--after-proof", file];
    let refused = |why: &str| {
        let ran = production.services(1, &sync);
        assert!(ran.err.contains("does not prove that staging was synced: ") && ran.err.contains(why), "{}", ran.err);
        let dry = production.services(1, &[&sync[..], &["--dry-run"]].concat());
        assert!(dry.err.contains(why), "{}", dry.err);
        let judged = production.services(1, &["proved", "staging", file]);
        assert!(judged.err.contains(why), "{}", judged.err);
        assert_eq!(production.teas(), [""; 0]);
    };
    refused("No such file");
    staging.services(2, &["sync", "staging", "--proof", file, "--dry-run"]);
    assert!(!proof.exists(), "a dry run proves nothing");
    let blind = staging.services(0, &["sync", "staging", "--proof", file, "--no-validate"]);
    assert!(blind.out.contains("\nProof: "), "{}", blind.out);
    refused("what staging serves was not looked at when it was made");
    assert!(staging.services(0, &["sync", "staging", "--proof", file]).out.contains("\nProof: "));
    let sound = std::fs::read_to_string(&proof).expect("a proof");
    let edits = [
        ("\"staging\"", "\"production\"", "it is of production, and not of staging"),
        ("5ab0c0ffee00", "feedfacefeed", "it is of the catalog feedfacefeed, and this program of 5ab0c0ffee00"),
        ("\"equal\"", "\"different\"", "unknown variant `different`"),
        ("\"verified_at\": \"20", "\"verified_at\": \"19", "and holds for 24 hours"),
        ("\"verified_at\": \"20", "\"verified_at\": \"21", "and holds for 24 hours"),
        ("\"verified_at\": \"20", "\"verified_at\": \"x", "is no time"),
    ];
    for (from, to, why) in edits {
        assert!(sound.contains(from), "{sound}");
        std::fs::write(&proof, sound.replace(from, to)).expect("it is written");
        refused(why);
    }
    std::fs::write(&proof, &sound).expect("it is written");
    let judged = Database::new(Dialect::Sqlite);
    assert_eq!(judged.report(0, &["proved", "staging", file])["served"], "no_live_url");
    assert!(!judged.file().expect("a path").exists(), "nobody needs a database for it");
    let synced = production.services(0, &sync);
    assert!(synced.out.contains("After: staging, which was synced with the same catalog, by "), "{}", synced.out);
    assert!(synced.out.contains("; it has no live_url, so that nobody looked at what it serves"), "{}", synced.out);
    assert_eq!(production.teas(), SOUND);
    let unknown = production.services(1, &["sync", "production", "--after", "stagin", "--after-proof", file]);
    assert!(unknown.err.contains("there is no environment stagin"), "{}", unknown.err);
}

#[test]
fn a_sync_that_fails_leaves_no_proof_of_the_one_before() {
    let staging = Database::with_tables(Dialect::Sqlite);
    let proof = staging.folder().join("proof.json");
    let sync = ["sync", "staging", "--proof", proof.to_str().expect("UTF-8")];
    staging.services(0, &sync);
    staging.services(0, &sync);
    assert!(proof.exists(), "where nothing was to be done, every row is as the catalog says");
    staging.execute("DROP TABLE teas");
    staging.services(1, &sync);
    assert!(!proof.exists());
}

#[test]
fn a_proof_that_cannot_be_written_fails_the_command_and_keeps_the_rows() {
    let staging = Database::with_tables(Dialect::Sqlite);
    let nowhere = staging.folder().join("missing/proof.json");
    let sync = ["sync", "staging", "--proof", nowhere.to_str().expect("UTF-8")];
    let report = staging.report(1, &sync);
    let warning = report["warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("/missing/proof.json cannot be written: No such file"), "{warning}");
    assert_eq!((&report["changed"], staging.teas().len()), (&serde_json::Value::Bool(true), SOUND.len()));
    let ran = staging.services(1, &sync);
    assert!(ran.err.contains("the rows are as the catalog says, and kept, but the proof"), "{}", ran.err);
}

#[test]
fn the_proof_to_go_by_is_not_taken_away_for_the_next() {
    let (staging, production) = (Database::with_tables(Dialect::Sqlite), Database::with_tables(Dialect::Sqlite));
    let proof = staging.folder().join("proof.json");
    let other = staging.folder().join("link.json");
    staging.services(0, &["sync", "staging", "--proof", proof.to_str().expect("UTF-8")]);
    std::os::unix::fs::symlink(&proof, &other).expect("a link");
    for next in [&proof, &other] {
        let [proof, next] = [&proof, next].map(|file| file.to_str().expect("UTF-8"));
        let sync = ["sync", "production", "--yes", "--after", "staging", "--after-proof", proof, "--proof", next];
        let refused = production.services(1, &sync);
        assert!(refused.err.contains("is the proof to go by; name another file with --proof"), "{}", refused.err);
    }
    assert!(proof.exists());
    assert_eq!(production.teas(), [""; 0]);
}

fn on_staging(sql: &'static str) {
    block_on(async {
        let mut connection = SqliteConnection::connect(&staging()).await.expect("the database");
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("a sound statement");
        connection.close().await.expect("it closes");
    });
}

fn staging() -> String {
    std::env::var("PRICEBOOK_TEST_STAGING_URL").expect("it is set")
}

fn for_staging(test: &str, body: impl Fn()) {
    let staging = Database::with_tables(Dialect::Sqlite);
    with_variable(&format!("services_environments::{test}"), "PRICEBOOK_TEST_STAGING_URL", &staging.url(), body);
}

#[test]
fn migrations_reach_an_environment_by_its_name() {
    for_staging("migrations_reach_an_environment_by_its_name", || {
        let status = run(&SHOP, &["migrate", "status", "staging"]);
        assert!(status.out.contains("Z: shop 0001_initial"), "{}{}", status.out, status.err);
        assert!(run(&SHOP, &["migrate", "up", "staging"]).out.contains("nothing changed"));
    });
}
