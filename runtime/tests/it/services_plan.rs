//! `services plan` and `services verify`: what differs, old → new, and nothing is written.

use std::fs;

use pricebook::Artifacts;
use pricebook_types::{Dialect, PerDialect};
use serde_json::json;

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::SHOP;

#[test]
fn a_plan_names_every_value_old_and_new_and_the_exit_code_tells_whether_there_are_any() {
    on_every_database(|database| {
        let missing = database.report(2, &["plan"]);
        assert_eq!(missing["rows"], json!({ "inserted": 2, "updated": 0, "deactivated": 0, "removed": 0 }));
        assert_eq!((&missing["equal"], &missing["synced_hash"]), (&json!(false), &json!(null)));
        let green = json!({ "name": "Green tea", "minor": "450", "active": "1" });
        let white = json!({ "name": "White tea", "minor": "900", "active": "0" });
        let new_rows = json!([
            { "table": "teas", "row": "green", "values": green },
            { "table": "teas", "row": "white", "values": white },
        ]);
        assert_eq!(missing["new_rows"], new_rows);
        for arguments in [&["plan"][..], &["sync", "--dry-run"]] {
            let told = database.services(2, arguments).out;
            let line = "teas   white          missing → inserted: name White tea, minor 900, active 0\n";
            assert!(told.contains(line), "{told}");
        }

        database.services(0, &["sync"]);
        let equal = database.report(0, &["plan"]);
        assert_eq!((&equal["equal"], &equal["differences"]), (&json!(true), &json!([])));
        assert_eq!(equal["synced_hash"], SHOP.catalog_hash);
        assert!(database.services(0, &["plan"]).out.contains("every row is as the catalog says"));

        assert_eq!(equal["new_rows"], json!([]));
        database.execute("DELETE FROM teas WHERE id = 'green'");
        assert_eq!(
            database.report(2, &["sync", "--dry-run"])["new_rows"],
            json!([{ "table": "teas", "row": "green", "values": green }])
        );
        database.services(0, &["sync"]);
        database.execute("UPDATE teas SET name = 'It''s \"grey\"\u{1b}[2J', active = TRUE");
        let changed = database.report(2, &["plan"]);
        let expected = json!([
            { "table": "teas", "row": "green", "column": "name", "old": "It's \"grey\"\u{1b}[2J", "new": "Green tea" },
            { "table": "teas", "row": "white", "column": "active", "old": "1", "new": "0" },
            { "table": "teas", "row": "white", "column": "name", "old": "It's \"grey\"\u{1b}[2J", "new": "White tea" },
        ]);
        assert_eq!(changed["differences"], expected, "{:?}", database.dialect);
        let shown =
            database.services(2, &["plan"]).out.replace(&changed["database"].to_string().replace('"', ""), "<url>");
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown, @r#"
            local: <url>
              table  row    column  database → catalog
              teas   green  name    It's "grey"\u{1b}[2J → Green tea
              teas   white  active  1 → 0
              teas   white  name    It's "grey"\u{1b}[2J → White tea
              2 rows would change: 0 inserted, 1 updated, 1 deactivated, 0 removed
            "#);
        }
    });
}

#[test]
fn a_text_that_is_not_utf_8_is_a_difference_that_a_sync_repairs() {
    let database = Database::with_tables(Dialect::Sqlite);
    database.services(0, &["sync"]);
    // SQLite keeps the bytes that somebody wrote by hand.
    database.execute("UPDATE teas SET name = CAST(x'47E974' AS TEXT) WHERE id = 'green'");
    database.execute("INSERT INTO teas VALUES (CAST(x'FF' AS TEXT), 'By hand', 1, TRUE)");
    let plan = database.report(2, &["plan"]);
    let expected = json!([
        { "table": "teas", "row": "green", "column": "name", "old": "G\u{fffd}(E9)t", "new": "Green tea" }
    ]);
    assert_eq!(plan["differences"], expected);
    assert_eq!(plan["unknown"], json!([{ "table": "teas", "row": "\u{fffd}(FF)", "for_sale": true }]));
    assert!(database.services(1, &["verify"]).out.contains("green"));
    database.services(0, &["sync"]);
    database.services(0, &["verify"]);
    database.execute("DELETE FROM teas WHERE name = 'By hand'");
    assert_eq!(database.teas(), SOUND);
}

