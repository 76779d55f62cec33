//! `cargo run`, as somebody with a fresh clone sees it: the real binary, the real catalog, an empty folder.

use std::fs;
use std::time::Instant;

use pricebook_app::catalog;
use serde_json::Value;

use crate::place::{Place, json, list, succeeded, text};

#[test]
fn a_fresh_run_makes_fills_verifies_and_shows_the_database() {
    let place = Place::new();
    let report = place.json(&[]);
    assert!(place.database().is_file());
    assert_eq!(report["catalog"]["hash"], catalog::artifacts().catalog_hash);
    assert_eq!(report["created"], true);
    let shown: Vec<_> = list(&report["prices"]).iter().map(|line| (text(&line["kind"]), text(&line["id"]))).collect();
    let sold: Vec<_> = catalog::artifacts().products.iter().map(|product| (product.kind, product.id)).collect();
    assert_eq!(shown, sold);
    let synced = place.column("SELECT lookup_key FROM catalog_prices ORDER BY lookup_key");
    let mut keys: Vec<_> = prices().map(|price| price.lookup_key.to_owned()).collect();
    keys.sort();
    assert_eq!(synced, keys);
}

#[test]
fn with_a_setting_that_is_wrong_nothing_is_written() {
    let place = Place::new();
    // Which environment is meant is known, and still nobody can tell what else was.
    fs::write(place.folder.path().join("pricebook.toml"), "environment = \"production\"\nlistn = \"x\"\n")
        .expect("a file");
    let told = place.failure(&[]);
    assert!(told.contains("listn (in pricebook.toml): there is no such setting; is listen meant?"), "{told}");
    assert!(!place.database().exists());
}

#[test]
fn the_price_list_shows_every_service_with_its_status() {
    let place = Place::new();
    let shown = place.out(&[]);
    for service in catalog::artifacts().products.iter().filter(|product| product.kind == "service") {
        let line = shown.lines().find(|line| line.trim_start().starts_with(&format!("{} ", service.id)));
        let line = line.unwrap_or_else(|| panic!("{} is not shown:\n{shown}", service.id));
        let status = if service.active { "Synced" } else { "Inactive" };
        assert!(line.contains(service.name) && line.ends_with(status), "{line}");
    }
    assert!(shown.contains("1495.00 USD") && shown.contains("299.00 USD"), "{shown}");
}

#[test]
fn a_second_run_reports_that_nothing_changed() {
    let place = Place::new();
    place.out(&[]);
    let before = fs::read(place.database()).expect("the database");
    let report = place.json(&[]);
    assert_eq!(report["changed"], false);
    assert_eq!(report["differences"], serde_json::json!([]));
    assert!(place.out(&[]).contains("nothing changed"));
    assert_eq!(fs::read(place.database()).expect("the database"), before);
}

#[test]
fn an_edit_by_hand_is_shown_and_put_right() {
    let place = Place::new();
    place.out(&[]);
    place.execute("UPDATE services SET min_price = 1 WHERE id = 'market-essentials'");
    place.execute("UPDATE services SET active = 1 WHERE id = 'competitor-tracking'");
    let shown = place.out(&[]);
    assert!(shown.contains("services market-essentials min_price: 1 → 1495"), "{shown}");
    assert!(shown.contains("services competitor-tracking active: true → false"), "{shown}");
    assert!(shown.contains("0 rows inserted, 1 updated, 1 deactivated, 0 removed"), "{shown}");
    assert_eq!(place.column("SELECT CAST(min_price AS TEXT) FROM services WHERE id = 'market-essentials'"), ["1495"]);
    assert!(place.out(&[]).contains("nothing changed"));
}

#[test]
fn rows_that_the_catalog_does_not_know_are_left_alone() {
    let place = Place::new();
    place.out(&[]);
    place.execute("INSERT INTO services (id, name, active) VALUES ('by-hand', 'By hand', 1)");
    assert!(place.out(&[]).contains("nothing changed"));
    assert_eq!(place.column("SELECT id FROM services WHERE id = 'by-hand'"), ["by-hand"]);
}

