//! Rows of what is sold no more, was renamed or lost a part: they are taken from sale, and stay or go.

use pricebook_emit::sql;
use pricebook_model::Lock;
use pricebook_model::migrate::{own_schema, with_column_order};
use pricebook_types::Dialect;

use crate::catalogs::{one_file, small, small_after};
use crate::sql_databases::on_every_database;
use crate::sql_rows::{NO_ROWS, create_tables, generated};

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea: { plural: teas }
features:
  refill: { name: Refills, type: quantity }
  warm: { name: Warm, type: switch }
teas:
  green:
    name: Green tea
    prices: { monthly: { amount: 4.50, currencies: { eur: 4.00 } } }
    features: { refill: 3, warm: true }
  black: { name: Black tea, prices: { monthly: 5.00 }, features: { warm: true } }
coupons:
  spring: { name: Spring, percent_off: 10, duration: once, promotion_codes: [{ code: SPRING }, { code: APRIL }] }
";

#[test]
fn what_is_retired_is_taken_from_sale_and_stays() {
    let before = small(SHOP);
    let text = SHOP.replace("  black: { name: Black tea, prices: { monthly: 5.00 }, features: { warm: true } }\n", "");
    let text = text.split("coupons:").next().expect("a catalog").to_owned() + "retired: [tea/black, coupon/spring]\n";
    let after = small(&text);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        let verify = generated(&after, database.dialect, "verify.sql");
        let found = database.rows(&verify).await;
        let found: Vec<_> =
            found.iter().map(|row| row[..3].iter().flatten().cloned().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            found,
            [
                "teas black active",
                "catalog_prices tea_black_monthly active",
                "catalog_coupons spring active",
                "catalog_promotion_codes APRIL active",
                "catalog_promotion_codes SPRING active",
                "catalog_state shop catalog_hash",
            ]
        );
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let sold = format!("SELECT id FROM teas WHERE {on}");
        assert_eq!(database.values(&sold).await, ["green"]);
        assert_eq!(database.values("SELECT count(*) FROM teas").await, ["2"]);
        assert_eq!(database.values("SELECT revision FROM catalog_state").await, ["2"]);
    });
}

#[test]
fn what_is_renamed_is_sold_under_its_new_id_only() {
    let before = small(SHOP);
    let text = SHOP.replace("  black: { name: Black tea,", "  dark: { was: black, name: Black tea,");
    let after = small(&text);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&after, database.dialect, "verify.sql")).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        assert_eq!(database.values(&format!("SELECT id FROM teas WHERE {on} ORDER BY id")).await, ["dark", "green"]);
        let sold = format!("SELECT product_id FROM catalog_prices WHERE {on} AND product_id IN ('black', 'dark')");
        assert_eq!(database.values(&sold).await, ["dark"]);
        assert_eq!(database.values("SELECT count(*) FROM teas").await, ["3"]);
    });
}

#[test]
fn what_only_the_lock_remembers_is_taken_from_sale() {
    let before = small(SHOP);
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let moved = SHOP
        .replace("  black: { name: Black tea,", "  dark: { was: black, name: Black tea,")
        .replace("{ plural: teas }", "{ plural: teas, lookup_key: \"{id}_{price}\" }");
    let retired = "retired: [price/tea_green_monthly, price/tea_black_monthly]\n";
    let lock = lock.recorded(&small_after(&(moved.clone() + retired), &lock));
    // What was recorded needs no word in the YAML any more.
    let text = moved.replace("was: black, ", "");
    let after = small_after(&text, &lock);
    assert_eq!(after.hash, small_after(&text, &lock).hash, "the same catalog and lock");
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&after, database.dialect, "verify.sql")).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        assert_eq!(database.values(&format!("SELECT id FROM teas WHERE {on} ORDER BY id")).await, ["dark", "green"]);
        let sold = format!("SELECT lookup_key FROM catalog_prices WHERE {on} ORDER BY lookup_key");
        assert_eq!(database.values(&sold).await, ["dark_monthly", "green_monthly"]);
        assert_eq!(database.values("SELECT count(*) FROM catalog_prices").await, ["4"]);
    });
}

#[test]
fn parts_that_an_owner_no_longer_has_go() {
    let before = small(SHOP);
    let text =
        SHOP.replace(", currencies: { eur: 4.00 }", "").replace("refill: 3, ", "").replace(", { code: APRIL }", "");
    let after = small(&text);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        let verify = generated(&after, database.dialect, "verify.sql");
        let found = database.rows(&verify).await;
        let found: Vec<_> = found
            .iter()
            .map(|row| row.iter().map(|text| text.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(" "))
            .collect();
        insta::allow_duplicates! { insta::assert_snapshot!(found[1..4].join("\n"), @r"
        catalog_price_amounts tea_green_monthly/eur/1970-01-01/0 - - up_to NULL, unit_amount 400, flat_amount NULL, is_default false, tax_behavior unspecified
        catalog_product_features tea/green/refill - - quantity 3, unlimited false
        catalog_promotion_codes APRIL active false true
        ") };
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        assert_eq!(database.values("SELECT count(*) FROM catalog_price_amounts").await, ["2"]);
        assert_eq!(database.values("SELECT feature_id FROM catalog_product_features").await, ["warm", "warm"]);
    });
}

#[test]
fn rows_get_other_keys_in_another_table_only() {
    let table =
        "{ columns: { id: { type: text(255), from: id, key: true }, active: { type: boolean, from: active } } }";
    let shop = SHOP.replace("{ plural: teas }", &format!("{{ plural: teas, table: {table} }}"));
    let before = small(&shop);
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let by_name = shop.replace("from: id,", "from: name,");
    let report = pricebook_model::compile(one_file(&by_name), &pricebook_emit::limits(), Some(&lock)).unwrap_err();
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["key-of-another-source"], "{report}");

    let text = by_name.replace("table: {", "table: { name: teas_by_name,");
    let migrated = small(&text);
    let to = with_column_order(own_schema(&migrated), &lock.schema);
    let after = small_after(&text, &Lock { schema: to.clone(), ..lock.clone() });
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        database.run(&sql::migration(database.dialect, &lock.schema, &to)).await;
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&after, database.dialect, "verify.sql")).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let sold = format!("SELECT id FROM teas_by_name WHERE {on} ORDER BY id");
        assert_eq!(database.values(&sold).await, ["Black tea", "Green tea"]);
    });
}

