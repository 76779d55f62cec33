//! The two streams of migrations: once each, whole or not at all, never another text.

use std::sync::Barrier;

use crate::shop::{FIRST, Place, SHOP, migration, with_migrations};

#[test]
fn migrations_are_recorded_with_their_checksums_and_run_once() {
    let place = Place::new();
    assert_eq!(place.run(&SHOP, &["migrate"]).code, 0);
    let recorded = "SELECT stream || ' ' || number || ' ' || name || ' ' || checksum FROM pricebook_migrations WHERE stream = 'shop'";
    assert_eq!(place.query(recorded), ["shop 1 initial aa"]);
    let again = place.run(&SHOP, &["migrate"]);
    assert!(again.out.contains("nothing changed"), "{}", again.out);
    assert_eq!(place.query(recorded), ["shop 1 initial aa"]);
}

#[test]
fn status_tells_what_was_applied_and_what_is_due() {
    let place = Place::new();
    let ran = place.run(&SHOP, &["migrate", "status"]);
    assert!(ran.out.contains("due: shop 0001_initial"), "{}", ran.out);
    assert!(!ran.out.contains("no program from before"), "nobody has served yet: {}", ran.out);
    assert_eq!((ran.code, place.run(&SHOP, &["migrate", "state"]).code), (2, 1), "due is not wrong usage");
    assert!(!place.file().exists(), "asking made the database");
    place.run(&SHOP, &["migrate"]);
    assert_eq!(place.run(&SHOP, &["migrate", "status"]).code, 0);
    let next = with_migrations(vec![FIRST, migration(2, "more", "ALTER TABLE teas ADD COLUMN origin TEXT;", "bb")]);
    let ran = place.run(next, &["migrate", "status", "--json"]);
    let history: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let applied = history["applied"].as_array().expect("a list");
    assert_eq!(applied.last().expect("one")["name"], "initial");
    assert_eq!(history["due"][0]["name"], "more");
}

#[test]
fn a_dry_migration_keeps_nothing() {
    let place = Place::new();
    let ran = place.run(&SHOP, &["migrate", "--dry-run"]);
    assert!(ran.out.contains("would be migrated: shop 0001_initial"), "{}", ran.out);
    assert!(!place.file().exists());
}