#[test]
fn killed_at_any_moment_it_is_finished_by_the_next_run() {
    let cases: u32 = std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(12);
    // A case starts three processes; so many moments are as close together as they can be told apart.
    let cases = cases.clamp(1, 500);
    let whole = Place::new();
    let start = Instant::now();
    whole.out(&[]);
    let duration = start.elapsed();
    let every_price = whole.column("SELECT lookup_key FROM catalog_prices").len();
    for case in 0..cases {
        let place = Place::new();
        place.run_and_kill(duration * case / cases);
        // Each step is there whole or not at all.
        if place.database().is_file()
            && !place.column("SELECT name FROM sqlite_master WHERE name = 'catalog_prices'").is_empty()
        {
            let prices = place.column("SELECT lookup_key FROM catalog_prices").len();
            assert!(prices == 0 || prices == every_price, "case {case}: {prices} of {every_price} prices");
        }
        let report = place.json(&[]);
        assert_eq!(list(&report["prices"]).len(), catalog::artifacts().products.len(), "case {case}");
        assert_eq!(place.json(&[])["changed"], false, "case {case}");
        assert_eq!(place.column("PRAGMA integrity_check"), ["ok"], "case {case}");
    }
}

#[test]
fn several_at_once_do_the_work_once() {
    let place = Place::new();
    let children: Vec<_> = (0..4).map(|_| place.start(&["--json"])).collect();
    let reports: Vec<Value> =
        children.into_iter().map(|child| json(&succeeded(child.wait_with_output().expect("it ends")))).collect();
    let migrations: usize = reports.iter().map(|report| list(&report["migrations"]).len()).sum();
    let applied = place.column("SELECT name FROM pricebook_migrations").len();
    assert_eq!(migrations, applied);
    let synced = reports.iter().filter(|report| !list(&report["differences"]).is_empty()).count();
    assert_eq!(synced, 1);
}

#[test]
fn an_edited_migration_is_refused() {
    let place = Place::new();
    place.out(&[]);
    // What the database remembers is no longer what the program holds, as after an edit of the file.
    place.execute("UPDATE pricebook_migrations SET checksum = 'another' WHERE number = 1");
    let before = fs::read(place.database()).expect("the database");
    let message = place.failure(&[]);
    assert!(message.contains("was changed after this database had run it"), "{message}");
    assert!(message.contains("help: bring its file back as it was"), "{message}");
    assert_eq!(fs::read(place.database()).expect("the database"), before);
}

#[test]
fn a_database_from_the_future_is_refused() {
    let place = Place::new();
    place.out(&[]);
    let stream = catalog::artifacts().migrations.name;
    place.execute(&format!(
        "INSERT INTO pricebook_migrations (stream, number, name, checksum) VALUES ('{stream}', 999, 'later', '0')"
    ));
    let message = place.failure(&[]);
    assert!(message.contains("migration 0999_later of"), "{message}");
    assert!(message.contains("help: run the newer program"), "{message}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::new();
    let shown = place.out(&["--dry-run"]);
    assert!(shown.contains("would be created") && shown.contains("would be synced"), "{shown}");
    assert_eq!(fs::read_dir(place.folder.path()).expect("the folder").count(), 0);
    place.out(&[]);
    place.execute("UPDATE services SET min_price = 1 WHERE id = 'market-essentials'");
    let before = fs::read(place.database()).expect("the database");
    let report = place.json(&["--dry-run"]);
    assert_eq!(report["rows"]["updated"], 1);
    assert_eq!(fs::read(place.database()).expect("the database"), before);
}

#[test]
fn output_that_is_no_terminal_has_no_colours() {
    let place = Place::new();
    assert!(!place.out(&[]).contains('\x1b'));
    assert!(!place.failure(&["--database", "postgres://host/db"]).contains('\x1b'));
}

fn prices() -> impl Iterator<Item = &'static pricebook_types::Price> {
    catalog::artifacts().products.iter().flat_map(|product| product.prices)
}