#[test]
fn rows_under_former_names_are_taken_from_sale() {
    let table =
        "{ columns: { name: { type: text(255), from: name, key: true }, active: { type: boolean, from: active } } }";
    let shop = SHOP.replace("{ plural: teas }", &format!("{{ plural: teas, table: {table} }}"));
    let before = small(&shop);
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let black = "  black: { name: Black tea, prices: { monthly: 5.00 }, features: { warm: true } }\n";
    let text = shop.replace("name: Green tea", "name: Sencha").replace(black, "") + "retired: [tea/black]\n";
    let after = small_after(&text, &lock);
    let lock = lock.recorded(&after);
    let keys: Vec<_> = lock.items.iter().filter(|item| item.what == "tea").flat_map(|item| &item.keys).collect();
    assert_eq!(keys, ["Black tea", "Green tea", "Sencha"]);
    assert_eq!(after.hash, small_after(&text, &lock).hash, "what is recorded says nothing new");
    let back = small_after(&text.replace("name: Sencha", "name: Green tea"), &lock);
    let written = sql::written(&before, &after, "2026-01-01");
    let written: Vec<_> = written.iter().filter(|row| row.table == "teas").map(|row| row.key[0].as_str()).collect();
    assert_eq!(written, ["Sencha", "Green tea", "Black tea"]);
    on_every_database(async |database| {
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let sold = format!("SELECT name FROM teas WHERE {on}");
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        let verify = generated(&after, database.dialect, "verify.sql");
        let found = database.rows(&verify).await;
        let found: Vec<_> = found.iter().filter(|row| row[0].as_deref() == Some("teas")).collect();
        let row = |cells: [Option<&str>; 5]| cells.map(|cell| cell.map(str::to_owned)).to_vec();
        assert_eq!(
            found,
            [
                &row([Some("teas"), Some("Sencha"), None, None, None]),
                &row([Some("teas"), Some("Black tea"), Some("active"), Some("false"), Some("true")]),
                &row([Some("teas"), Some("Green tea"), Some("active"), Some("false"), Some("true")]),
            ]
        );
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        assert_eq!(database.values(&sold).await, ["Sencha"]);
        database.run(&generated(&back, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&back, database.dialect, "verify.sql")).await, NO_ROWS);
        assert_eq!(database.values(&sold).await, ["Green tea"]);
        assert_eq!(database.values("SELECT count(*) FROM teas").await, ["3"]);
    });
}

#[test]
fn a_price_that_its_product_no_longer_has_is_taken_from_sale() {
    let with_prices = |more: &str| SHOP.replace("prices: { monthly: 5.00 }", &format!("prices: {{ monthly: {more} }}"));
    let before = small(&with_prices("5.00, weekly: 2.00, former: { interval: month, amount: 4.00 }"));
    let kept = "{ amount: 5.00, grandfathered: [{ key: former, amount: 4.00 }] }";
    let after = small(&with_prices(kept));
    // What the lock remembers is told once, too.
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let remembering = small_after(
        &with_prices(kept),
        &lock.recorded(&small_after(&(with_prices(kept) + "retired: [price/tea_black_weekly]\n"), &lock)),
    );
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        let columns = "(lookup_key, kind, product_id, price_key, local_id, label)";
        database
            .run(&format!(
                "INSERT INTO catalog_prices {columns} VALUES ('other', 'tea', 'white', 'weekly', 'other', 'Other')"
            ))
            .await;
        let taken = ["catalog_prices", "tea_black_weekly", "active", "false", "true"].map(|text| Some(text.to_owned()));
        for catalog in [&after, &remembering] {
            let found = database.rows(&generated(catalog, database.dialect, "verify.sql")).await;
            assert_eq!(found.iter().filter(|row| row[1] == taken[1]).collect::<Vec<_>>(), [&taken.to_vec()], "once");
        }
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&after, database.dialect, "verify.sql")).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let sold = format!("SELECT lookup_key FROM catalog_prices WHERE {on} ORDER BY lookup_key");
        assert_eq!(database.values(&sold).await, ["other", "tea_black_monthly", "tea_green_monthly"]);
        let replaced = "SELECT lookup_key FROM catalog_prices WHERE replaced_by = 'monthly'";
        assert_eq!(database.values(replaced).await, ["tea_black_former"], "it is grandfathered");
        let amounts = "SELECT count(*) FROM catalog_price_amounts WHERE lookup_key = 'tea_black_weekly'";
        assert_eq!(database.values(amounts).await, ["1"], "what it cost stays");
    });
}
