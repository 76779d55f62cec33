//! The live check of an API whose database is known: what customers pay and get is read in its rows, which no list shows whole.

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use pricebook::Artifacts;
use pricebook::alerts::Alerts;
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database as Pool;
use pricebook::services::live::Watcher;
use pricebook_types::PerDialect;

use crate::databases::{Database, on_every_database};
use crate::live_shop::Api;
use crate::shop::run;

const ROWS: &str = "
INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label, active)
VALUES ('tea_green_monthly', 'tea', 'green', 'monthly', 'g', 'Monthly', TRUE);
INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on, tier_number, unit_amount, is_default)
VALUES ('tea_green_monthly', 'eur', '1970-01-01', 0, '450', FALSE);";

/// A difference of the price tables; one of another table, where a row of it has another name; and that of the state, which is no drift.
const VERIFY: &str = "SELECT 'catalog_price_amounts', CONCAT(lookup_key, '/', currency), 'unit_amount', '450', '1'
FROM catalog_price_amounts WHERE unit_amount <> '450'
UNION ALL SELECT 'teas', id, 'name', 'Green tea', name FROM teas WHERE name = 'Red'
UNION ALL SELECT 'catalog_state', 'shop', 'catalog_hash', 'new', 'old'";

const SAYS: &str = "catalog_price_amounts tea_green_monthly/eur: unit_amount mismatch. Expected: 450, Got: 1";

fn artifacts(api: &Api) -> &'static Artifacts {
    let verify_sql = PerDialect { sqlite: VERIFY, postgres: VERIFY, mysql: VERIFY };
    Box::leak(Box::new(Artifacts { verify_sql, ..*api.artifacts() }))
}

const TEAS_SAYS: &str = "teas green: name mismatch. Expected: Green tea, Got: Red";

fn change(database: &Database) {
    database.execute("UPDATE catalog_price_amounts SET unit_amount = '1'");
}

#[test]
fn a_changed_price_that_no_list_shows_is_found_with_the_database() {
    on_every_database(|database| {
        let api = Api::of_shop(|_| {});
        let url = database.url();
        database.execute(ROWS);
        let validate = |arguments: &[&str]| run(artifacts(&api), &[&["services", "validate"], arguments].concat());
        let ran = validate(&["--database", &url]);
        assert!(ran.code == 0 && ran.out.contains(" were compared, too\n"), "{}{}", ran.out, ran.err);
        change(database);
        let ran = validate(&["--database", &url]);
        let issues = format!("\nSynchronization Issues Found:\n{SAYS}\n\nRun sync script: ");
        assert!(ran.code == 1 && ran.out.contains(&issues), "{}{}", ran.out, ran.err);
        let report: serde_json::Value =
            serde_json::from_str(&validate(&["--database", &url, "--json"]).out).expect("JSON");
        let difference = &report["differences"][0];
        assert_eq!((&difference["kind"], &difference["id"]), (&"tea".into(), &"green".into()));
        assert!(report["price_tables"].is_string(), "{report}");
        let ran = validate(&[]);
        assert!(
            ran.code == 0 && ran.out.contains("\nthe rows of the database were left out: name it with --database"),
            "{}",
            ran.out
        );
    });
}

/// One row for each of three prices, whose lookup keys begin alike, and one that belongs to none of them.
const VERIFY_SLASHES: &str = "SELECT 'catalog_prices', 'a/b', 'active', '1', '0'
UNION ALL SELECT 'catalog_price_amounts', 'a/usd/1970-01-01/0', 'unit_amount', '1', '2'
UNION ALL SELECT 'catalog_price_amounts', 'a/b/usd/1970-01-01/0', 'unit_amount', '1', '2'
UNION ALL SELECT 'catalog_price_amounts', 'a/usd/eur/1970-01-01/0', 'unit_amount', '1', '2'
UNION ALL SELECT 'catalog_price_amounts', 'a/c/usd/1970-01-01/0', 'unit_amount', '1', '2'";