#[test]
fn a_plan_and_a_verification_write_nothing() {
    let database = Database::with_tables(Dialect::Sqlite);
    let file = database.file().expect("a file");
    let before = fs::read(&file).expect("the database");
    database.services(2, &["plan"]);
    database.services(1, &["verify"]);
    assert_eq!(fs::read(&file).expect("the database"), before);
    assert_eq!(database.files(), [""; 0]);
}

#[test]
fn a_verification_fails_where_a_row_is_otherwise() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        assert!(database.services(0, &["verify"]).out.contains("every row is as the catalog says"));
        database.execute("UPDATE teas SET minor = 449 WHERE id = 'green'");
        assert!(database.services(1, &["verify"]).out.contains("449 → 450"));
    });
}

#[test]
fn rows_that_the_catalog_does_not_know_are_told_and_left_alone() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        database.execute("INSERT INTO teas VALUES ('black', 'Black tea', 300, TRUE), ('red', 'Red tea', 1, FALSE)");
        let plan = database.report(0, &["plan"]);
        let unknown = json!([
            { "table": "teas", "row": "black", "for_sale": true },
            { "table": "teas", "row": "red", "for_sale": false },
        ]);
        assert_eq!(plan["unknown"], unknown);
        let told = database.services(0, &["verify"]).out;
        assert!(told.contains("left alone: teas black is for sale and not in the catalog\n"), "{told}");
        assert!(told.contains("left alone: teas red is not in the catalog\n"), "{told}");
        assert!(told.ends_with("  every row that the catalog knows is as it says\n"), "{told}");
        database.execute("UPDATE teas SET minor = 1 WHERE id = 'green'");
        let synced = database.services(0, &["sync"]).out;
        assert!(synced.contains("left alone: teas black is for sale and not in the catalog"), "{synced}");
        assert_eq!(database.teas(), ["black Black tea 300 1", SOUND[0], "red Red tea 1 0", SOUND[1]]);
    });
}

#[test]
fn long_values_are_shown_where_they_differ() {
    let database = Database::with_tables(Dialect::Sqlite);
    let name = "Leaves of one garden, picked by hand in the first week of May, and dried in the shade of the house";
    let shop = with_name(name);
    database.services_of(shop, 0, &["sync", "--no-backup"]);
    database.execute("UPDATE teas SET name = REPLACE(name, 'shade', 'sun') WHERE id = 'green'");
    let plan = database.services_of(shop, 2, &["plan"]).out;
    assert!(plan.contains("…, and dried in the sun of the house → …, and dried in the shade of the house"), "{plan}");
}

/// The shop with another name for its green tea.
fn with_name(name: &str) -> &'static Artifacts {
    let named = |sql: &str| -> &'static str { sql.replace("Green tea", name).leak() };
    let (sync, verify) = (named(SHOP.sync_sql.sqlite), named(SHOP.verify_sql.sqlite));
    let same = |text| PerDialect { sqlite: text, postgres: text, mysql: text };
    Box::leak(Box::new(Artifacts { sync_sql: same(sync), verify_sql: same(verify), ..SHOP }))
}

#[test]
fn a_database_without_the_tables_is_refused_and_the_command_for_them_named() {
    for dialect in Dialect::ALL {
        let database = Database::new(dialect);
        for arguments in [&["plan"][..], &["verify"], &["sync"], &["sync", "--dry-run"], &["backup"]] {
            let ran = database.services(1, arguments);
            assert!(
                ran.err.contains("help: bring its tables up to date first: pricebook migrate up local"),
                "{}",
                ran.err
            );
        }
        assert!(!database.file().is_some_and(|file| file.exists()), "looking made the database");
        assert_eq!(database.run(&SHOP, &["migrate", "up"]).code, 0);
        database.services(2, &["plan"]);
    }
}
