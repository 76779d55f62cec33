//! Rows that somebody put in by hand: parts of what the catalog has are removed and told, everything else is told and stays.

use std::path::Path;

use pricebook_types::Dialect;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use crate::services::{Shop, execute};
use crate::sql_databases::{Database, on};

/// The shop after a sync, and its database.
fn on_every_database(test: impl AsyncFn(&Shop, &mut Database)) {
    for dialect in Dialect::ALL {
        on(dialect, async |database| {
            let shop = Shop::new(database);
            shop.run(0, &["migrate", "up"]);
            shop.run(0, &["services", "sync", "local"]);
            test(&shop, database).await;
        });
    }
}

async fn by_hand(shop: &Shop, database: &mut Database, sql: &'static str) {
    match database.dialect {
        Dialect::Sqlite => execute(&shop.folder.path().join("shop.db"), sql).await,
        _ => database.run(sql).await,
    }
}

/// What a run has changed, as its row says.
async fn changes(shop: &Shop, database: &mut Database, run: &str) -> Value {
    let query = format!("SELECT changes FROM catalog_sync_runs WHERE id = '{run}'");
    let texts = match database.dialect {
        Dialect::Sqlite => vec![column(&shop.folder.path().join("shop.db"), query).await],
        _ => database.values(&query).await,
    };
    serde_json::from_str(&texts[0]).expect("JSON")
}

async fn column(file: &Path, query: String) -> String {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.expect("the database");
    let row = sqlx::raw_sql(AssertSqlSafe(query)).fetch_one(&mut connection).await.expect("a row");
    row.try_get_unchecked(0).expect("a text")
}

fn text(shop: &Shop, code: i32, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&shop.run(code, arguments).stdout).into_owned()
}

const AMOUNT: &str = "INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on, tier_number, unit_amount)
VALUES ('plan_starter_monthly', 'gbp', '2020-01-01', 0, '1')";
const ROW: &str = "plan_starter_monthly/gbp/2020-01-01/0";
const HOLDS: &str = "up_to NULL, unit_amount 1, flat_amount NULL, is_default false, tax_behavior unspecified";

#[test]
fn a_part_that_its_owner_does_not_have_is_removed_and_told_everywhere_with_its_values() {
    on_every_database(async |shop, database| {
        by_hand(shop, database, AMOUNT).await;
        let counts = json!({ "inserted": 0, "updated": 0, "deactivated": 0, "removed": 1 });
        let removed =
            json!({ "table": "catalog_price_amounts", "row": ROW, "column": null, "old": HOLDS, "new": null });
        let plan = shop.report(2, &["services", "plan", "local"]);
        assert_eq!((&plan["rows"], &plan["differences"], &plan["unknown"]), (&counts, &json!([removed]), &json!([])));
        let told = text(shop, 2, &["services", "plan", "local"]);
        assert!(told.contains("1 row would change: 0 inserted, 0 updated, 0 deactivated, 1 removed"), "{told}");
        assert!(told.contains(ROW) && told.contains(" → removed\n"), "{told}");

        let synced = shop.report(0, &["services", "sync", "local"]);
        assert_eq!((&synced["rows"], &synced["differences"]), (&counts, &json!([removed])));
        let log = std::fs::read_to_string(synced["log"].as_str().expect("a log")).expect("the log");
        assert!(log.contains(HOLDS) && log.contains("1 removed"), "{log}");
        let backup = std::fs::read_to_string(synced["backup"]["file"].as_str().expect("a backup")).expect("the backup");
        assert!(backup.contains("2020-01-01"), "the backup holds the row");
        shop.run(0, &["services", "restore", synced["backup"]["file"].as_str().expect("a backup"), "local"]);
        assert_eq!(shop.report(2, &["services", "plan", "local"])["rows"], counts, "it is there again");
    });
}