#[test]
fn a_lookup_key_with_slashes_is_found_as_a_whole() {
    on_every_database(|database| {
        let api = Api::of_shop(|_| {});
        let keys = [("green", "a"), ("black", "a/b"), ("white", "a/usd")];
        let shop = api.artifacts();
        let tables = keys.iter().fold(shop.validation_json.to_owned(), |tables, (id, key)| {
            tables.replace(&format!("\"tea_{id}_monthly\""), &format!("\"{key}\""))
        });
        let verify = VERIFY_SLASHES;
        let verify_sql = PerDialect { sqlite: verify, postgres: verify, mysql: verify };
        let shop: &Artifacts = Box::leak(Box::new(Artifacts { validation_json: tables.leak(), verify_sql, ..*shop }));
        let ran = run(shop, &["services", "validate", "--database", &database.url(), "--json"]);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let differences = report["differences"].as_array().expect("a list");
        let named: Vec<_> = differences.iter().map(|difference| &difference["id"]).collect();
        assert_eq!(named, ["black", "green", "black", "white", "a/c"]);
    });
}

#[test]
fn a_database_that_cannot_be_read_is_an_issue() {
    let api = Api::of_shop(|_| {});
    for (url, says) in [
        (
            "sqlite:/nowhere/at/all.db",
            "the rows of the database cannot be compared: there is no file sqlite:/nowhere/at/all.db",
        ),
        ("postgres://me:hunter2@127.0.0.1:1/shop", "the rows of the database cannot be compared: "),
    ] {
        let ran = run(artifacts(&api), &["services", "validate", "--database", url]);
        assert!(ran.code == 1 && ran.out.contains(says) && !ran.out.contains("hunter2"), "{}{}", ran.out, ran.err);
    }
    assert!(api.asked().iter().all(|asked| asked.method == Method::GET));
}

#[test]
fn every_row_that_differs_is_an_issue_of_its_product_and_the_state_is_none() {
    on_every_database(|database| {
        let api = Api::of_shop(|_| {});
        let url = database.url();
        let arguments = ["services", "validate", "--database", &url, "--json"];
        let found = || {
            let report: serde_json::Value = serde_json::from_str(&run(artifacts(&api), &arguments).out).expect("JSON");
            report["differences"].clone()
        };
        assert_eq!(found(), serde_json::json!([]));
        database.execute("INSERT INTO teas VALUES ('green', 'Red', 450, TRUE)");
        let drift = serde_json::json!([
            { "kind": "tea", "id": "green", "field": "price_tables", "message": TEAS_SAYS },
        ]);
        assert_eq!(found(), drift);
    });
}

#[test]
fn a_server_watches_the_rows_of_its_own_environment() {
    on_every_database(|database| {
        let api = Api::of_shop(|_| {});
        database.execute(ROWS);
        change(database);
        let pool = DatabaseUrl::parse(&database.url()).expect("a URL");
        let pool = api.runtime.block_on(Pool::open_many(&pool, 4)).expect("it opens");
        let noon: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().expect("a time");
        let look = |environment: &str, minutes: i64| {
            let variables =
                [("PRICEBOOK_ENVIRONMENT", environment), ("PRICEBOOK_LIVE_CHECK_ENVIRONMENTS", "production")];
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let settings = Settings::read(variables, &["production", "staging"]).expect("settings");
            let alerts = Alerts::new(&settings.alerts).expect("channels");
            let watcher = Watcher::new(artifacts(&api), &settings, alerts).expect("a watch").expect("a live URL");
            let round = watcher.round(&pool, noon + TimeDelta::minutes(minutes));
            let status = &api.runtime.block_on(round).expect("a round")[0];
            (status.equal, status.differences)
        };
        assert_eq!(look("production", 0), (false, 1));
        let told = database.query("SELECT differences FROM live_checks");
        assert!(told.len() == 1 && told[0].contains(SAYS), "{told:?}");
        assert!(look("staging", 15).0, "the database of another environment tells nothing of it");
        database.execute("UPDATE catalog_price_amounts SET unit_amount = '450'");
        assert_eq!(look("production", 30), (true, 0));
        database.execute("INSERT INTO teas VALUES ('green', 'Red', 450, TRUE)");
        assert_eq!(look("production", 45), (false, 1), "a row without a price");
        assert!(
            database.query("SELECT differences FROM live_checks ORDER BY checked_at DESC LIMIT 1")[0]
                .contains(TEAS_SAYS)
        );
    });
}
