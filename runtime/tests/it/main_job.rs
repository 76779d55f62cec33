//! The command without a subcommand: migrate, sync, verify, show.

use std::fs;

use crate::shop::{Place, SHOP, with_sync};

#[test]
fn a_fresh_database_is_made_filled_and_shown() {
    let place = Place::new();
    let ran = place.run(&SHOP, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(place.teas(), ["green Green tea 450 1", "white White tea 900 0"]);
    insta::assert_snapshot!(ran.text(&place).replace("  \n", "\n"));
}

#[test]
fn a_second_run_reports_that_nothing_changed_and_writes_nothing() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    let before = fs::read(place.file()).expect("the database");
    let ran = place.run(&SHOP, &[]);
    assert!(ran.out.contains("nothing changed"), "{}", ran.out);
    assert_eq!(fs::read(place.file()).expect("the database"), before);
}

#[test]
fn values_changed_by_hand_are_shown_and_put_right() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1 WHERE id = 'green'; UPDATE teas SET active = 1 WHERE id = 'white'");
    let ran = place.run(&SHOP, &[]);
    assert!(ran.out.contains("teas green minor: 1 → 450"), "{}", ran.out);
    assert!(ran.out.contains("synced: 0 rows inserted, 1 updated, 1 deactivated, 0 removed"), "{}", ran.out);
    assert_eq!(place.teas(), ["green Green tea 450 1", "white White tea 900 0"]);
}

#[test]
fn a_missing_row_is_counted_as_inserted() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("DELETE FROM teas WHERE id = 'white'");
    let ran = place.run(&SHOP, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["rows"], serde_json::json!({ "inserted": 1, "updated": 0, "deactivated": 0, "removed": 0 }));
    assert_eq!(report["created"], false);
    assert_eq!(report["changed"], true);
    assert_eq!(report["differences"][0]["row"], "white");
    assert_eq!(report["prices"][1]["status"], "inactive");
}

#[test]
fn a_dry_run_reports_as_the_run_would_and_keeps_nothing() {
    let place = Place::new();
    let dry = place.run(&SHOP, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.out.contains("would be synced: 2 rows inserted"), "{}", dry.out);
    assert!(!place.file().exists(), "a dry run made the database");

    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
    let before = fs::read(place.file()).expect("the database");
    let dry = place.run(&SHOP, &["--dry-run"]);
    assert!(dry.out.contains("teas green minor: 1 → 450"), "{}", dry.out);
    assert_eq!(fs::read(place.file()).expect("the database"), before);
    assert_eq!(place.teas()[0], "green Green tea 1 1");
}

#[test]
fn a_sync_that_fails_half_way_keeps_nothing() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1");
    let ran = place
        .run(with_sync("BEGIN TRANSACTION;\nUPDATE teas SET minor = 7;\nUPDATE nowhere SET a = 1;\nCOMMIT;\n"), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no such table: nowhere"), "{}", ran.err);
    assert_eq!(place.teas(), ["green Green tea 1 1", "white White tea 1 0"]);
}

#[test]
fn a_sync_that_leaves_a_difference_is_refused_and_keeps_nothing() {
    let place = Place::new();
    place.run(&SHOP, &[]);
    place.execute("UPDATE teas SET minor = 1");
    let ran = place.run(with_sync("BEGIN TRANSACTION;\nUPDATE teas SET minor = 450;\nCOMMIT;\n"), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("teas still differs from the catalog in 1 places; nothing was kept"), "{}", ran.err);
    assert_eq!(place.teas()[0], "green Green tea 1 1");
}

#[test]
fn the_price_list_says_where_the_database_differs() {
    let place = Place::new();
    let status = |place: &Place| -> Vec<String> {
        let ran = place.run(&SHOP, &["prices", "--json"]);
        let lines: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        lines
            .as_array()
            .expect("a list")
            .iter()
            .map(|line| line["status"].as_str().expect("a word").to_owned())
            .collect()
    };
    assert_eq!(status(&place), ["not_synced", "not_synced"]);
    assert!(!place.file().exists(), "looking made the database");
    place.run(&SHOP, &[]);
    assert_eq!(status(&place), ["synced", "inactive"]);
    place.execute("UPDATE teas SET name = 'Grey tea' WHERE id = 'green'");
    assert_eq!(status(&place), ["differs", "inactive"]);
}

#[test]
fn no_value_of_the_database_tells_a_terminal_what_to_do() {
    let place = Place::new();
    assert_eq!(place.run(&SHOP, &[]).code, 0);
    place.execute("UPDATE teas SET name = 'Tea \u{202e}\u{1b}[31mfree\u{7}\nsynced' WHERE id = 'green'");
    let told = place.run(&SHOP, &[]).out;
    let line = r"  teas green name: Tea \u{202e}\u{1b}[31mfree\u{7}\nsynced → Green tea";
    assert!(told.lines().any(|told| told == line), "{told}");
}