#[test]
fn an_edited_migration_is_refused() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    let ran = place.run(with_migrations(vec![migration(1, "initial", "SELECT 1;", "changed")]), &[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.text(&place), @r"
    error: migration 0001_initial of shop was changed after this database had run it
    help: bring its file back as it was, and put the change into a new migration: cargo catalog migrate NAME
    ");
}

#[test]
fn a_database_from_the_future_is_refused() {
    let place = Place::new();
    place
        .run(with_migrations(vec![FIRST, migration(2, "more", "ALTER TABLE teas ADD COLUMN origin TEXT;", "bb")]), &[]);
    let ran = place.run(&SHOP, &[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.text(&place), @r"
    error: this database has run migration 0002_more of shop, which this program does not know
    help: run the newer program that made it, or restore a backup from before
    ");
}

#[test]
fn a_migration_after_which_no_program_from_before_can_serve_says_so_beforehand() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    let adds = migration(2, "adds", "ALTER TABLE teas ADD COLUMN origin TEXT;", "bb");
    let takes = migration(3, "takes", "ALTER TABLE teas DROP COLUMN origin;", "cc");
    let next = with_migrations(vec![FIRST, adds, takes]);
    let report: serde_json::Value =
        serde_json::from_str(&place.run(next, &["migrate", "--dry-run", "--json"]).out).expect("JSON");
    let additive: Vec<_> = ["0", "1"].iter().map(|at| report.pointer(&format!("/applied/{at}/additive"))).collect();
    assert_eq!(additive, [Some(&true.into()), Some(&false.into())]);
    for (arguments, word) in [(&["migrate", "status"][..], "due"), (&["migrate", "--dry-run"], "would be migrated")] {
        let told = place.run(next, arguments).out;
        assert!(told.contains(&format!("{word}: shop 0002_adds\n")), "{told}");
        let lost = format!("{word}: shop 0003_takes (no program from before can serve after it)\n");
        assert!(told.contains(&lost), "{told}");
    }
}

#[test]
fn the_database_of_another_catalog_is_refused() {
    let place = Place::new();
    place.run(&SHOP, &["migrate"]);
    place.execute("UPDATE pricebook_migrations SET stream = 'bakery' WHERE stream = 'shop'");
    let ran = place.run(&SHOP, &[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.text(&place), @r"
    error: this database belongs to the catalog bakery
    help: name another database with --database
    ");
}

#[test]
fn a_history_with_a_gap_is_refused() {
    let place = Place::new();
    let two = with_migrations(vec![FIRST, migration(2, "more", "ALTER TABLE teas ADD COLUMN origin TEXT;", "bb")]);
    place.run(two, &["migrate"]);
    place.execute("DELETE FROM pricebook_migrations WHERE stream = 'shop' AND number = 1");
    let ran = place.run(two, &["migrate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("lacks migration 0001_initial of shop but has a later one"), "{}", ran.err);
}

#[test]
fn a_migration_that_fails_leaves_nothing_and_keeps_the_ones_before() {
    let place = Place::new();
    let trigger = "CREATE TRIGGER touched AFTER UPDATE ON half BEGIN\n  UPDATE half SET id = '';\nEND;\n";
    let broken = &*format!(
        "CREATE TABLE half (id TEXT);\n{trigger}-- Nobody; knows.\nINSERT INTO nowhere\nVALUES (1);\nSELECT 1;\n"
    )
    .leak();
    let ran = place.run(with_migrations(vec![FIRST, migration(2, "broken", broken, "bb")]), &["migrate"]);
    assert_eq!(ran.code, 1);
    let told = "migration 0002_broken of shop failed at statement 3 of 4, INSERT INTO nowhere: ";
    assert!(ran.err.contains(told) && ran.err.contains("no such table: nowhere"), "{}", ran.err);
    assert_eq!(place.query("SELECT name FROM sqlite_master WHERE name IN ('half', 'teas')"), ["teas"]);
    assert_eq!(place.run(&SHOP, &[]).code, 0);
}

#[test]
fn rebuilding_a_table_keeps_the_rows_that_refer_to_it() {
    let place = Place::new();
    let orders = "CREATE TABLE orders (tea TEXT REFERENCES teas (id) ON DELETE CASCADE);
INSERT INTO teas VALUES ('green', 'Green tea', 450, 1);
INSERT INTO orders VALUES ('green');\n";
    let rebuild = "CREATE TABLE new_teas (id TEXT PRIMARY KEY, name TEXT NOT NULL, minor INTEGER NOT NULL, active INTEGER NOT NULL);
INSERT INTO new_teas SELECT * FROM teas;
DROP TABLE teas;
ALTER TABLE new_teas RENAME TO teas;\n";
    let ran = place.run(
        with_migrations(vec![FIRST, migration(2, "orders", orders, "bb"), migration(3, "rebuild", rebuild, "cc")]),
        &["migrate"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(place.query("SELECT tea FROM orders"), ["green"]);
}

#[test]
fn a_migration_that_leaves_dangling_references_is_refused() {
    let place = Place::new();
    let orders = "CREATE TABLE orders (tea TEXT REFERENCES teas (id));\nINSERT INTO orders VALUES ('none');\n";
    let ran = place.run(with_migrations(vec![FIRST, migration(2, "orders", orders, "bb")]), &["migrate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("would leave rows of orders that refer to nothing"), "{}", ran.err);
    assert!(place.query("SELECT name FROM sqlite_master WHERE name = 'orders'").is_empty());
}

#[test]
fn many_at_once_migrate_once() {
    let place = Place::new();
    let start = Barrier::new(8);
    let applied: usize = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let ran = place.run(&SHOP, &["--json"]);
                    assert_eq!(ran.code, 0, "{}", ran.err);
                    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
                    let ours = |step: &&serde_json::Value| step["stream"] == "shop";
                    report["migrations"].as_array().expect("a list").iter().filter(ours).count()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("a run")).sum()
    });
    assert_eq!(applied, 1);
}