/// A row of every table, none of which belongs to anything of the catalog.
const UNKNOWN: &str = "
INSERT INTO services (id, name, active) VALUES ('handmade', 'By hand', FALSE);
INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label)
VALUES ('hand', 'hand', 'made', 'x', 'x', 'x');
INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on) VALUES ('hand', 'usd', '1970-01-01');
INSERT INTO catalog_features (id, name, kind, active) VALUES ('handy', 'By hand', 'switch', FALSE);
INSERT INTO catalog_product_features (kind, product_id, feature_id) VALUES ('plan', 'handplan', 'handy');
INSERT INTO catalog_coupons (id, name, percent_off, duration) VALUES ('handc', 'By hand', 90, 'forever');
INSERT INTO catalog_coupon_amounts (coupon_id, currency, amount_off) VALUES ('handc', 'usd', 1);
INSERT INTO catalog_promotion_codes (code, coupon_id) VALUES ('FREE90', 'handc')";

#[test]
fn rows_of_every_table_that_the_catalog_does_not_know_are_told_and_stay() {
    on_every_database(async |shop, database| {
        assert_eq!(shop.report(0, &["services", "plan", "local"])["unknown"], json!([]), "what was retired is known");
        by_hand(shop, database, UNKNOWN).await;
        let row = |table: &str, row: &str, for_sale| json!({ "table": table, "row": row, "for_sale": for_sale });
        let unknown = Value::from(vec![
            row("catalog_prices", "hand", true),
            row("catalog_coupons", "handc", true),
            row("catalog_promotion_codes", "FREE90", true),
            row("services", "handmade", false),
            row("catalog_price_amounts", "hand/usd/1970-01-01/0", false),
            row("catalog_features", "handy", false),
            row("catalog_product_features", "plan/handplan/handy", false),
            row("catalog_coupon_amounts", "handc/usd", false),
        ]);
        let plan = shop.report(0, &["services", "plan", "local"]);
        assert_eq!((&plan["unknown"], &plan["differences"]), (&unknown, &json!([])));
        let told = text(shop, 0, &["services", "verify", "local"]);
        assert!(
            told.contains("left alone: catalog_promotion_codes FREE90 is for sale and not in the catalog"),
            "{told}"
        );
        assert!(told.ends_with("every row that the catalog knows is as it says\n"), "{told}");
        by_hand(shop, database, "UPDATE services SET name = 'spoilt' WHERE id = 'market-essentials'").await;
        assert_eq!(shop.report(0, &["services", "sync", "local"])["unknown"], unknown);
        assert_eq!(shop.report(0, &["services", "plan", "local"])["unknown"], unknown, "they stay");
    });
}

#[test]
fn the_values_of_new_rows_are_shown_before_the_question_and_kept_in_log_and_record() {
    on_every_database(async |shop, database| {
        by_hand(shop, database, "DELETE FROM catalog_price_amounts WHERE lookup_key = 'plan_starter_monthly'").await;
        let told = text(shop, 0, &["services", "sync", "local"]);
        assert!(told.contains("missing → inserted: unit_amount 2900, is_default 1"), "{told}");
        by_hand(shop, database, "DELETE FROM catalog_price_amounts").await;
        let synced = shop.report(0, &["services", "sync", "local"]);
        let inserted = synced["rows"]["inserted"].as_u64().expect("a number");
        assert!(inserted > 20, "more than a screen lists: {inserted}");
        let log = std::fs::read_to_string(synced["log"].as_str().expect("a log")).expect("the log");
        let lines = log
            .lines()
            .filter(|line| {
                line.contains("missing → inserted: unit_amount") || line.contains("missing → inserted: up_to")
            })
            .count();
        assert_eq!(lines as u64, inserted, "{log}");
        let run = synced["run"].as_str().expect("a run");
        let changes = changes(shop, database, run).await;
        let changes = changes.as_array().expect("a list");
        assert!(changes.iter().all(|change| change["values"].is_object()), "{changes:?}");
        let starter = changes.iter().find(|change| change["row"] == "plan_starter_monthly/usd/1970-01-01/0");
        assert_eq!(starter.expect("the row")["values"]["unit_amount"], "2900");
    });
}
